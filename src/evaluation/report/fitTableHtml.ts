/** Fits side by side as an HTML table, without any style of its own. */

import type { FitEntry, FitTable } from './fitTable.ts';
import { type Html, html } from './html.ts';

export function fitTableHtml({ columns, rows, measures, notes }: FitTable): Html {
  const entryCell = (entry: FitEntry | null): Html =>
    entry
      ? html`<td class="number">${entry.estimate}${entry.stars && html`<sup>${entry.stars}</sup>`}<br><small>(${entry.below})</small></td>`
      : html`<td></td>`;
  return html`<table class="fits">
<thead><tr><td></td>${columns.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>
${rows.map(
  ({
    parameter,
    entries,
  }) => html`<tr><th scope="row">${parameter}</th>${entries.map(entryCell)}</tr>
`,
)}</tbody>
<tbody class="measures">
${measures.map(
  ({ name, values }) =>
    html`<tr><th scope="row">${name}</th>${values.map((text) => html`<td class="number">${text}</td>`)}</tr>
`,
)}</tbody>
<tfoot>
${notes.map(
  (note) => html`<tr><td colspan="${columns.length + 1}">${note}</td></tr>
`,
)}</tfoot>
</table>
`;
}
