/** Tables that scroll by themselves where a page is narrow, with heads that machines can read. */

import { type Html, type HtmlValue, html } from './html.ts';
import { count } from './words.ts';

export interface TableWords {
  /** What the table holds; read out, and shown above it. */
  readonly caption: string;
  /** Columns, counted from 0, that hold words; the first does in any case. */
  readonly text?: readonly number[];
  /** Whether it is shown only when asked for. */
  readonly folded?: boolean;
}

/** A line of its own above the rows that belong to it. */
export interface RowGroup {
  readonly group: string;
}

/** @param rows the first cell of each is the row's head */
export function table(
  head: readonly HtmlValue[],
  rows: readonly (readonly HtmlValue[] | RowGroup)[],
  { caption, text = [], folded = false }: TableWords,
): Html {
  const words = (column: number): string =>
    column === 0 || text.includes(column) ? 'words' : 'number';
  const whole = html`<div class="scroll" role="region" tabindex="0" aria-label="${caption}"><table>
<caption><span>${caption}</span></caption>
<thead><tr>${head.map((cell, i) => html`<th scope="col" class="${words(i)}">${cell}</th>`)}</tr></thead>
<tbody>${rows.map((row) => {
    if ('group' in row)
      return html`<tr class="group"><th scope="rowgroup" colspan="${head.length}">${row.group}</th></tr>
`;
    const [name, ...cells] = row;
    return html`<tr><th scope="row">${name}</th>${cells.map((cell, i) => html`<td class="${words(i + 1)}">${cell}</td>`)}</tr>
`;
  })}</tbody>
</table></div>`;
  return folded
    ? html`<details><summary>${caption} (${count(rows.filter((row) => !('group' in row)).length, 'row')})</summary>${whole}</details>`
    : whole;
}

/** A tick or a cross, with its meaning for those who do not see it; nothing where nothing was judged. */
export function mark(passed: boolean | undefined): Html | string {
  if (passed === undefined) return '';
  return passed
    ? html`<span class="good" role="img" aria-label="within tolerance">✓</span>`
    : html`<span class="bad" role="img" aria-label="outside tolerance">✗</span>`;
}
