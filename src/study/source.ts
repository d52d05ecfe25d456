/**
 * Where a result came from, as plain data: enough to run it again, to read its recordings once more,
 * and to hand one of its fits to another thread.
 */

import { relative, resolve } from 'node:path';
import { z } from 'zod';
import { methodNames } from '../algorithms/registry.ts';
import { nothingHeldOut, splitsByFold, splitsDealt } from '../demonstrations/splits.ts';
import { readSplits } from '../demonstrations/tables/splitsTable.ts';
import { cellsOf, type ResultFile } from '../evaluation/resultFile.ts';
import { isStudyFile, loadRunnable, type Runnable, refuseOthers } from './loadStudy.ts';
import { recordedFile } from './recordedFile.ts';
import { changedTables } from './run/changedTables.ts';
import type { Study } from './study.ts';
import { TablesExperiment, tableFiles, tablesExperiment } from './tablesExperiment.ts';

export const Source = z.strictObject({
  study: z.string().optional().describe('Name of a shipped study, or the path of a file'),
  tables: TablesExperiment.optional().describe('The tables and options of a fit, without a study'),
  compare: z
    .strictObject({
      splits: z.string().optional().describe('Table of what to hold out'),
      folds: z.int().optional().describe('Number of folds to deal'),
      methods: z.array(z.enum(methodNames)).optional().describe("In place of the study's own"),
      world: z.string().optional().describe('Moves of the changed world that is predicted'),
      testFeatures: z.string().optional().describe('Its features; those at home where absent'),
      testTrajectories: z.string().optional().describe('Behaviour recorded there'),
      testExits: z.string().optional().describe('Its exits; those at home where absent'),
      trueReward: z.record(z.string(), z.number()).optional().describe('Where it is known'),
      shortestBy: z.string().optional().describe('What shortest paths are shortest by'),
      curve: z
        .array(z.union([z.int().positive(), z.literal('all')]))
        .optional()
        .describe('Numbers of trajectories to fit to'),
      repeats: z.int().positive().optional().describe('How often each number is drawn'),
      wholeTrips: z.enum(['always', 'never']).optional().describe('Whether they are predicted too'),
    })
    .optional()
    .describe('Set where methods were compared on what they were not fitted to'),
});
/** What a caller may write: a study or tables, not both. */
export type Source = z.input<typeof Source>;

export interface OpenedSource {
  readonly study: Study;
  /** The files that the source itself names: a study's text, tables, splits. */
  readonly files: readonly string[];
}

export interface OpenedRunnable {
  readonly runnable: Runnable;
  readonly files: readonly string[];
}

/**
 * Builds the study that a source describes. Throws a RangeError where that is an inquiry, which has
 * nothing to fit, or in a simulator.
 *
 * @param seed of the folds that are dealt
 * @param directory of a result, from which it names its files; where the program runs if absent
 */
export async function openSource(
  source: Source,
  seed: number,
  directory = '',
): Promise<OpenedSource> {
  const { runnable, files } = await openRunnable(source, seed, directory);
  return { study: refuseOthers(runnable), files };
}

/** As `openSource`, but of whatever can be run. */
export async function openRunnable(
  source: Source,
  seed: number,
  directory = '',
): Promise<OpenedRunnable> {
  const here =
    directory === '' ? source : relocate(source, (path) => recordedFile(directory, path));
  const { study, tables, compare } = here;
  if ((study === undefined) === (tables === undefined))
    throw new RangeError('Cannot open a source: wanted a study or tables, one of the two');
  const opened: OpenedRunnable = tables
    ? { runnable: ofTables(tables), files: tableFiles(tables) }
    : await loadRunnable(study as string);
  if (!compare) return opened;
  const { splits, world, testFeatures, testTrajectories, testExits } = compare;
  const named = [splits, world, testFeatures, testTrajectories, testExits];
  return {
    runnable: splitting(refuseOthers(opened.runnable), compare, seed, tables),
    files: [...opened.files, ...named.filter((file) => file !== undefined)],
  };
}

