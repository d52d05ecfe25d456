/** Letters in pictures: how wide they are, and rows of them that explain what is what. */

import { compose, type Drawing, FONT_SIZE } from '../figure.ts';
import { escapeText } from '../html.ts';
import { muted } from '../palette.ts';
import { shortened } from '../words.ts';

/** Mean width of a letter as a share of its size, a little on the safe side. */
const LETTER = 0.58;
const LEGEND_LINE = 20;
const SWATCH = 22;

/** About how many pixels a text takes. */
export function textWidth(text: string, size = FONT_SIZE): number {
  return [...text].length * size * LETTER;
}

/** Room for labels at the left of a plot: what they need, but no more than a share of it. */
export function labelMargin(labels: readonly string[], width: number, share = 0.42): number {
  const widest = Math.max(0, ...labels.map((label) => textWidth(label)));
  return Math.ceil(Math.min(widest + 14, width * share));
}

/** A label cut to the room that `labelMargin` left for it. */
export function fitted(label: string, margin: number): string {
  return shortened(label, Math.floor((margin - 12) / (FONT_SIZE * LETTER)));
}

/** A line of text as a drawing; the rest is not shown where it does not fit. */
export function caption(
  text: string,
  width: number,
  { bold = false, color = 'currentColor', height = 22 } = {},
): Drawing {
  const most = Math.floor(width / (FONT_SIZE * LETTER * (bold ? 1.08 : 1)));
  const weight = bold ? ' font-weight="600"' : '';
  const content = `<text x="0" y="${height - 8}" text-anchor="start" fill="${color}"${weight}>${escapeText(shortened(text, most))}</text>`;
  return { width, height, content };
}

/** The name of a horizontal axis that begins at `left`: below its middle, or where there is room. */
export function axisName(text: string, left: number, width: number): Drawing {
  const name = shortened(text, Math.floor(width / (FONT_SIZE * LETTER)));
  const half = textWidth(name) / 2;
  const middle = Math.max(half, Math.min(width - half, (left + width) / 2));
  const content = `<text x="${Math.round(middle)}" y="10" fill="${muted}">${escapeText(name)}</text>`;
  return { width, height: 18, content };
}

/** How a thing is drawn in a plot, and so in its legend. */
export interface Key {
  readonly name: string;
  readonly color: string;
  readonly mark: 'dot' | 'line' | 'ring' | 'bar';
}

/** What the colours and marks mean, in as many lines as it takes. */
export function legend(keys: readonly Key[], width: number): Drawing {
  let [x, y] = [0, 0];
  const parts = keys.map((key) => {
    const name = shortened(key.name, Math.floor((width - SWATCH) / (FONT_SIZE * LETTER)));
    const wide = SWATCH + textWidth(name) + 12;
    if (x > 0 && x + wide > width) [x, y] = [0, y + LEGEND_LINE];
    const at = [x, y] as const;
    x += wide;
    const text = `<text x="${SWATCH - 3}" y="13" text-anchor="start" fill="${muted}">${escapeText(name)}</text>`;
    return [...at, { width: wide, height: LEGEND_LINE, content: swatch(key) + text }] as const;
  });
  return compose(width, keys.length === 0 ? 0 : y + LEGEND_LINE + 4, parts);
}

function swatch({ color, mark }: Key): string {
  if (mark === 'line')
    return `<path d="M1,9h15" stroke="${color}" stroke-width="2.5" fill="none"/>`;
  if (mark === 'bar') return `<rect x="2" y="4" width="12" height="10" fill="${color}"/>`;
  if (mark === 'ring')
    return `<path d="M8,3.5L13.5,9L8,14.5L2.5,9Z" stroke="${color}" stroke-width="1.5" fill="none"/>`;
  return `<circle cx="8" cy="9" r="4.5" fill="${color}"/>`;
}
