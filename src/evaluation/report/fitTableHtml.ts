/** Fits side by side as an HTML table, without any style of its own. */

import type { FitEntry, FitTable } from './fitTable.ts';

export function fitTableHtml({ columns, rows, measures, notes }: FitTable): string {
  const head = columns.map((name) => `<th scope="col">${escapeHtml(name)}</th>`).join('');
  const cell = (entry: FitEntry | null): string =>
    entry
      ? `<td>${escapeHtml(entry.estimate)}${entry.stars ? `<sup>${entry.stars}</sup>` : ''}<br><small>(${escapeHtml(entry.below)})</small></td>`
      : '<td></td>';
  const body = rows.map(
    ({ parameter, entries }) =>
      `<tr><th scope="row">${escapeHtml(parameter)}</th>${entries.map(cell).join('')}</tr>`,
  );
  const foot = measures.map(
    ({ name, values }) =>
      `<tr><th scope="row">${escapeHtml(name)}</th>${values.map((text) => `<td>${escapeHtml(text)}</td>`).join('')}</tr>`,
  );
  return [
    '<table class="fits">',
    `<thead><tr><td></td>${head}</tr></thead>`,
    '<tbody>',
    ...body,
    '</tbody>',
    '<tbody class="measures">',
    ...foot,
    '</tbody>',
    '<tfoot>',
    `<tr><td colspan="${columns.length + 1}">${notes.map(escapeHtml).join('<br>')}</td></tr>`,
    '</tfoot>',
    '</table>',
    '',
  ].join('\n');
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
