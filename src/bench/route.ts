/**
 * How fast is route choice with many destinations, and does planning survive near infeasibility?
 *
 * The trips of Borlänge: one evaluation of likelihood and gradient against SuperLU in scipy and
 * against one destination at a time on dense vectors, and a whole fit. A grid of 128² cells with reward −β · length, β down to a thousandth above what is feasible at all.
 */

import { finish } from '../algorithms/algorithm.ts';
import { causalEntropy } from '../algorithms/causalEntropy.ts';
import { createCriterion } from '../algorithms/createCriterion.ts';
import { cellGrid } from '../environments/roadGrid.ts';
import type { Mdp } from '../mdp/mdp.ts';
import { analyzeLu } from '../numeric/luPattern.ts';
import { createRng } from '../numeric/rng.ts';
import { createFactors, factorize } from '../numeric/sparseLu.ts';
import { shortestPathGuess } from '../planning/shortestPathGuess.ts';
import { SoftPolicyIteration } from '../planning/softPolicyIteration.ts';
import { stationaryTask } from '../planning/stationaryTask.ts';
import { linearReward } from '../rewards/linearReward.ts';
import type { Benchmark, BenchTable } from './benchmark.ts';
import { denseRoutes } from './denseRoutes.ts';
import type { GoalName, Measured } from './goals.ts';
import { isReferee, startPython } from './referee.ts';
import { borlangeProblem, type RouteProblem } from './routeProblem.ts';
import { ROUTES_IN_PYTHON } from './routesInPython.ts';
import { cpuTime, leastOf } from './stopwatch.ts';

const ROUNDS = 5;
const START = -1.5;
/** β relative to the critical one, below which values are infinite. */
const BETAS = [1.5, 1.1, 1.01, 1.001];

export const route: Benchmark = {
  summary: 'Route choice: near-critical graphs, and the trips of Borlänge',
  async run({ seed, progress }) {
    progress('route, cells');
    const critical = planCells(seed);
    const tables = [critical.table];
    const notes: string[] = [];
    const measured: Partial<Record<GoalName, Measured>> = { 'route-critical': critical.residual };
    const problem = await borlangeProblem();
    if (problem) {
      progress('route, Borlänge');
      const evaluation = await measureEvaluation(problem, notes);
      const whole = await measureFit(problem, notes);
      tables.push(evaluation.table);
      measured['route-gradient'] = evaluation.toScipy;
      measured['route-dense'] = evaluation.toDense;
      measured['route-fit'] = whole;
    } else {
      const skipped = 'the Borlänge files are not at hand: REVEALED_DATA says where they are';
      measured['route-gradient'] = { skipped };
      measured['route-dense'] = { skipped };
      measured['route-fit'] = { skipped };
    }
    return { tables, notes, measured };
  },
};

/** Plans towards one corner; the last row is the nearly infeasible one. */
function planCells(seed: number): { table: BenchTable; residual: number } {
  const { world, features } = cellGrid({ size: 128 }, createRng(seed, 'bench cells'));
  const { mdp } = world;
  const goal = {
    name: 'corner',
    absorbing: true,
    stopState: Int32Array.of(mdp.stateCount - 1),
    stopReward: new Float64Array(1),
  };
  const task = stationaryTask(mdp, goal, Int32Array.of(0), 1);
  const guess = shortestPathGuess(task);
  const critical = criticalBeta(task.mdp, task.worldPair, features.values);
  let residual = Number.NaN;
  const rows = BETAS.map((multiple) => {
    const beta = multiple * critical;
    const reward = Float64Array.from(task.worldPair, (pair) => -beta * features.values[pair]);
    let stop = '';
    let planner: SoftPolicyIteration | undefined;
    const milliseconds = cpuTime(() => {
      planner = new SoftPolicyIteration(
        { mdp: task.mdp, stop: task.stop, discount: 1, temperature: 1 },
        { tolerance: 1e-8, ...(guess ? { firstGuess: guess } : {}) },
      );
      stop = planner.plan(reward);
    });
    residual = stop === 'converged' ? (planner?.residualNorm ?? Number.NaN) : Number.NaN;
    const lowest = planner?.value.reduce((low, v) => Math.min(low, v), 0) ?? Number.NaN;
    return [
      beta.toFixed(4),
      multiple,
      stop,
      planner?.steps ?? 0,
      residual.toExponential(1),
      lowest.toFixed(1),
      milliseconds.toFixed(0),
    ];
  });
  const head = ['β', 'of critical', 'plan', 'steps', 'residual', 'lowest V', 'ms'];
  return {
    table: { title: 'To one corner of 128² cells, reward −β · length', head, rows },
    residual,
  };
}

/** The smallest β, to 1e-6 of it, for which all paths together have a finite weight. */
function criticalBeta(mdp: Mdp, worldPair: Int32Array, length: Float64Array): number {
  const factors = createFactors(analyzeLu(mdp.stateCount, mdp.pairStart, mdp.nextState));
  let low = 0.1;
  let high = 10;
  while (high > low * (1 + 1e-6)) {
    const beta = Math.sqrt(low * high);
    const weight = Float64Array.from(worldPair, (pair) => Math.exp(-beta * length[pair]));
    if (factorize(factors, weight) < 0) high = beta;
    else low = beta;
  }
  return high;
}

