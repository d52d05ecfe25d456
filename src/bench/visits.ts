/**
 * How much does a linear solve save over pushing visits forwards? Slip grid of 128² states, visits
 * from one state until Σ |residual| ≤ 1e-9; the discount varies.
 *
 * Both run on the collapsed matrix γ P_π; over all transitions, as one reads it in the papers, each
 * step forwards would cost about five times more.
 */

import { sumNorm } from '../numeric/csr.ts';
import { EXP_TABLE } from '../numeric/fastExp.ts';
import { multiplyIdentityMinusTransposed } from '../numeric/identityMinus.ts';
import { collapsedPattern } from '../planning/collapsedPattern.ts';
import { createPolicySolver } from '../planning/policySolver.ts';
import { softBellmanPass } from '../planning/softBellman.ts';
import { SoftPolicyIteration } from '../planning/softPolicyIteration.ts';
import type { Benchmark } from './benchmark.ts';
import type { GoalName, Measured } from './goals.ts';
import { rewardedGrid } from './problems.ts';
import { cpuTime, leastOf } from './stopwatch.ts';

const SIZE = 128;
const TOLERANCE = 1e-9;
const ROUNDS = 5;

export const visits: Benchmark = {
  summary: 'Expected visits by a transposed solve against pushing them forwards',
  async run({ seed, progress }) {
    const rows: (string | number)[][] = [];
    const notes: string[] = [];
    const measured: Partial<Record<GoalName, Measured>> = {};
    for (const discount of [0.9, 0.99, 0.999] as const) {
      progress(`visits, γ = ${discount}`);
      const matrix = policyMatrix(discount, seed);
      const { size } = matrix;
      const start = new Float64Array(size);
      start[(SIZE / 2) * SIZE + SIZE / 2] = 1;
      const solver = createPolicySolver(matrix);
      const solved = new Float64Array(size);
      const pushed = new Float64Array(size);
      const residual = new Float64Array(size);
      let steps = 0;
      const least = await leastOf(
        {
          solve: () =>
            cpuTime(() => {
              solved.fill(0);
              solver.refresh();
              solver.solveTransposed(start, solved, TOLERANCE);
            }),
          push: () =>
            cpuTime(() => {
              pushed.set(start);
              for (steps = 1; ; steps++) {
                multiplyIdentityMinusTransposed(matrix, pushed, residual);
                for (let s = 0; s < size; s++) residual[s] = start[s] - residual[s];
                if (sumNorm(residual) <= TOLERANCE) break;
                for (let s = 0; s < size; s++) pushed[s] += residual[s];
              }
            }),
          step: () => cpuTime(() => multiplyIdentityMinusTransposed(matrix, pushed, residual), 50),
        },
        ROUNDS,
      );
      // Only products count, the least that pushing can cost.
      const ratio = (steps * least.step) / least.solve;
      const apart = solved.reduce((sum, v, s) => sum + Math.abs(v - pushed[s]), 0);
      notes.push(
        `γ = ${discount}: Σ D = ${solved.reduce((sum, v) => sum + v, 0).toPrecision(8)}, ` +
          `wanted ${(1 / (1 - discount)).toPrecision(8)}; Σ |difference| ${apart.toExponential(0)}`,
      );
      rows.push([
        discount,
        steps,
        least.push.toFixed(1),
        (steps * least.step).toFixed(1),
        least.solve.toFixed(1),
        (least.solve / least.step).toFixed(0),
        `${ratio.toFixed(1)} ×`,
      ]);
      if (discount !== 0.9) measured[`visits-${discount}`] = ratio;
    }
    const head = [
      'γ',
      'steps',
      'ms',
      'of it products',
      'solve ms',
      'in products',
      'faster than products',
    ];
    const title = `Visits on ${SIZE}² states to a residual of ${TOLERANCE}`;
    return { tables: [{ title, head, rows }], notes, measured };
  },
};

/** γ P_π of the soft-optimal policy. */
function policyMatrix(discount: number, seed: number) {
  const { problem, reward } = rewardedGrid(SIZE, discount, seed);
  const planner = new SoftPolicyIteration(problem);
  planner.plan(reward);
  const pattern = collapsedPattern(problem.mdp);
  const residual = new Float64Array(problem.mdp.stateCount);
  softBellmanPass(problem, reward, planner.value, pattern, planner.policy, residual, EXP_TABLE);
  return pattern.matrix;
}
