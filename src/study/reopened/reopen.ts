/** Opens a result again as the problem it came from, with its recordings, world and estimates. */

import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { Problem } from '../../algorithms/problem.ts';
import { nearestName } from '../../demonstrations/nearestName.ts';
import {
  type CellResult,
  cellsOf,
  type MethodResult,
  type ResultFile,
  RunFile,
} from '../../evaluation/resultFile.ts';
import { isSimulatedFile } from '../../evaluation/simulated/simulatedResult.ts';
import { maxNorm } from '../../numeric/csr.ts';
import { rewardAt } from '../../rewards/linearReward.ts';
import { type PreparedExperiment, prepareExperiment } from '../experiment.ts';
import { readArrays } from '../output/flatArrays.ts';
import { openSource, Source } from '../source.ts';
import { type FullSpecification, specificationsOf, specifiedProblem } from '../specifications.ts';
import { cellsOfStudy } from '../splitStudy.ts';
import type { Cell } from '../study.ts';
import { version } from '../version.ts';

/** Difference of rewards that comes from adding up in another order. */
const SAME_REWARD = 1e-9;

export interface ReopenedFit {
  readonly result: ResultFile;
  /** Folder of the result. */
  readonly directory: string;
  readonly cell: CellResult;
  readonly method: MethodResult;
  readonly specification: FullSpecification;
  /** The experiment as it is described today; its recordings are those of the result. */
  readonly experiment: Cell;
  readonly prepared: PreparedExperiment;
  /** As the method saw it: its features, the trajectories it was fitted to. */
  readonly problem: Problem;
  /** [features] */
  readonly theta: Float64Array;
  /** What the run kept beside the result: reward, covariance-sandwich, …; empty without arrays. */
  readonly arrays: Readonly<Record<string, Float64Array>>;
}

export interface Wanted {
  /** Which fit of several; needed only where there are. */
  readonly cell?: string | undefined;
  /** The first one with estimates where absent. */
  readonly method?: string | undefined;
}

/**
 * Reads and checks a result file, or the `result.json` of a folder. Throws a RangeError where it is
 * the result of an inquiry, which holds no fit, or of a fit in a simulator.
 */
export function readResultFile(path: string): { result: ResultFile; file: string } {
  const { result, file } = readRunFile(path);
  if ('questions' in result)
    throw new RangeError(
      `Cannot use ${file}: "${result.study}" is an inquiry, which asks questions of theory and fits nothing; wanted the result of a fit`,
    );
  if (!isSimulatedFile(result)) return { result, file };
  throw new RangeError(
    `Cannot use ${file}: "${result.study}" was fitted in a simulator, whose states are too many to list; its policies lie beside it, and revealed report shows the rest. Wanted a fit in a world that is listed`,
  );
}

/** As `readResultFile`, but of whatever was run. */
export function readRunFile(path: string): { result: RunFile; file: string } {
  const file = existsSync(path) && statSync(path).isDirectory() ? join(path, 'result.json') : path;
  if (!existsSync(file))
    throw new RangeError(
      `Cannot find ${file}: wanted the result.json of a run, or the folder given as --out`,
    );
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new SyntaxError(
      `Cannot read ${file}: it is damaged (${error instanceof Error ? error.message : error}); run the fit again`,
    );
  }
  const heading = z.looseObject({ format: z.number(), revealed: z.string() }).safeParse(parsed);
  if (!heading.success)
    throw new SyntaxError(
      `Cannot read ${file}: it is not a result of revealed ("format" is missing)`,
    );
  const { format, revealed } = heading.data;
  if (format !== 1 || series(revealed) !== series(version))
    throw new SyntaxError(
      `Cannot read ${file}: it was written by revealed ${revealed} in format ${format}, and this is ${version}, which reads format 1 of ${series(version)}; run the fit again with this version`,
    );
  const result = RunFile.safeParse(parsed);
  if (!result.success)
    throw new SyntaxError(
      `Cannot read ${file}: it is damaged; run the fit again\n${z.prettifyError(result.error)}`,
    );
  return { result: result.data, file };
}

/** Versions that read each other's results: all of one major, or of 0.minor. */
function series(of: string): string {
  const [major, minor] = of.split('.');
  return major === '0' ? `${major}.${minor}` : major;
}

/**
 * Opens one fit of a result. Throws where the result is damaged or of another version, where the
 * files it was made of changed, and where it holds no estimates.
 *
 * @param path of result.json, or of its folder
 */