async function measureEvaluation(
  problem: RouteProblem,
  notes: string[],
): Promise<{ table: BenchTable; toScipy: Measured; toDense: number }> {
  const { world, features, moments } = problem;
  const theta = new Float64Array(features.names.length).fill(START);
  const model = linearReward(world.mdp, features);
  const reward = new Float64Array(world.mdp.pairCount);
  model.evaluate(theta, reward);
  const surplus = new Float64Array(world.mdp.pairCount);
  const gradient = new Float64Array(theta.length);
  const denseGradient = new Float64Array(theta.length);
  const criterion = createCriterion(problem, moments);
  const dense = denseRoutes(problem);
  let value = Number.NaN;
  let denseValue = Number.NaN;
  const variants = {
    ours: () =>
      cpuTime(() => {
        value = criterion.evaluate(reward, surplus);
        model.pullBack(theta, surplus, gradient);
      }, 5),
    dense: () =>
      cpuTime(() => {
        denseValue = dense(reward, denseGradient);
      }),
  };
  const referee = startPython(ROUTES_IN_PYTHON, arraysOf(problem, theta), 'scipy');
  const skipped = isReferee(referee) ? null : referee.skipped;
  let check = Number.NaN;
  const least: { ours: number; dense: number; scipy?: number } = isReferee(referee)
    ? await leastOf(
        {
          ...variants,
          scipy: async () => {
            const answer = await referee.ask(1);
            check = answer.check;
            return answer.milliseconds;
          },
        },
        ROUNDS,
      ).finally(() => referee.close())
    : await leastOf(variants, ROUNDS);
  const apart = gradient.reduce((max, g, k) => Math.max(max, Math.abs(g - denseGradient[k])), 0);
  notes.push(
    `Borlänge at ${START} each: log-likelihood ${value.toFixed(6)}, dense vectors ` +
      `${denseValue.toFixed(6)}${Number.isNaN(check) ? '' : `, scipy ${check.toFixed(6)}`}; ` +
      `gradients differ by ${apart.toExponential(0)}`,
  );
  const row = (name: string, milliseconds: number): (string | number)[] => [
    name,
    milliseconds.toFixed(1),
    `${(milliseconds / least.ours).toFixed(1)} ×`,
  ];
  const rows = [row('two-sided', least.ours), row('dense vectors', least.dense)];
  if (least.scipy !== undefined) rows.push(row('scipy SuperLU', least.scipy));
  const head = ['method', 'ms', 'times as long'];
  const title = `${problem.trajectories.count} trips to ${moments.tasks.length} destinations: likelihood and gradient`;
  return {
    table: { title, head, rows },
    toScipy: least.scipy === undefined ? { skipped: skipped ?? '' } : least.scipy / least.ours,
    toDense: least.dense / least.ours,
  };
}

async function measureFit(problem: RouteProblem, notes: string[]): Promise<number> {
  const start = Object.fromEntries(problem.features.names.map((name) => [name, START]));
  let summary = '';
  let converged = true;
  const { fit } = await leastOf(
    {
      fit: () =>
        cpuTime(() => {
          const result = finish(causalEntropy.fit(problem, { start }));
          converged &&= result.stop === 'converged';
          summary = `${result.stop}, ${result.evaluations} evaluations, log-likelihood ${result.logLikelihood?.toFixed(6)}`;
        }),
    },
    3,
  );
  notes.push(`Borlänge fit: ${(fit / 1000).toFixed(2)} s, ${summary}`);
  return converged ? fit / 1000 : Number.NaN;
}

/** The problem as `ROUTES_IN_PYTHON` reads it. */
function arraysOf({ world, features, goals, moments }: RouteProblem, theta: Float64Array) {
  const { mdp } = world;
  const { tasks, counts } = moments;
  const ends = tasks.map(({ goal }) => goals[goal]);
  const startsOf = (lengths: number[]): Int32Array => {
    const start = new Int32Array(lengths.length + 1);
    lengths.forEach((length, i) => {
      start[i + 1] = start[i] + length;
    });
    return start;
  };
  const exitStart = startsOf(ends.map(({ stopState }) => stopState.length));
  const valueStart = startsOf(tasks.map(({ state }) => state.length));
  return [
    Int32Array.of(
      mdp.stateCount,
      mdp.pairCount,
      theta.length,
      tasks.length,
      exitStart[tasks.length],
      valueStart[tasks.length],
    ),
    mdp.pairStart,
    mdp.nextState,
    features.values,
    theta,
    counts,
    exitStart,
    Int32Array.from(ends.flatMap(({ stopState }) => [...stopState])),
    Float64Array.from(ends.flatMap(({ stopReward }) => [...stopReward])),
    valueStart,
    Int32Array.from(tasks.flatMap(({ state }) => [...state])),
    Float64Array.from(tasks.flatMap(({ weight }) => [...weight])),
  ];
}
