/**
 * How fast is one soft sweep, against C with libm and against memory? Slip grids of 32², 256² and
 * 1024² states, about 25 transitions each; values only, and with the policy and its matrix.
 */

import { EXP_TABLE } from '../numeric/fastExp.ts';
import { collapsedPattern } from '../planning/collapsedPattern.ts';
import { softBellmanPass } from '../planning/softBellman.ts';
import { softSweep } from '../planning/softSweep.ts';
import type { Benchmark } from './benchmark.ts';
import type { GoalName, Measured } from './goals.ts';
import { type RewardedGrid, rewardedGrid } from './problems.ts';
import { isReferee, type NoReferee, type Referee, startC } from './referee.ts';
import { cpuTime, leastOf, repeatsFor } from './stopwatch.ts';
import { SWEEP_IN_C } from './sweepInC.ts';

const ROUNDS = 9;
/** Sweeps from V = 0 before measuring: values as they are on the way, not at the end. */
const WARM = 10;

export const sweep: Benchmark = {
  summary: 'One soft sweep against C with libm: ns per transition, GB/s',
  async run({ seed, progress }) {
    const rows: (string | number)[][] = [];
    const notes: string[] = [];
    const measured: Partial<Record<GoalName, Measured>> = {};
    for (const size of [32, 256, 1024] as const) {
      progress(`sweep, ${size}² states`);
      const grid = rewardedGrid(size, 0.9, seed);
      const { transitions, bytes } = footprint(grid);
      const result = await measure(grid);
      const row = (name: string, milliseconds: number): (string | number)[] => [
        `${size}²`,
        name,
        milliseconds.toPrecision(3),
        ((milliseconds * 1e6) / transitions).toFixed(2),
        (bytes / (milliseconds * 1e6)).toFixed(1),
        typeof result.c === 'number' ? (milliseconds / result.c).toFixed(2) : '–',
      ];
      rows.push(row('sweep', result.sweep), row('sweep with policy and matrix', result.pass));
      if (typeof result.c === 'number') {
        rows.push(row('C -O3 -march=native', result.c));
        notes.push(
          `${size}²: the sum of the values differs from that of C by ${result.difference.toExponential(0)} of it`,
        );
      }
      measured[`sweep-${size}`] = typeof result.c === 'number' ? result.sweep / result.c : result.c;
    }
    const head = ['states', 'kernel', 'ms', 'ns per transition', 'GB/s', 'time / C'];
    return { tables: [{ title: 'One soft sweep', head, rows }], notes, measured };
  },
};

/** Transitions, and the least number of bytes that a sweep must touch. */
function footprint({ problem: { mdp }, reward }: RewardedGrid) {
  const { nextState, probability, transitionStart, pairStart, stateCount } = mdp;
  const arrays = [nextState, probability, transitionStart, pairStart, reward];
  const bytes = arrays.reduce((sum, array) => sum + array.byteLength, 0) + 2 * 8 * stateCount;
  return { transitions: nextState.length, bytes };
}

async function measure({ problem, reward }: RewardedGrid): Promise<{
  sweep: number;
  pass: number;
  c: number | NoReferee;
  difference: number;
}> {
  const { mdp, discount } = problem;
  const { stateCount, pairCount, pairStart, transitionStart, nextState, probability } = mdp;
  let value = new Float64Array(stateCount);
  let out = new Float64Array(stateCount);
  for (let i = 0; i < WARM; i++) {
    softSweep(problem, reward, value, out, EXP_TABLE);
    [value, out] = [out, value];
  }
  const pattern = collapsedPattern(mdp);
  const policy = new Float64Array(pairCount);
  const residual = new Float64Array(stateCount);
  const sweepOnce = (): void => {
    softSweep(problem, reward, value, out, EXP_TABLE);
  };
  const passOnce = (): void => {
    softBellmanPass(problem, reward, value, pattern, policy, residual, EXP_TABLE);
  };
  const repeats = repeatsFor(sweepOnce);
  const kernels = {
    sweep: () => cpuTime(sweepOnce, repeats),
    pass: () => cpuTime(passOnce, repeats),
  };

  const referee = startC(SWEEP_IN_C, [
    Int32Array.of(stateCount, pairCount, nextState.length),
    pairStart,
    transitionStart,
    nextState,
    probability,
    Float64Array.of(discount),
    reward,
    value,
  ]);
  if (!isReferee(referee))
    return { ...(await leastOf(kernels, ROUNDS)), c: referee, difference: Number.NaN };
  try {
    const c = async () => (await referee.ask(repeats)).milliseconds;
    const least = await leastOf({ ...kernels, c }, ROUNDS);
    return { ...least, difference: await relativeDifference(referee, out) };
  } finally {
    referee.close();
  }
}

async function relativeDifference(referee: Referee, out: Float64Array): Promise<number> {
  const { check } = await referee.ask(1);
  const sum = out.reduce((total, v) => total + v, 0);
  return Math.abs(sum - check) / Math.abs(check);
}
