/**
 * Colours of the report, by role, on white and on dark. Figures name them as CSS variables, so that
 * one picture serves both; a picture that stands alone gets those for white.
 *
 * The series are told apart by people who do not see all colours, and reach a contrast of 3 : 1
 * with the page; text reaches 4.5 : 1.
 */

interface Palette {
  readonly page: string;
  readonly panel: string;
  readonly ink: string;
  readonly muted: string;
  readonly line: string;
  readonly good: string;
  readonly bad: string;
  readonly warn: string;
  readonly series: readonly string[];
  /** From little, near the page, to much. */
  readonly steps: readonly string[];
}

const light: Palette = {
  page: '#ffffff',
  panel: '#f5f6f8',
  ink: '#1c2530',
  muted: '#566273',
  line: '#d5dae1',
  good: '#1a7f4b',
  bad: '#b42318',
  warn: '#8a5a00',
  series: ['#1f5fae', '#c4560f', '#2b8a6b', '#8a4fb0', '#9a7b14', '#b8386e', '#4b5b6e'],
  // ColorBrewer's YlGnBu, drawn out to ten.
  steps: [
    '#edf8b1',
    '#d0ecb4',
    '#a9ddb7',
    '#7accbb',
    '#4ab9c2',
    '#2a9fc0',
    '#2080b4',
    '#225ea8',
    '#243f97',
    '#0c2c6b',
  ],
};

const dark: Palette = {
  page: '#14181e',
  panel: '#1c222b',
  ink: '#e6eaf0',
  muted: '#a3aebd',
  line: '#343d4a',
  good: '#5cc98f',
  bad: '#ff8a7a',
  warn: '#e3b04b',
  series: ['#7db2f5', '#f5a05a', '#63c9a7', '#c79be8', '#d8bf5c', '#f08ab4', '#a9b6c6'],
  steps: [
    '#23306b',
    '#2b4a94',
    '#2d68a8',
    '#2a86ae',
    '#2ba3ad',
    '#45bda0',
    '#78d190',
    '#aadf86',
    '#d6e98c',
    '#f7f3a5',
  ],
};

/** Named colours of figures. */
export const ink = 'var(--ink)';
export const muted = 'var(--muted)';
export const line = 'var(--line)';
export const page = 'var(--page)';

/** The colour of the n-th of several things, the same for the same thing everywhere. */
export function seriesColor(n: number): string {
  return `var(--series-${(n % light.series.length) + 1})`;
}

/** The declarations of both palettes, as CSS. */
export function paletteCss(): string {
  return [
    `:root { color-scheme: light dark; ${declarations(light)} }`,
    `@media (prefers-color-scheme: dark) { :root { ${declarations(dark)} } }`,
    `@media print { :root { ${declarations(light)} } }`,
  ].join('\n');
}

/** Puts the colours for white in place of the variables. */
export function onWhite(svg: string): string {
  const values = new Map(entries(light));
  return svg
    .replace(/var\(--([\w-]+)\)/g, (whole, name: string) => values.get(name) ?? whole)
    .replaceAll('currentColor', light.ink);
}

function declarations(palette: Palette): string {
  return entries(palette)
    .map(([name, value]) => `--${name}: ${value};`)
    .join(' ');
}

function entries({ series, steps, ...roles }: Palette): [string, string][] {
  return [
    ...Object.entries(roles),
    ...series.map((color, n): [string, string] => [`series-${n + 1}`, color]),
    ...steps.map((color, n): [string, string] => [`step-${n + 1}`, color]),
  ];
}

/** The colour of a step from little to much, 0 … STEPS − 1. */
export function stepColor(step: number): string {
  return `var(--step-${step + 1})`;
}

/** How many steps there are. */
export const STEPS = light.steps.length;
