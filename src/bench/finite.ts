/**
 * How fast is one gradient over a finite horizon of T = 50 decisions? Slip grids of 16² and 32²
 * states, against dense arrays in TypeScript and sparse matrices of scipy.
 */

import { createFiniteHorizon } from '../planning/finiteHorizon.ts';
import type { Benchmark } from './benchmark.ts';
import { denseHorizon } from './denseHorizon.ts';
import type { GoalName, Measured } from './goals.ts';
import { HORIZON_IN_PYTHON } from './horizonInPython.ts';
import { rewardedGrid } from './problems.ts';
import { isReferee, startPython } from './referee.ts';
import { cpuTime, leastOf, repeatsFor } from './stopwatch.ts';

const HORIZON = 50;
const ROUNDS = 5;

export const finite: Benchmark = {
  summary: 'Finite-horizon gradient against dense arrays and against scipy',
  async run({ seed, progress }) {
    const rows: (string | number)[][] = [];
    const notes: string[] = [];
    const measured: Partial<Record<GoalName, Measured>> = {};
    for (const size of [16, 32]) {
      progress(`finite, ${size}² states`);
      const times = await measure(size, seed, notes);
      const row = (name: string, milliseconds: number): (string | number)[] => [
        `${size}²`,
        name,
        milliseconds.toPrecision(3),
        `${(milliseconds / times.sparse).toFixed(1)} ×`,
      ];
      rows.push(row('sparse passes', times.sparse), row('dense arrays', times.dense));
      if (times.scipy !== null) rows.push(row('scipy', times.scipy));
      if (size === 32) measured['finite-32'] = times.dense / times.sparse;
    }
    const head = ['states', 'method', 'ms', 'times as long'];
    return {
      tables: [{ title: `One gradient, T = ${HORIZON}`, head, rows }],
      notes,
      measured,
    };
  },
};

async function measure(size: number, seed: number, notes: string[]) {
  const { problem, reward } = rewardedGrid(size, 1, seed);
  const { mdp } = problem;
  const { stateCount, pairCount, transitionStart, nextState, probability } = mdp;
  const start = new Float64Array(stateCount).fill(1 / stateCount);
  const sparse = createFiniteHorizon(mdp, HORIZON, 1, 1);
  const adjoint = new Float64Array(HORIZON * stateCount);
  const visits = new Float64Array(pairCount);
  const sparseGradient = (): void => {
    sparse.plan(reward);
    adjoint.fill(0);
    adjoint.set(start);
    visits.fill(0);
    sparse.push(adjoint, visits);
  };
  const dense = denseHorizon(mdp, HORIZON);
  const repeats = repeatsFor(sparseGradient, 50);
  const variants = {
    sparse: () => cpuTime(sparseGradient, repeats),
    dense: () => cpuTime(() => dense.run(reward, start)),
  };
  const referee = startPython(
    HORIZON_IN_PYTHON,
    [
      Int32Array.of(stateCount, pairCount / stateCount, nextState.length, HORIZON),
      transitionStart,
      nextState,
      probability,
      reward,
      start,
    ],
    'scipy',
  );
  const apart = () => visits.reduce((max, d, p) => Math.max(max, Math.abs(d - dense.visits[p])), 0);
  if (!isReferee(referee)) {
    const least = await leastOf(variants, ROUNDS);
    notes.push(`${size}²: visits differ from dense by ${apart().toExponential(0)}`);
    notes.push(`${size}²: scipy skipped: ${referee.skipped}`);
    return { ...least, scipy: null };
  }
  try {
    const scipy = async () => (await referee.ask(3)).milliseconds;
    const least = await leastOf({ ...variants, scipy }, ROUNDS);
    const { check } = await referee.ask(1);
    const ours = visits.reduce((sum, d, pair) => sum + d * pair, 0);
    notes.push(
      `${size}²: visits differ from dense by ${apart().toExponential(0)}, their weighted sum from ` +
        `scipy by ${(Math.abs(check - ours) / ours).toExponential(0)} of it`,
    );
    return least;
  } finally {
    referee.close();
  }
}
