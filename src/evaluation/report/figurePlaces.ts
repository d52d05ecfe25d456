/** Where the figures of a report go: into the page at two widths, and into a list for files. */

import { type Figure, svg } from './figure.ts';
import { type Html, html, trusted } from './html.ts';

/** Widths at which figures are drawn: for a page, and for a phone. */
export const WIDE = 800;
const NARROW = 330;

export interface FigurePlaces {
  /** Those placed so far, each with a name of its own. */
  readonly figures: readonly Figure[];
  /** Takes a figure into the report and returns it as part of the page. */
  readonly place: (figure: Figure) => Html;
}

export function figurePlaces(): FigurePlaces {
  const figures: Figure[] = [];
  return {
    figures,
    place(figure) {
      const placed = { ...figure, name: unusedName(fileName(figure.name), figures) };
      figures.push(placed);
      return figureHtml(placed);
    },
  };
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
