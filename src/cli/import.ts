/** `revealed import`: recordings of any format into plain tables, or a proposal of their schema. */

import { createHash } from 'node:crypto';
import { createReadStream, mkdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { episodeColumns, episodeSource } from '../demonstrations/sources/episodes.ts';
import { checkRegularFile } from '../demonstrations/sources/fileBytes.ts';
import { formatOf, openRecording } from '../demonstrations/sources/openRecording.ts';
import { proposeSchema } from '../demonstrations/sources/proposeSchema.ts';
import { RecordSchema } from '../demonstrations/sources/recordSchema.ts';
import { formats, type ReadOptions, type Recording } from '../demonstrations/sources/registry.ts';
import type { Source } from '../demonstrations/sources/source.ts';
import { typedSource } from '../demonstrations/sources/typedSource.ts';
import { type Columns, columnsOf, writeRecords } from '../demonstrations/sources/writeRecords.ts';
import { TableError } from '../demonstrations/tables/tableError.ts';
import { checkWritable } from '../study/output/outputDirectory.ts';
import { json, writeWhole } from '../study/output/wholeFile.ts';
import { version } from '../study/version.ts';
import { commonOptions, defineCommand, type Output, wholeNumberFlag } from './command.ts';
import { countEpisodes, type Imported, importWords, proposalWords } from './importWords.ts';

const positive = () => wholeNumberFlag().pipe(z.number().min(1, 'wanted at least 1'));

export default defineCommand({
  name: 'import',
  summary: 'Turn recordings (CSV, JSON lines, Parquet, Arrow, NPZ, HDF5, GPX, …) into plain tables',
  positional: [['[file...]', 'Files to read; none where --query names them']],
  options: z.strictObject({
    out: z
      .string()
      .optional()
      .describe('Folder to write to; one inside it for each of several files'),
    format: z
      .string()
      .optional()
      .describe(`Format, where the name does not tell: ${Object.keys(formats).join(', ')}`),
    propose: z.boolean().default(false).describe('Print a schema to edit, and write nothing'),
    schema: z.string().optional().describe('File of a schema: what the fields are'),
    query: z
      .string()
      .optional()
      .describe('SQL that DuckDB runs over files, instead of reading one'),
    delimiter: z
      .string()
      .optional()
      .transform((text) => (text === 'tab' || text === '\\t' ? '\t' : text))
      .describe('What separates fields of text; "tab" for a tab'),
    quote: z.string().optional().describe('Character that quotes fields of text, or "none"'),
    comment: z.string().optional().describe('Lines of text that begin with this are left out'),
    columns: z
      .string()
      .optional()
      .transform((text) => text?.split(','))
      .describe('Names of columns, separated by commas, where the first row does not have them'),
    encoding: z.string().optional().describe('Encoding of text, such as utf-16 or windows-1252'),
    table: z.string().optional().describe('Table of a database with several'),
    timeLimit: positive()
      .optional()
      .describe('Decisions after which episodes were stopped: those are truncated, not terminated'),
    maxRecord: positive().optional().describe('Most characters of one record (default 1048576)'),
    maxUnpacked: positive().optional().describe('Most bytes of a file once unpacked'),
    memory: z.string().optional().describe('Most memory that DuckDB may use (default 1GB)'),
    ...commonOptions,
  }),
  async run(
    { json: asJson, seed: _, quiet, out, propose, schema: schemaFile, ...flags },
    output,
    paths,
  ) {
    const { format, query, quote, ...rest } = flags;
    const options = Object.fromEntries(
      Object.entries({ ...rest, quote: quote === 'none' ? null : quote }).filter(
        ([, value]) => value !== undefined,
      ),
    ) as ReadOptions;
    if ((query === undefined) === (paths.length === 0))
      throw new RangeError(
        'Cannot import: wanted files to read, or --query with SQL that names them',
      );
    const wanted = paths.map((path) => ({ path, format }));
    if (propose) {
      if (paths.length > 1) throw new RangeError('Cannot propose one schema for several files');
      const opened =
        query === undefined ? await open(wanted[0], options) : await openQuery(query, options);
      return proposeTo(output, sourceOf(opened.recording), asJson, quiet);
    }
    if (out === undefined)
      throw new RangeError('Cannot import: name a folder to write to with --out');
    checkWritable(out);
    const schema = schemaFile === undefined ? null : readSchema(schemaFile);
    const folders = foldersOf(paths, out);
    const all: Imported[] = [];
    for (let i = 0; i < Math.max(1, paths.length); i++) {
      const opened =
        query === undefined ? await open(wanted[i], options) : await openQuery(query, options);
      const folder = folders[i] ?? out;
      const imported = await importTo(folder, opened, schema, options);
      all.push(imported);
      if (!asJson) output.stdout(importWords(imported, folder));
      if (!quiet) for (const warning of imported.warnings) output.stderr(`warning: ${warning}\n`);
    }
    if (asJson) output.stdout(json(all.length === 1 ? all[0] : all));
    return all.every(({ rejected }) => rejected === 0) ? 0 : 1;
  },
});

interface Opened {
  readonly format: string;
  readonly recording: Recording;
}

async function open(
  { path, format }: { readonly path: string; readonly format: string | undefined },
  options: ReadOptions,
): Promise<Opened> {
  await checkRegularFile(path);
  const name = format ?? (await formatOf(path));
  return { format: name, recording: await openRecording(path, { ...options, format: name }) };
}

async function openQuery(query: string, { memory, ...others }: ReadOptions): Promise<Opened> {
  const [other] = Object.keys(others);
  if (other !== undefined)
    throw new RangeError(`Cannot run a query with ${other}: it takes memory only`);
  const { sqlSource } = await import('../demonstrations/sources/sqlSource.ts');
  const source = sqlSource(query, memory === undefined ? {} : { memory });
  return { format: 'sql', recording: { kind: 'records', source } };
}

function sourceOf(recording: Recording): Source {
  return recording.kind === 'records' ? recording.source : episodeSource(recording.file);
}

async function proposeTo(
  output: Output,
  source: Source,
  asJson: boolean,
  quiet: boolean,
): Promise<0 | 1> {
  const proposal = await proposeSchema(source);
  if (!quiet) output.stderr(proposalWords(proposal, source));
  output.stdout(json(asJson ? proposal : proposal.schema));
  return proposal.records === 0 ? 1 : 0;
}

function readSchema(path: string): RecordSchema {
  const name = basename(path);
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new TableError(name, null, `is no JSON file (${(error as Error).message})`, {
      cause: error,
    });
  }
  const parsed = RecordSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const { path: at, message } = parsed.error.issues[0];
  throw new TableError(name, null, `${at.map(String).join('.')}: ${message}`);
}

