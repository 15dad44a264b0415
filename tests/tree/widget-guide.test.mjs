/** docs/widget.md names all that the widget has, and nothing that it has not. */

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { root } from '../support/server.mjs';
import { namesInTable, readWidgetGuide } from '../support/widget-guide.mjs';

const read = (path) => readFileSync(join(root, path), 'utf8');
const guide = readWidgetGuide();
const types = read('widget/npm/index.d.ts');
const style = read('widget/src/style.css');

/** The source of a declaration, to the first line that ends it. */
function declaration(start, end) {
  const from = types.indexOf(start);
  assert.ok(from >= 0, `index.d.ts has "${start}"`);
  return types.slice(from, types.indexOf(end, from));
}

const membersOf = (source) => [...new Set([...source.matchAll(/^ +(?:\| )?(?:\{ )?(?:readonly )?(\w+)(?:<[^>]*>)?[?]?[:(]/gm)].map(([, name]) => name))];
const sorted = (names) => [...new Set(names)].sort();

test('every option is in its table, and no other', () => {
  const declarations = [['export interface CommonOptions', '\n}'], ['export type TokenOptions', ';\n\n'], ['export interface BegunOptions', '\n}']];
  const options = declarations.flatMap(([start, end]) => membersOf(declaration(start, end)));
  assert.ok(options.length >= 16, options.join(' '));
  assert.deepEqual(sorted(namesInTable(guide, '| option |')), sorted(options));
});

test('every value of mode and isolation is said', () => {
  for (const name of ['Mode', 'Isolation', 'ColorScheme']) {
    const values = [...declaration(`export type ${name} =`, ';').matchAll(/"(\w+)"/g)].map(([, value]) => value);
    assert.equal(values.length, 3);
    const told = namesInTable(guide, '| option |', 1);
    assert.deepEqual(values.filter((value) => !told.includes(`'${value}'`)), []);
  }
});

test('every member of the handle is in its table', () => {
  const told = namesInTable(guide, '| member |').map((name) => name.replace(/\(.*/, ''));
  assert.deepEqual(sorted(told), sorted(membersOf(declaration('export interface MountedInterview', '\n}'))));
});

test('every event is in its table, with its details and its DOM event', () => {
  const source = declaration('export interface EventDetails', '\n}');
  const events = membersOf(source);
  assert.equal(events.length, 7);
  assert.deepEqual(namesInTable(guide, '| event |'), events);
  assert.deepEqual(namesInTable(guide, '| event |', 3), events.map((name) => `interview-relay-${name}`));
  const details = namesInTable(guide, '| event |', 1);
  for (const [index, name] of events.entries()) {
    const members = [...(new RegExp(`^  ${name}: \\{ (.*) \\}`, 'm').exec(source)?.[1] ?? '').matchAll(/(\w+):/g)].map(([, member]) => member);
    assert.deepEqual([...details[index].matchAll(/\w+/g)].map(([member]) => member), members, name);
  }
});

test('every code of an error is in its table', () => {
  const codes = [...declaration('export type ErrorCode =', ';\n').matchAll(/"(\w+)"/g)].map(([, code]) => code);
  assert.ok(codes.length >= 9);
  assert.deepEqual(sorted(namesInTable(guide, '| code |')), sorted(codes));
});

test('every custom property is in its table, with its name in a theme, and is read by the style sheet', () => {
  const read = sorted([...style.matchAll(/var\((--interview-relay-[\w-]+)/g)].map(([property]) => property.slice(4)));
  assert.deepEqual(sorted(namesInTable(guide, '| custom property |')), read);
  const camelCase = (property) => property.slice('--interview-relay-'.length).replace(/-(\w)/g, (_, letter) => letter.toUpperCase());
  assert.deepEqual(namesInTable(guide, '| custom property |', 1), namesInTable(guide, '| custom property |').map(camelCase));
  const members = membersOf(declaration('export interface Theme', '\n}')).filter((name) => name !== 'colorScheme');
  assert.deepEqual(sorted(namesInTable(guide, '| custom property |', 1)), sorted(members));
  const named = sorted([...guide.matchAll(/--interview-relay-[a-z-]+/g)].map(([property]) => property));
  assert.deepEqual(named.filter((property) => !read.includes(property)), []);
});

test('every part is named, and every part that is named is there', () => {
  const sources = [...readdirSync(join(root, 'widget/src/components')).map((name) => `widget/src/components/${name}`), 'widget/npm/frame.js'];
  const parts = sources.flatMap((path) => [...read(path).matchAll(/\bpart(?:=|: )"([\w ]+)"/g)]).flatMap(([, names]) => names.split(' '));
  const [sentence] = /For more, style sheets reach parts:[^]*?\n\n/.exec(guide) ?? [''];
  const named = [...sentence.matchAll(/`(\w+)`/g)].map(([, name]) => name);
  assert.deepEqual(sorted(named), sorted(parts));
  const used = [...guide.matchAll(/::part\((\w+)\)/g)].map(([, name]) => name);
  assert.ok(used.length > 2);
  assert.deepEqual(used.filter((name) => !parts.includes(name)), []);
});

test('every attribute of the element is named', () => {
  const [, list] = /const ATTRIBUTES = \[(.*)\]/.exec(read('widget/npm/custom-element.js')) ?? [];
  const attributes = [...list.matchAll(/"([\w-]+)"/g)].map(([, name]) => name);
  const [sentence] = /\nAttributes: [^]*?\. A change/.exec(guide) ?? [''];
  assert.deepEqual(attributes.filter((name) => !sentence.includes(`\`${name}\``)), []);
});

test('what the guide says that the person sees is what the widget says', () => {
  const said = [...readdirSync(join(root, 'widget/locales')).filter((name) => name === 'en.ftl').map((name) => read(`widget/locales/${name}`)), read('widget/npm/media-texts.js'), read('widget/npm/core.js')].join('\n');
  const quoted = [...guide.matchAll(/“([^”]+)”/g)].map(([, text]) => text).filter((text) => text !== 'does not answer');
  assert.ok(quoted.length >= 10);
  assert.deepEqual(quoted.filter((text) => !said.includes(text)), []);
});

test('every heading that the guide points to is there', () => {
  const anchors = [...guide.matchAll(/^#+ (.+)$/gm)].map(([, text]) => text.toLowerCase().replace(/[^\w\- ]/g, '').replaceAll(' ', '-'));
  const targets = [...guide.matchAll(/\]\(#([\w-]+)\)/g)].map(([, target]) => target);
  assert.deepEqual(targets.filter((target) => !anchors.includes(target)), []);
});
