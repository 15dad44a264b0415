/**
 * Five ready looks. Each is what `mount` takes as `theme`: names without `--interview-relay-`, in camelCase.
 *
 * The contrasts are those of WCAG 2.2 AA: text, muted text, errors and confirmations 4.5:1 on the background and the
 * surface, the text on a button 4.5:1, outlines 3:1. tests/snippets/themes.test.mjs holds them to it.
 */
export const THEMES = [
  {
    id: 'larkspur',
    name: 'Larkspur',
    about: 'The widget as it comes, in the light.',
    theme: {
      colorScheme: 'light',
      accent: '#4338ca', accentText: '#ffffff', background: '#ffffff', surface: '#ffffff', text: '#17181c', muted: '#5a5f6b',
      border: '#8a8f9c', line: '#e3e5ea', danger: '#b3261e', good: '#12734a', radius: '0.625em',
      font: 'ui-sans-serif, system-ui, sans-serif',
    },
  },
  {
    id: 'midnight',
    name: 'Midnight',
    about: 'Dark blue, soft corners.',
    theme: {
      colorScheme: 'dark',
      accent: '#8ab4ff', accentText: '#0a1730', background: '#0f1626', surface: '#182238', text: '#eef2fb', muted: '#a8b3ca',
      border: '#6d7b98', line: '#26324c', danger: '#ffb3ab', good: '#86dfb4', radius: '1em',
      font: 'ui-sans-serif, system-ui, sans-serif',
    },
  },
  {
    id: 'paper',
    name: 'Paper',
    about: 'Warm, with a book’s letters.',
    theme: {
      colorScheme: 'light',
      accent: '#8a3b12', accentText: '#ffffff', background: '#fbf6ea', surface: '#fffdf6', text: '#2b2118', muted: '#665748',
      border: '#94816c', line: '#e8dcc4', danger: '#a3211b', good: '#2f6b2a', radius: '2px',
      font: 'Georgia, "Iowan Old Style", "Noto Serif", serif',
    },
  },
  {
    id: 'forest',
    name: 'Forest',
    about: 'Green and round.',
    theme: {
      colorScheme: 'light',
      accent: '#0b6e4f', accentText: '#ffffff', background: '#f3f9f4', surface: '#ffffff', text: '#10231b', muted: '#4a6156',
      border: '#7a9186', line: '#d6e6dc', danger: '#b3261e', good: '#0b6e4f', radius: '1.5em',
      font: 'ui-rounded, "Nunito", system-ui, sans-serif',
    },
  },
  {
    id: 'contrast',
    name: 'Contrast',
    about: 'Black, white and yellow, for screens in the sun.',
    theme: {
      colorScheme: 'dark',
      accent: '#ffd60a', accentText: '#000000', background: '#000000', surface: '#000000', text: '#ffffff', muted: '#e2e2e2',
      border: '#ffffff', line: '#6b6b6b', danger: '#ffb4a9', good: '#8ef0b9', radius: '0',
      font: 'ui-sans-serif, system-ui, sans-serif',
    },
  },
];

/** What the editor can change, with the words beside the field. */
export const COLORS = {
  accent: 'Buttons and what is chosen',
  accentText: 'Text on buttons',
  background: 'Background',
  surface: 'Fields and choices',
  text: 'Text',
  muted: 'Help and small text',
  border: 'Outlines of fields',
  line: 'Faint lines',
  danger: 'What is wrong',
  good: 'What went well',
};

/** Which colours have to stand out from which, and by how much (WCAG 2.2, 1.4.3 and 1.4.11). */
export const CONTRASTS = [
  ['text', 'background', 4.5], ['text', 'surface', 4.5], ['muted', 'background', 4.5], ['muted', 'surface', 4.5],
  ['accentText', 'accent', 4.5], ['danger', 'background', 4.5], ['good', 'background', 4.5],
  ['border', 'background', 3], ['accent', 'background', 3],
];

/** The contrast of two colours written as `#rrggbb`, from 1 to 21. Source: WCAG 2.2, "contrast ratio". */
export function contrast(one, other) {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(color) {
  const channel = (start) => {
    const value = Number.parseInt(color.slice(start, start + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}

/** Pairs of colours of a theme that are too alike: `[{front, back, ratio, needed}]`. */
export const faults = (theme) =>
  CONTRASTS.map(([front, back, needed]) => ({ front, back, needed, ratio: contrast(theme[front], theme[back]) })).filter(({ ratio, needed }) => ratio < needed);

/** The custom property of a name. */
export const property = (name) => `--interview-relay-${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** The theme as a customer's style sheet has it. */
export function css({ colorScheme, ...values }) {
  const lines = Object.entries(values).map(([name, value]) => `  ${property(name)}: ${value};`);
  return `#interview-container {\n${lines.join('\n')}\n}`;
}

/** The theme as a customer's script has it. */
export const script = (theme) => `InterviewRelay.mount('#interview-container', {\n  inviteToken,\n  theme: ${JSON.stringify(theme, null, 2).replaceAll('\n', '\n  ')},\n});`;