/** Returns the folder of each file; names come from the paths alone, never from inside the files. */
function foldersOf(paths: readonly string[], out: string): string[] {
  if (paths.length === 1) return [out];
  const names = paths.map((path) => basename(path).replace(/(\.[^.]+)(\.gz|\.zst)?$/i, ''));
  names.forEach((name, i) => {
    if (names.indexOf(name) < i)
      throw new RangeError(
        `Cannot import two files named "${name}" into ${out}; import them one by one`,
      );
  });
  return names.map((name) => join(out, name));
}

async function importTo(
  folder: string,
  { format, recording }: Opened,
  schema: RecordSchema | null,
  options: ReadOptions,
): Promise<Imported> {
  if (recording.kind === 'episodes' && schema !== null)
    throw new RangeError(
      `Cannot use a schema for episodes: ${recording.file.name} says what they are`,
    );
  const counted = recording.kind === 'episodes' ? countEpisodes(recording.file) : null;
  const source =
    counted !== null
      ? episodeSource(counted.file)
      : schema === null
        ? sourceOf(recording)
        : typedSource(sourceOf(recording), schema);
  const columns =
    recording.kind === 'episodes'
      ? plainColumns(episodeColumns(recording.file.layout))
      : schema === null
        ? await columnsOf(source)
        : schemaColumns(schema);
  const isTrajectories = ['trajectory', 'step', 'state'].every((name) => columns.has(name));
  const table =
    recording.kind === 'episodes' || isTrajectories ? 'trajectories.csv' : 'records.csv';
  mkdirSync(folder, { recursive: true });
  const { rows, rejected } = await writeRecords(source, columns, {
    table: join(folder, table),
    rejected: join(folder, 'rejected.jsonl'),
  });
  const imported: Imported = {
    format: 1,
    revealed: version,
    source: {
      name: source.name,
      format,
      files: await hashed(source.files),
      options: { ...options },
    },
    table,
    rows,
    rejected,
    columns: [...columns.keys()],
    schema,
    episodes: counted?.counts() ?? null,
    warnings: recording.kind === 'episodes' ? recording.file.warnings : [],
  };
  writeWhole(join(folder, 'import.json'), json(imported));
  return imported;
}

function plainColumns(names: readonly string[]): Columns {
  return new Map(names.map((name) => [name, 0]));
}

function schemaColumns({ fields }: RecordSchema): Columns {
  return new Map(
    Object.entries(fields).map(([name, field]) => [name, field.kind === 'list' ? field.length : 0]),
  );
}

async function hashed(paths: readonly string[]): Promise<{ name: string; sha256: string }[]> {
  const files: { name: string; sha256: string }[] = [];
  for (const path of paths) {
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(path)) hash.update(chunk);
    files.push({ name: basename(path), sha256: hash.digest('hex') });
  }
  return files;
}
