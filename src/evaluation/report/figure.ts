/**
 * Pictures as SVG text. A figure is drawn for a width, so that its letters keep their size on a
 * phone; the same drawing, coloured for white, is the file beside the report.
 */

import { createRequire } from 'node:module';
import * as Plot from '@observablehq/plot';
import { Resvg } from '@resvg/resvg-js';
import { parseHTML } from 'linkedom';
import { escapeText } from './html.ts';
import { onWhite, page } from './palette.ts';

/** Something to look at in a report. */
export interface Figure {
  /** Name of its file, without ending. */
  readonly name: string;
  /** What is seen, in a few words. */
  readonly title: string;
  /** How to read it. */
  readonly caption: string;
  /** What it shows, for those who do not see it. */
  readonly description: string;
  /** Draws it at a width in pixels. */
  readonly draw: (width: number) => Drawing;
}

/** A piece of a picture, to be put anywhere. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  /** SVG elements. */
  readonly content: string;
}

export const FONT_SIZE = 12;
const FONTS = "system-ui, -apple-system, 'Segoe UI', 'Helvetica Neue', 'DejaVu Sans', sans-serif";

const { document } = parseHTML('<!doctype html><html><body></body></html>');

/** Draws marks with Observable Plot. Width and height must be among the options. */
export function plot(options: Plot.PlotOptions & { width: number; height: number }): Drawing {
  const chart = Plot.plot({
    ...options,
    document: document as unknown as NonNullable<Plot.PlotOptions['document']>,
    style: { fontSize: `${FONT_SIZE}px` },
  });
  if (chart.tagName.toLowerCase() !== 'svg')
    throw new TypeError('Cannot draw: a plot must be a single picture, without legend or title');
  for (const style of chart.querySelectorAll('style')) style.remove();
  return { width: options.width, height: options.height, content: chart.innerHTML };
}

/** Puts drawings where they belong in a larger one. */
export function compose(
  width: number,
  height: number,
  parts: readonly (readonly [x: number, y: number, part: Drawing])[],
): Drawing {
  const content = parts.map(([x, y, part]) =>
    x === 0 && y === 0 ? part.content : `<g transform="translate(${x},${y})">${part.content}</g>`,
  );
  return { width, height, content: content.join('') };
}

/** Puts drawings below each other. */
export function stack(parts: readonly Drawing[]): Drawing {
  let height = 0;
  const placed = parts.map((part) => {
    const at = [0, height, part] as const;
    height += part.height;
    return at;
  });
  return compose(Math.max(...parts.map(({ width }) => width)), height, placed);
}

/** A finished picture, whose colours follow the page it stands on. */
export function svg({ width, height, content }: Drawing, description: string): string {
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="${escapeText(description)}" ` +
    `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" fill="currentColor" ` +
    `font-family="${FONTS}" font-size="${FONT_SIZE}" text-anchor="middle">${content}</svg>`
  );
}

/** The picture as a file of its own: on white, with the description as its title. */
export function svgFile(figure: Figure, width: number): string {
  const drawing = figure.draw(width);
  const margin = 12;
  const framed = compose(drawing.width + 2 * margin, drawing.height + 2 * margin, [
    [margin, margin, drawing],
  ]);
  const background = `<rect width="${framed.width}" height="${framed.height}" fill="${page}"/>`;
  const titled = {
    ...framed,
    content: `<title>${escapeText(figure.title)}</title>${background}${framed.content}`,
  };
  return `${onWhite(svg(titled, figure.description))}\n`;
}

const require = createRequire(import.meta.url);

/** Renders a picture that stands alone at twice its size, with letters that ship with the program. */
export function png(svgText: string): Uint8Array {
  const fonts = [
    require.resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf'),
    require.resolve('dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf'),
  ];
  const text = svgText.replaceAll(FONTS, 'DejaVu Sans');
  return new Resvg(text, {
    font: { fontFiles: fonts, loadSystemFonts: false, defaultFontFamily: 'DejaVu Sans' },
    fitTo: { mode: 'zoom', value: 2 },
  })
    .render()
    .asPng();
}