/** Rewrites the paths in a source so that they start from another folder. */
export function rebase(source: Source, from: string, to: string): Source {
  return relocate(source, (path) => relative(to, resolve(from, path)));
}

function relocate(source: Source, move: (path: string) => string): Source {
  const { study, tables, compare } = source;
  const moved: Record<string, unknown> = { ...source };
  if (study !== undefined && isStudyFile(study)) moved.study = move(study);
  if (tables) {
    const { transitions, features, trajectories, exits, initial } = tables;
    moved.tables = {
      ...tables,
      transitions: move(transitions),
      features: move(features),
      trajectories: move(trajectories),
      ...(exits === undefined ? {} : { exits: move(exits) }),
      ...(initial === undefined ? {} : { initial: move(initial) }),
    };
  }
  if (compare) {
    const paths = ['splits', 'world', 'testFeatures', 'testTrajectories', 'testExits'] as const;
    const given = paths.flatMap((key) => {
      const path = compare[key];
      return path === undefined ? [] : [[key, move(path)]];
    });
    moved.compare = { ...compare, ...Object.fromEntries(given) };
  }
  return moved as Source;
}

function ofTables(tables: TablesExperiment): Study {
  return {
    name: 'fit',
    title: 'Reward fitted to plain tables',
    ...tablesExperiment(tables),
    meaning: (result) => oddsInWords(result, tables.temperature ?? 1),
  };
}

/** The study with another question: what do its methods predict? */
function splitting(
  study: Study,
  compare: NonNullable<Source['compare']>,
  seed: number,
  tables: TablesExperiment | undefined,
): Study {
  if (study.cells)
    throw new RangeError(
      `Cannot compare study "${study.name}": it has ${study.cells.length} cells of its own; name a study of one experiment`,
    );
  const { splits, folds, methods, curve, repeats, trueReward, shortestBy } = compare;
  const { meaning: _, ...rest } = study;
  const changed =
    compare.world === undefined ? rest.changed : changedTables(study, compare, tables);
  const own =
    rest.splits ??
    (({ trajectories }) =>
      changed && new Set(trajectories.folds).size < 2
        ? nothingHeldOut(trajectories)
        : splitsByFold(trajectories));
  const heading =
    study.name === 'fit'
      ? {
          name: 'compare',
          title: changed
            ? 'What the methods predict in a world that changed after they were fitted'
            : 'What the methods predict of behaviour they were not fitted to',
        }
      : {};
  return {
    ...rest,
    ...heading,
    ...(methods ? { methods } : {}),
    ...(changed ? { changed } : {}),
    ...(trueReward ? { trueReward } : {}),
    ...(shortestBy === undefined ? {} : { shortestBy }),
    ...(compare.wholeTrips ? { wholeTrips: compare.wholeTrips === 'always' } : {}),
    ...(curve ? { curve: { sizes: curve, ...(repeats === undefined ? {} : { repeats }) } } : {}),
    splits:
      splits !== undefined
        ? ({ trajectories: { names } }) => readSplits(splits, names)
        : folds !== undefined
          ? ({ trajectories }) => splitsDealt(trajectories, folds, seed)
          : own,
  };
}

/** What an estimate is, in words; nothing where there is none. */
function oddsInWords(result: ResultFile, temperature: number): string {
  const methods = cellsOf(result).flatMap((cell) => Object.values(cell.methods));
  if (!methods.some(({ parameters }) => parameters.some(({ estimate }) => estimate !== null)))
    return '';
  const odds = Math.exp(1 / temperature).toPrecision(3);
  return [
    'Estimates are rewards per unit of a feature. Where two choices differ by 1, in what they bring',
    `and in what can be had from there, the better one is taken ${odds} times as often.`,
  ].join('\n');
}
