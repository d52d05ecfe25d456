/** The page that holds the sections of a report, and needs nothing else. */

import { type Html, html, trusted } from './html.ts';
import { styleSheet } from './style.ts';

/** A section that is written. */
export interface WrittenSection {
  /** Anchor in the page. */
  readonly id: string;
  readonly title: string;
  readonly content: Html;
}

/** As much of a result as stands at the head of its report. */
interface Headed {
  readonly revealed: string;
  readonly study: string;
  readonly title: string;
}

/** @param from what the page was written from, for its foot */
export function reportPage(
  result: Headed,
  written: readonly WrittenSection[],
  from = 'result.json, which holds every number shown',
): string {
  const { title } = result;
  return html`<!doctype html>
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
<footer><p>Written by revealed ${result.revealed} from ${from}.</p></footer>
</body>
</html>
`.html;
}
