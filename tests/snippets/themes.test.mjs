/** The demo's ready looks can be read by everybody. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { contrast, css, faults, property, THEMES } from '../../demo-site/public/themes.mjs';

test('there are five looks, each with a name of its own', () => {
  assert.equal(THEMES.length, 5);
  assert.equal(new Set(THEMES.map(({ id }) => id)).size, 5);
});

for (const { name, theme } of THEMES) {
  test(`${name} keeps the contrasts of WCAG 2.2 AA`, () => {
    assert.deepEqual(faults(theme), []);
  });
}

test('a contrast is what WCAG says', () => {
  assert.equal(contrast('#000000', '#ffffff'), 21);
  assert.equal(contrast('#777777', '#777777'), 1);
  assert.ok(Math.abs(contrast('#767676', '#ffffff') - 4.54) < 0.01);
});

test('colours that are too alike are told, with what is needed', () => {
  const found = faults({ ...THEMES[0].theme, muted: '#dddddd' });
  assert.deepEqual(found.map(({ front, back, needed }) => [front, back, needed]), [['muted', 'background', 4.5], ['muted', 'surface', 4.5]]);
});

test('a name becomes the custom property that the widget reads', () => {
  assert.equal(property('accentText'), '--interview-relay-accent-text');
  assert.match(css(THEMES[0].theme), /^#interview-container \{\n {2}--interview-relay-accent: #4338ca;\n/);
});
