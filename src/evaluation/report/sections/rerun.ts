/** Everything needed to run it again: command, seed, version, and the files that were read. */

import { z } from 'zod';
import type { RunFile } from '../../resultFile.ts';
import { type Html, html, trusted } from '../html.ts';
import type { Page, Section } from '../section.ts';
import { table } from '../table.ts';

export const rerun: Section = { id: 'rerun', title: 'To run it again', write };

/** As much of a result's source as a command line is made of. */
const Source = z.object({
  study: z.string().optional(),
  tables: z.record(z.string(), z.unknown()).optional(),
  compare: z.record(z.string(), z.unknown()).optional(),
});

function write({ result, cells }: Page): Html {
  return rerunHtml(
    result,
    cells.flatMap(({ data }) => data.files),
  );
}

/** @param read the files that were read, perhaps several times */
export function rerunHtml(
  result: RunFile,
  read: readonly { readonly name: string; readonly sha256: string; readonly rows: number }[],
): Html {
  const { revealed, seed, backend } = result;
  const source = Source.safeParse(result.source);
  const command = source.success ? commandOf(source.data, seed) : null;
  const files = new Map(read.map((file) => [JSON.stringify([file.name, file.sha256]), file]));
  return html`${
    command === null
      ? ''
      : html`<p>In the folder of the result (paths start there):</p>
<pre tabindex="0"><code>${command.map((line) => [line, trusted('\n')])}</code></pre>`
  }
<dl class="facts">
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

/** The command line that a source came from, line by line; defaults left out only where they were not given. */
function commandOf({ study, tables, compare }: z.infer<typeof Source>, seed: number): string[] {
  const verb = compare ? 'compare' : tables ? 'fit' : 'run';
  const words = ['revealed', verb, ...(study === undefined ? [] : [quoted(study)])];
  const flags = Object.entries({ ...tables, ...compare }).map(([key, value]) => {
    const name = `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    return `${name} ${quoted(flagValue(key, value))}`;
  });
  const lines = [words.join(' '), ...flags.map((flag) => `  ${flag}`)];
  const last = lines.length === 1 ? [`${lines[0]} --seed ${seed}`] : [...lines, `  --seed ${seed}`];
  return last.map((line, i) => (i < last.length - 1 ? `${line} \\` : line));
}

function flagValue(key: string, value: unknown): string {
  if (Array.isArray(value)) return value.join(',');
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .map(([name, of]) => {
      const named = /[,="]/.test(name) ? `"${name}"` : name;
      if (key !== 'bounds' || !Array.isArray(of)) return `${named}=${of}`;
      return `${named}=${of.map((end) => end ?? '').join(':')}`;
    })
    .join(',');
}

/** As a shell takes it: in single quotes where it holds anything but plain letters. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