export async function reopen(path: string, wanted: Wanted = {}): Promise<ReopenedFit> {
  const { result, file } = readResultFile(path);
  const directory = dirname(file);
  const cell = pickCell(result, wanted.cell, file);
  const name = pickMethod(cell, wanted.method, file);
  const method = cell.methods[name];

  const source = Source.safeParse(result.source);
  if (!source.success)
    throw new SyntaxError(`Cannot open ${file} again: it does not say what was run ("source")`);
  const { study } = await openSource(source.data, result.seed, directory);
  const cells = await cellsOfStudy(study, result.seed);
  const experiment = cells.find((candidate) => candidate.name === cell.name);
  const specification = experiment && specificationsOf(experiment).find((s) => s.name === name);
  if (!experiment || !specification)
    throw new RangeError(
      `Cannot open ${file} again: the study no longer has the fit "${name}" of "${cell.name}"; run it again`,
    );
  const prepared = await prepareExperiment(experiment);
  if (prepared.problem.trajectories.times)
    throw new RangeError(
      `Cannot open ${file} again: it was fitted to counts, which tell neither trajectories nor where they begin; fit to trajectories for this`,
    );
  refuseChangedFiles(cell, prepared, file);
  const problem = specifiedProblem(prepared.problem, specification);
  const theta = estimatesOf(method, problem, name, file);
  const arrays = readArrays(directory, cell.name, name);
  refuseMisfits(problem, theta, arrays, file);
  return {
    result,
    directory,
    cell,
    method,
    specification,
    experiment,
    prepared,
    problem,
    theta,
    arrays,
  };
}

function pickCell(result: ResultFile, wanted: string | undefined, file: string): CellResult {
  const cells = cellsOf(result);
  if (wanted === undefined && cells.length === 1) return cells[0];
  const found = cells.find(({ name }) => name === wanted);
  if (found) return found;
  const names = cells.map(({ name }) => name);
  throw new RangeError(
    wanted === undefined
      ? `Cannot choose a fit of ${file}: it has ${cells.length} cells; give --cell, one of ${quotedList(names)}`
      : `Cannot find cell "${wanted}" in ${file}: there are ${quotedList(names)}${suggestion(wanted, names)}`,
  );
}

function pickMethod({ methods }: CellResult, wanted: string | undefined, file: string): string {
  const names = Object.keys(methods);
  const name = wanted ?? names.find((candidate) => methods[candidate].parameters.length > 0);
  if (name !== undefined && names.includes(name)) return name;
  throw new RangeError(
    name === undefined
      ? `Cannot open ${file} again: none of its methods (${names.join(', ')}) has parameters`
      : `Cannot find method "${name}" in ${file}: there are ${quotedList(names)}${suggestion(name, names)}`,
  );
}

function refuseChangedFiles(cell: CellResult, { recordings }: PreparedExperiment, file: string) {
  const now = new Map(recordings.files.map(({ name, sha256 }) => [name, sha256]));
  for (const { name, sha256 } of cell.data.files)
    if (now.get(name) !== sha256)
      throw new RangeError(
        `Cannot open ${file} again: ${name} has changed since; run the fit again, or put the old file back`,
      );
}

/** Refuses arrays that are not of this problem, or not of these estimates. */
function refuseMisfits(
  problem: Problem,
  theta: Float64Array,
  arrays: ReopenedFit['arrays'],
  file: string,
): void {
  const { mdp } = problem.world;
  for (const [name, values] of Object.entries(arrays)) {
    const wanted =
      name === 'reward' ? mdp.pairCount : name.startsWith('covariance-') ? theta.length ** 2 : null;
    if (wanted === null) continue;
    const finite = values.filter(Number.isFinite).length;
    if (values.length !== wanted || finite !== wanted)
      throw new SyntaxError(
        `Cannot open ${file} again: the array "${name}" must be ${wanted} finite numbers, got ${values.length}, ${finite} of them finite; run the fit again`,
      );
  }
  if (!arrays.reward) return;
  const reward = rewardAt(problem, theta);
  const size = maxNorm(arrays.reward);
  if (reward.some((r, pair) => !(Math.abs(r - arrays.reward[pair]) <= SAME_REWARD * (1 + size))))
    throw new RangeError(
      `Cannot open ${file} again: its estimates do not give the reward that was kept beside it, so the features have changed since, or the file; run the fit again`,
    );
}

function estimatesOf(
  { parameters, stop, stopReason, classes, network }: MethodResult,
  { features }: Problem,
  name: string,
  file: string,
): Float64Array {
  if (parameters.length === 0)
    throw new RangeError(`Cannot use "${name}" of ${file}: it is a method without parameters`);
  if (classes)
    throw new RangeError(
      `Cannot use "${name}" of ${file}: it has ${classes.length} classes of demonstrators, each with a reward of its own; use a fit with one`,
    );
  if (network)
    throw new RangeError(
      `Cannot use "${name}" of ${file}: its estimates are only the linear part of a reward that a network completes; use a linear fit`,
    );
  const names = parameters.map((parameter) => parameter.name);
  if (names.length !== features.names.length || names.some((n, k) => n !== features.names[k]))
    throw new RangeError(
      `Cannot open ${file} again: its parameters are ${quotedList(names)}, but the features are ${quotedList(features.names)}; run the fit again`,
    );
  return Float64Array.from(parameters, ({ name: parameter, estimate }) => {
    if (estimate !== null) return estimate;
    throw new RangeError(
      `Cannot use "${name}" of ${file}: it has no estimate of "${parameter}" (${stop}${stopReason === undefined ? '' : `: ${stopReason}`})`,
    );
  });
}

function quotedList(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ');
}

function suggestion(text: string, names: readonly string[]): string {
  const near = nearestName(text, names);
  return near === null ? '' : `; did you mean "${near}"?`;
}
