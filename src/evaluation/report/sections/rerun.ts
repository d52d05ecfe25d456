/** Everything needed to run it again: command, seed, version, and the files that were read. */

import { type Html, html } from '../html.ts';
import type { Page, Section } from '../section.ts';
import { table } from '../table.ts';

export const rerun: Section = { id: 'rerun', title: 'To run it again', write };

function write({ result, cells }: Page): Html {
  const { revealed, seed, backend } = result;
  const files = new Map(cells.flatMap(({ data }) => data.files).map((file) => [`${file.name}\n${file.sha256}`, file]));
  return html`<dl class="facts">
<dt>Program</dt><dd>revealed ${revealed}</dd>
<dt>Seed</dt><dd>${seed}</dd>
${backend === null ? '' : html`<dt>Engine</dt><dd>${backend}</dd>`}
</dl>
${
    files.size === 0
      ? ''
      : table(
          ['file', 'rows', 'sha256'],
          [...files.values()].map(({ name, rows, sha256 }) => [
            name,
            rows.toLocaleString('en-US'),
            html`<code class="hash">${sha256}</code>`,
          ]),
          { caption: 'Files that were read', text: [2] },
        )
  }`;
}
