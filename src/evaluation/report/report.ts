/** The report on a result: one page that needs nothing else, and its figures as files. */

import { cellsOf } from '../resultFile.ts';
import { type Figure, png, svg, svgFile } from './figure.ts';
import { type Html, html, trusted } from './html.ts';
import { sections } from './registry.ts';
import type { Page, ReportSource } from './section.ts';
import { styleSheet } from './style.ts';

/** Widths at which figures are drawn: for a page, and for a phone. */
const WIDE = 800;
const NARROW = 330;

export interface Report {
  /** The page, complete. */
  readonly html: string;
  readonly figures: readonly Figure[];
}

/** Writes the report. The same source gives the same bytes. */
export function writeReport(source: ReportSource): Report {
  const { result } = source;
  const figures: Figure[] = [];
  const page: Page = {
    ...source,
    cells: cellsOf(result),
    place: (figure) => {
      const placed = { ...figure, name: unusedName(fileName(figure.name), figures) };
      figures.push(placed);
      return figureHtml(placed);
    },
  };
  const written = sections.flatMap(({ id, title, write }) => {
    const content = write(page);
    return content === null ? [] : [{ id, title, content }];
  });
  const { title } = result;
  const document = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="revealed ${result.revealed}">
<link rel="icon" href="data:,">
<title>${title}</title>
<style>${trusted(styleSheet())}</style>
</head>
<body>
<header>
<p class="kicker">${result.study}</p>
<h1>${title}</h1>
<nav aria-label="Sections"><ul>${written.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>
</header>
<main>
${written.map(
  ({ id, title, content }) => html`<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${title}</h2>
${content}
</section>
`,
)}</main>
<footer><p>Written by revealed ${result.revealed} from result.json, which holds every number shown.</p></footer>
</body>
</html>
`;
  return { html: document.html, figures };
}

/** The files of a figure, by their ending; the pixels only where they are wanted. */
export function figureFiles(
  figure: Figure,
  withPng: boolean,
): { readonly svg: string; readonly png: Uint8Array | null } {
  const text = svgFile(figure, WIDE);
  return { svg: text, png: withPng ? png(text) : null };
}

/** Names of the figures of a page that `writeReport` wrote. */
export function figureNames(page: string): string[] {
  return [...page.matchAll(/<figure data-figure="([^"/\\\\]+)">/g)].map(([, name]) => name);
}

/** Methods may bear any name; a file may not. */
function fileName(name: string): string {
  return name.replace(/[^\p{L}\p{N}_-]+/gu, '-').slice(0, 80);
}

/** The name itself, or with a number where another figure has it. */
function unusedName(name: string, figures: readonly Figure[]): string {
  const isTaken = (candidate: string): boolean =>
    figures.some((figure) => figure.name.toLowerCase() === candidate.toLowerCase());
  let unused = name;
  for (let n = 2; isTaken(unused); n++) unused = `${name}-${n}`;
  return unused;
}

/** Both drawings of a figure; the style sheet shows the one that fits. */
function figureHtml({ name, title, caption, description, draw }: Figure): Html {
  return html`<figure data-figure="${name}">
<figcaption><strong>${title}.</strong> ${caption}</figcaption>
<div class="wide">${trusted(svg(draw(WIDE), `${title}. ${description}`))}</div>
<div class="narrow">${trusted(svg(draw(NARROW), `${title}. ${description}`))}</div>
</figure>
`;
}
