/** The command line in process: what it printed, how it ended, and folders that do not stay. */

import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { InquiryFile, ResultFile } from '../../src/evaluation/resultFile.ts';

/** How a command ended. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const folders: string[] = [];

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Returns a new folder that is removed when the tests of a file are done. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'revealed-cli-'));
  folders.push(folder);
  return folder;
}

/** Writes files, by their path below the folder. */
export function writeFiles(
  folder: string,
  files: Readonly<Record<string, string | Uint8Array>>,
): void {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
}

/** Runs `revealed` with these arguments; colours are taken out of what it prints. */
export async function revealed(...argv: string[]): Promise<Outcome> {
  let stdout = '';
  let stderr = '';
  const code = await main(argv, {
    stdout: (text) => {
      stdout += text;
    },
    stderr: (text) => {
      stderr += text;
    },
  });
  return { code, stdout: withoutColours(stdout), stderr: withoutColours(stderr) };
}

function withoutColours(text: string): string {
  return text.replaceAll(new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g'), '');
}

/** Returns every file below a folder, as sorted paths; none where there is no folder. */
export function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

/** Returns the lines as the text of a file. */
export function lines(...texts: string[]): string {
  return `${texts.join('\n')}\n`;
}

/** The text of each table; those left out are not given. */
export interface TableTexts {
  readonly transitions: string;
  readonly features: string;
  readonly trajectories: string;
  readonly exits?: string;
  readonly initial?: string;
}

/** Writes the tables into the folder and returns the arguments that name them. */
export function tableFlags(folder: string, tables: TableTexts): string[] {
  return Object.entries(tables).flatMap(([name, text]) => {
    writeFiles(folder, { [`${name}.csv`]: text });
    return [`--${name}`, join(folder, `${name}.csv`)];
  });
}

/** How a fit ended, and what it wrote. */
export interface FitOutcome extends Outcome {
  /** The folder given as --out. */
  readonly out: string;
  /** result.json as it was written, checked against its schema; null where there is none. */
  readonly result: ResultFile | null;
}

/** Runs `revealed fit` on the tables, with --out. */
export async function fitTables(tables: TableTexts, ...flags: string[]): Promise<FitOutcome> {
  const folder = temporaryFolder();
  const out = join(folder, 'out');
  const outcome = await revealed('fit', ...tableFlags(folder, tables), '--out', out, ...flags);
  return { ...outcome, out, result: readResult(out) };
}

/** Reads and checks result.json; null where there is none. */
export function readResult(out: string): ResultFile | null {
  const file = join(out, 'result.json');
  return existsSync(file) ? ResultFile.parse(JSON.parse(readFileSync(file, 'utf8'))) : null;
}

/** As `readResult`, of an inquiry. */
export function readInquiry(out: string): InquiryFile {
  return InquiryFile.parse(JSON.parse(readFileSync(join(out, 'result.json'), 'utf8')));
}

type Single = Extract<ResultFile, { methods: unknown }>;

/** The result of a fit that has one, of a single experiment. */
export function singleResult({ result, stderr }: FitOutcome): Single {
  if (!result || !('methods' in result)) throw new Error(`no result of a single fit: ${stderr}`);
  return result;
}

/** One method of a single fit. */
export function methodOf(outcome: FitOutcome, name = 'causal-entropy'): Single['methods'][string] {
  return singleResult(outcome).methods[name];
}

/** Estimate of a parameter; NaN where there is none. */
export function estimateOf(outcome: FitOutcome, parameter: string, method?: string): number {
  const { parameters } = methodOf(outcome, method);
  return parameters.find(({ name }) => name === parameter)?.estimate ?? Number.NaN;
}
