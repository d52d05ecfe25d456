/**
 * How much does Newton's method save over soft value iteration? Slip grid of 128² states, from
 * V = 0 until max |TV − V| ≤ 1e-8; the discount varies. Value iteration runs on the fast sweep.
 */

import { EXP_TABLE } from '../numeric/fastExp.ts';
import type { SoftBellman } from '../planning/softBellman.ts';
import { SoftPolicyIteration } from '../planning/softPolicyIteration.ts';
import { softSweep } from '../planning/softSweep.ts';
import type { Benchmark } from './benchmark.ts';
import type { GoalName, Measured } from './goals.ts';
import { rewardedGrid } from './problems.ts';
import { cpuTime, leastOf } from './stopwatch.ts';

const SIZE = 128;
const TOLERANCE = 1e-8;
/** Value iteration near γ = 1 takes most of a minute; see `STRETCH`. */
const CASES = [
  { discount: 0.9, rounds: 9 },
  { discount: 0.99, rounds: 3 },
  { discount: 0.999, rounds: 1 },
] as const;
/** Value iteration is timed in stretches of so many sweeps, and the least of them stands for all. */
const STRETCH = 100;
/** Policy iteration runs so often in each round. */
const TIMES = 5;

export const newton: Benchmark = {
  summary: 'Soft policy iteration against soft value iteration',
  async run({ seed, progress }) {
    const rows: (string | number)[][] = [];
    const notes: string[] = [];
    const measured: Partial<Record<GoalName, Measured>> = {};
    for (const { discount, rounds } of CASES) {
      progress(`newton, γ = ${discount}`);
      const { problem, reward } = rewardedGrid(SIZE, discount, seed);
      let sweeps = 0;
      let swept = new Float64Array(0);
      let planner = new SoftPolicyIteration(problem, { tolerance: TOLERANCE });
      const policyIteration = (): number =>
        cpuTime(() => {
          planner = new SoftPolicyIteration(problem, { tolerance: TOLERANCE });
          planner.plan(reward);
        });
      // A few untimed runs, so that what is timed once is not timed cold.
      policyIteration();
      policyIteration();
      const least = await leastOf(
        {
          valueIteration: () => {
            const run = valueIteration(problem, reward);
            ({ sweeps, value: swept } = run);
            return run.milliseconds;
          },
          policyIteration: () => Math.min(...Array.from({ length: TIMES }, policyIteration)),
        },
        rounds,
      );
      const ratio = least.valueIteration / least.policyIteration;
      measured[`newton-${discount}`] = planner.residualNorm <= TOLERANCE ? ratio : Number.NaN;
      rows.push([
        discount,
        sweeps,
        least.valueIteration.toFixed(0),
        planner.steps,
        least.policyIteration.toFixed(1),
        planner.residualNorm.toExponential(1),
        `${ratio.toFixed(1)} ×`,
      ]);
      const apart = swept.reduce((max, v, s) => Math.max(max, Math.abs(v - planner.value[s])), 0);
      const allowed = (TOLERANCE * 2) / (1 - discount);
      notes.push(
        `γ = ${discount}: values differ by ${apart.toExponential(1)}; ` +
          `the tolerance allows ${allowed.toExponential(1)}`,
      );
    }
    const head = ['γ', 'sweeps', 'ms', 'Newton steps', 'ms', 'residual', 'faster'];
    const title = `Planning on ${SIZE}² states to a residual of ${TOLERANCE}, preparation included`;
    return { tables: [{ title, head, rows }], notes, measured };
  },
};

function valueIteration(problem: SoftBellman, reward: Float64Array) {
  let value = new Float64Array(problem.mdp.stateCount);
  let next = new Float64Array(problem.mdp.stateCount);
  let sweeps = 0;
  let change = Number.POSITIVE_INFINITY;
  let perSweep = Number.POSITIVE_INFINITY;
  const sweep = (): void => {
    [value, next] = [next, value];
    change = softSweep(problem, reward, value, next, EXP_TABLE);
    sweeps++;
  };
  while (change > TOLERANCE) {
    const before = sweeps;
    const spent = cpuTime(() => {
      do sweep();
      while (change > TOLERANCE && sweeps % STRETCH !== 0);
    });
    if (sweeps - before === STRETCH) perSweep = Math.min(perSweep, spent / STRETCH);
  }
  // The residual is that of the value that went in.
  return { value, sweeps, milliseconds: sweeps * perSweep };
}
