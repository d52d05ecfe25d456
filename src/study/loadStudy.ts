/**
 * Finds a study by its name (those that ship with the program) or its path: a TypeScript or
 * JavaScript file whose default export is `defineStudy({...})`, `defineSimulatedStudy({...})` or
 * `defineInquiry({...})`, or JSON that names plain tables. TypeScript runs as it is; there is nothing to build.
 */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { nearestName } from '../demonstrations/nearestName.ts';
import { withImportedFiles } from './importedFiles.ts';
import type { Inquiry } from './inquiry.ts';
import type { SimulatedStudy } from './simulatedStudy.ts';
import type { Study } from './study.ts';
import { TablesExperiment, tableFiles, tablesExperiment } from './tablesExperiment.ts';

const SHIPPED = fileURLToPath(new URL('../../datasets/', import.meta.url));

/** A study as plain data. */
export const JsonStudy = z.strictObject({
  $schema: z.string().optional(),
  name: z.string().optional(),
  title: z.string().default('A fit of plain tables'),
  ...TablesExperiment.shape,
});

const isFunction = (value: unknown): boolean => typeof value === 'function';
const isFunctionOrObject = (value: unknown): boolean =>
  isFunction(value) || (typeof value === 'object' && value !== null);
const text = z.string({ error: 'must be a text' }).min(1, 'must not be empty');

/** As much of a study in code as can be checked before it runs. */
const parts = {
  data: z.custom(isFunction, 'must be a function that reads the recordings'),
  world: z.custom(isFunctionOrObject, 'must be a world, or a function that builds it'),
  features: z.custom(isFunctionOrObject, 'must be functions by name, or one that tabulates them'),
};
const StudyOfOne = z.looseObject({ name: text, title: text, ...parts });
const StudyOfCells = z.looseObject({
  name: text,
  title: text,
  cells: z.array(z.looseObject({ name: text, ...parts })).min(1, 'must have at least one cell'),
});

const InquiryInCode = z.looseObject({
  name: text,
  title: text,
  questions: z
    .array(
      z.looseObject({
        name: text,
        title: text,
        ask: z.custom(isFunction, 'must be a generator function that works out the answer'),
      }),
      { error: 'must be a list of questions' },
    )
    .min(1, 'must have at least one question'),
});

const StudyInSimulator = z.looseObject({
  name: text,
  title: text,
  simulator: z.union(
    [
      z.custom(isFunction),
      z.strictObject({ name: z.string(), options: z.record(z.string(), z.unknown()).optional() }),
    ],
    { error: 'must be a function that builds a world, or { name, options } of one that ships' },
  ),
  demonstrations: z.custom(isFunction, 'must be a function that reads episodes'),
  features: z.record(
    z.string(),
    z.custom(isFunction, 'must be a function of (observation, action, next)'),
    { error: 'must be functions by name' },
  ),
  discount: z.number({ error: 'must be a number' }),
  temperature: z.number({ error: 'must be a number' }).optional(),
  stateOf: z.custom(isFunction, 'must be a function of what is observed').optional(),
});

/** What `revealed run` runs. */
export type Runnable = Study | Inquiry | SimulatedStudy;

interface Loaded<Kind> {
  /** The file it came from, those that it imports, and the tables that a study in JSON names. */
  readonly files: readonly string[];
  readonly runnable: Kind;
}

/** Loads what `revealed run` runs. */
export async function loadRunnable(nameOrPath: string): Promise<Loaded<Runnable>> {
  const file = studyFile(nameOrPath);
  return file.endsWith('.json')
    ? readJson(file)
    : { runnable: await readModule(file), files: withImportedFiles(file) };
}

/** Loads a study; throws a RangeError where it is an inquiry, or in a simulator. */
export async function loadStudy(
  nameOrPath: string,
): Promise<{ readonly study: Study; readonly files: readonly string[] }> {
  const { runnable, files } = await loadRunnable(nameOrPath);
  return { study: refuseOthers(runnable), files };
}

/** Throws a RangeError where there is nothing to fit in a world that is listed. */
export function refuseOthers(runnable: Runnable): Study {
  if (isSimulated(runnable))
    throw new RangeError(
      `Cannot list the world of "${runnable.name}": it is a study in a simulator, whose states are too many; revealed run fits it`,
    );
  if (!('questions' in runnable)) return runnable;
  throw new RangeError(
    `Cannot fit "${runnable.name}": it is an inquiry, which asks questions and has no recordings of its own; revealed run answers them`,
  );
}

