/** One data set of the coverage study: drawn, fitted, and what the fit says of itself. */

import { finish } from '../../src/algorithms/algorithm.ts';
import { causalEntropy } from '../../src/algorithms/causalEntropy.ts';
import type { Problem } from '../../src/algorithms/problem.ts';
import { bootstrapNumbers } from '../../src/evaluation/inference/bootstrapIntervals.ts';
import type { BootstrapDraw } from '../../src/evaluation/inference/bootstrapResult.ts';
import {
  type StandardErrorKind,
  standardErrors,
} from '../../src/evaluation/inference/standardErrors.ts';
import { simulateTrajectories } from '../../src/evaluation/prediction/simulateTrajectories.ts';
import type { Trajectories } from '../../src/mdp/trajectories.ts';
import { createRng, type Rng } from '../../src/numeric/rng.ts';
import { bootstrapDraw } from '../../src/study/reopened/bootstrapDraw.ts';
import { type CoverageCase, cases } from './cases.ts';
import { modelOf, targetOf } from './target.ts';

/** What bootstrap intervals there are. */
export const bootstrapIntervals = ['percentile', 'basic', 'studentised'] as const;
type Ends = readonly [number, number];

export interface Trial {
  readonly stop: string;
  /** [parameters]; null where the fit did not converge. */
  readonly parameters:
    | readonly {
        readonly estimate: number;
        readonly errors: Readonly<Record<StandardErrorKind, number | null>>;
        readonly bootstrap?: Readonly<Record<(typeof bootstrapIntervals)[number], Ends | null>>;
      }[]
    | null;
}

export interface TrialOrder {
  /** Name of the case. */
  readonly of: string;
  readonly seed: number;
  /** Number of the data set. */
  readonly trial: number;
  /** Whether to take the case's bootstrap too. */
  readonly bootstrap: boolean;
}

export interface OpenedCase {
  readonly study: CoverageCase;
  readonly problem: Problem;
  /** θ* [features seen] */
  readonly target: Float64Array;
}

const opened = new Map<string, OpenedCase>();

/** Builds a case, once. */
export function openCase(name: string): OpenedCase {
  const known = opened.get(name);
  if (known) return known;
  const study = cases.find((candidate) => candidate.name === name);
  if (!study) throw new RangeError(`Cannot find the case "${name}" of the coverage study`);
  const problem = study.build();
  const made = { study, problem, target: targetOf(problem, study) };
  opened.set(name, made);
  return made;
}

/** Draws the data set of a number and fits it; the same wherever it is done. */
export async function runTrial({ of, seed, trial, bootstrap }: TrialOrder): Promise<Trial> {
  const { study, problem, target } = openCase(of);
  const rng = createRng(seed, `coverage ${of} ${trial}`);
  const trajectories = drawPeople(problem, study, rng);
  const model: Problem = { ...modelOf(problem, study), trajectories };
  const { names } = model.features;
  const start = Object.fromEntries(names.map((name, k) => [name, target[k]]));
  const fit = finish(causalEntropy.fit(model, { start }));
  const { stop, parameters, information } = fit;
  if (stop !== 'converged' || !information) return { stop, parameters: null };
  const inference = standardErrors(information, parameters.length);
  const errors = parameters.map((_, k) => inference.of(k).errors);
  const own = {
    stop,
    parameters: parameters.map(({ estimate }, k) => ({ estimate, errors: errors[k] })),
  };
  if (!bootstrap || !study.bootstrap) return own;
  const theta = Float64Array.from(parameters, ({ estimate }) => estimate);
  const specification = { name: of, method: 'causal-entropy', fit: {} } as const;
  const fitted = { problem: model, theta, specification, method: {} };
  const refits: BootstrapDraw[] = [];
  for (let draw = 0; draw < study.bootstrap; draw++)
    refits.push(await bootstrapDraw(fitted, 'trajectory', trial, draw));
  return {
    stop,
    parameters: own.parameters.map((parameter, k) => {
      const draws = refits.map((refit) =>
        refit.estimates ? { estimate: refit.estimates[k], error: refit.errors?.[k] ?? null } : null,
      );
      const { sandwich } = parameter.errors;
      const { intervals } = bootstrapNumbers(parameter.estimate, sandwich, draws, 0.95);
      return { ...parameter, bootstrap: intervals };
    }),
  };
}

/** Trajectories of people drawn from all kinds. */
function drawPeople(
  problem: Problem,
  { people, trajectories }: CoverageCase,
  rng: Rng,
): Trajectories {
  const size = people.map(() => 0);
  for (let i = 0; i < trajectories; i++) {
    let left = rng();
    let kind = 0;
    while (kind < people.length - 1 && left >= people[kind].share) left -= people[kind++].share;
    size[kind]++;
  }
  return concatenate(
    people.flatMap(({ theta }, kind) =>
      size[kind] === 0
        ? []
        : [
            simulateTrajectories(problem, Float64Array.from(theta), rng, {
              trajectories: size[kind],
            }).trajectories,
          ],
    ),
  );
}

function concatenate(parts: readonly Trajectories[]): Trajectories {
  const rows = (of: (part: Trajectories) => ArrayLike<number>): number[] =>
    parts.flatMap((part) => Array.from(of(part)));
  const lengths = parts.flatMap(({ count, rowStart }) =>
    Array.from({ length: count }, (_, i) => rowStart[i + 1] - rowStart[i]),
  );
  const rowStart = new Int32Array(lengths.length + 1);
  lengths.forEach((length, i) => {
    rowStart[i + 1] = rowStart[i] + length;
  });
  return {
    count: lengths.length,
    rowStart,
    state: Int32Array.from(rows(({ state }) => state)),
    pair: Int32Array.from(rows(({ pair }) => pair)),
    goal: Int32Array.from(rows(({ goal }) => goal)),
    weight: Float64Array.from(rows(({ weight }) => weight)),
    stopped: Uint8Array.from(rows(({ stopped }) => stopped)),
    names: lengths.map((_, i) => String(i + 1)),
    folds: null,
  };
}