export function isSimulated(runnable: Runnable): runnable is SimulatedStudy {
  return 'simulator' in runnable;
}

/** Whether a text names a file, rather than a study that ships with the program. */
export function isStudyFile(nameOrPath: string): boolean {
  return /^\.(ts|mts|js|mjs|json)$/.test(extname(nameOrPath));
}

/** Name and file of each study that ships with the program: `datasets/<folder>/<name>.study.ts`. */
function shippedStudies(): Map<string, string> {
  const found = new Map<string, string>();
  for (const folder of readdirSync(SHIPPED, { withFileTypes: true })) {
    if (!folder.isDirectory()) continue;
    for (const file of readdirSync(join(SHIPPED, folder.name))) {
      const name = /^(.+)\.study\.ts$/.exec(file)?.[1];
      if (name !== undefined) found.set(name, join(SHIPPED, folder.name, file));
    }
  }
  return found;
}

function studyFile(nameOrPath: string): string {
  const shipped = shippedStudies();
  const known = shipped.get(nameOrPath);
  if (known !== undefined) return known;
  const path = resolve(nameOrPath);
  if (existsSync(path)) {
    if (isStudyFile(path)) return path;
    throw new RangeError(`Cannot run "${nameOrPath}": a study is a .ts, .js or .json file`);
  }
  const names = [...shipped.keys()];
  const near = nearestName(nameOrPath, names);
  throw new RangeError(
    `Cannot find study "${nameOrPath}": no such file, and the studies that ship are ${names.join(', ')}` +
      (near === null ? '' : `; did you mean "${near}"?`),
  );
}

function readJson(file: string): Loaded<Study> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new SyntaxError(`Cannot read ${file}: ${error instanceof Error ? error.message : error}`);
  }
  const study = JsonStudy.safeParse(parsed);
  if (!study.success)
    throw new SyntaxError(`Cannot read ${file} as a study:\n${z.prettifyError(study.error)}`);
  const { $schema: _, name, title, ...tables } = study.data;
  const beside = (path: string): string => resolve(dirname(file), path);
  return {
    runnable: { name: name ?? basename(file, '.json'), title, ...tablesExperiment(tables, beside) },
    files: [file, ...tableFiles(tables).map(beside)],
  };
}

async function readModule(file: string): Promise<Runnable> {
  const here = fileURLToPath(import.meta.url);
  const entry = resolve(dirname(here), `../index${extname(here)}`);
  const { createJiti } = await import('jiti');
  const jiti = createJiti(here, { alias: { revealed: entry }, moduleCache: false });
  let study: unknown;
  try {
    study = await jiti.import(file, { default: true });
  } catch (error) {
    throw new SyntaxError(`Cannot load ${file}: ${oneLine(error)}`, { cause: error });
  }
  const { schema, shape } = kindOf(study);
  const checked = schema.safeParse(study);
  if (checked.success) return study as Runnable;
  const [{ path, message }] = checked.error.issues;
  throw new SyntaxError(
    `Cannot run ${file}: its default export must be ${shape}` +
      (path.length === 0 ? '' : `, but ${path.join('.')} ${message}`),
  );
}

/** What a default export seems to be meant as. */
function kindOf(study: unknown): { readonly schema: z.ZodType; readonly shape: string } {
  const has = (key: string): boolean => typeof study === 'object' && study !== null && key in study;
  if (has('questions'))
    return { schema: InquiryInCode, shape: 'defineInquiry({ name, title, questions, … })' };
  if (has('simulator'))
    return {
      schema: StudyInSimulator,
      shape:
        'defineSimulatedStudy({ name, title, simulator, demonstrations, features, discount, … })',
    };
  return {
    schema: has('cells') ? StudyOfCells : StudyOfOne,
    shape: 'defineStudy({ name, title, data, world, features, … })',
  };
}

/** What went wrong while a study was loaded, without the list of who asked for it. */
function oneLine(error: unknown): string {
  const text =
    error instanceof z.ZodError
      ? z.prettifyError(error)
      : error instanceof Error
        ? error.message
        : String(error);
  return text.split('\nRequire stack:')[0].replace(/\s+/g, ' ').trim();
}
