/**
 * Random small problems of every kind that `revealed fit` takes, with the answer of the dense
 * solver: demonstrations drawn from a true θ, kept only where their maximiser is a single
 * well-conditioned point at a finite place.
 */

import { type DenseFit, denseFit } from './denseFit.ts';
import { denseProblem } from './denseProblem.ts';
import { solveTask } from './denseSolver.ts';
import type { DenseTask } from './denseWorld.ts';
import { randomIds } from './randomNames.ts';
import { type RandomWorld, randomWorld } from './randomWorld.ts';
import { type SeededRandom, seededRandom } from './seededRandom.ts';
import { simulateTrajectory } from './simulateTrajectories.ts';
import type { FitSettings, Tables, TrajectoryRow } from './tables.ts';

export const problemKinds = [
  'discounted',
  'discounted with goals',
  'finite',
  'finite discounted',
  'goals',
  'goals with noisy moves',
  'paths without actions',
  'exits',
  'exits with noisy moves',
] as const;
export type ProblemKind = (typeof problemKinds)[number];

export interface RandomProblem {
  readonly kind: ProblemKind;
  readonly seed: number;
  readonly tables: Tables;
  readonly settings: FitSettings;
  /** [features] what the demonstrations were drawn from. */
  readonly truth: readonly number[];
  readonly answer: DenseFit;
  /** How many draws the seed took until one had a well-defined answer. */
  readonly draws: number;
}

/** Returns the problem of one kind and seed: always the same one. */
export function randomProblem(kind: ProblemKind, seed: number): RandomProblem {
  for (let draws = 1; draws <= 200; draws++) {
    const random = seededRandom(seed * 100_003 + draws * 1009 + problemKinds.indexOf(kind) * 17);
    const drawn = drawProblem(kind, random);
    if (!drawn) continue;
    const { tables, settings, truth } = drawn;
    const answer = denseFit(tables, settings, [truth, truth.map((t) => 2 * t)]);
    if (answer && isWellDefined(answer)) {
      return { kind, seed, tables, settings, truth, answer, draws };
    }
  }
  throw new RangeError(`Cannot draw a problem of kind "${kind}": seed ${seed} gave up`);
}

/**
 * Whether a program can be asked for this answer: identified, bounded and the only one.
 *
 * With an information of 1e-4 per decision, a program that stops at a score of 1e-9 per decision
 * is 1e-5 away from θ̂; a scaled coefficient of 12 or more is nearly a separation.
 */
export function isWellDefined(answer: DenseFit): boolean {
  const { converged, unique, information, reach, problem } = answer;
  return converged && unique && information > 1e-4 && reach < 12 && problem.counts.decisions > 0;
}

interface Plan {
  readonly goals: 'none' | 'states' | 'exits';
  readonly stochastic: boolean;
  readonly undiscounted: boolean;
  readonly finite: boolean;
}

const plans: Record<ProblemKind, (random: SeededRandom) => Plan> = {
  discounted: (random) => plan('none', random.chance(0.6), false, false),
  'discounted with goals': (random) => plan('states', random.chance(0.6), false, false),
  finite: (random) => plan('none', random.chance(0.5), true, true),
  'finite discounted': (random) => plan('none', random.chance(0.5), false, true),
  goals: () => plan('states', false, true, false),
  'goals with noisy moves': () => plan('states', true, true, false),
  'paths without actions': (random) => plan(random.pick(['states', 'exits']), false, true, false),
  exits: () => plan('exits', false, true, false),
  'exits with noisy moves': () => plan('exits', true, true, false),
};

function plan(
  goals: Plan['goals'],
  stochastic: boolean,
  undiscounted: boolean,
  finite: boolean,
): Plan {
  return { goals, stochastic, undiscounted, finite };
}

function drawProblem(kind: ProblemKind, random: SeededRandom) {
  const { goals, stochastic, undiscounted, finite } = plans[kind](random);
  const withoutActions = kind === 'paths without actions';
  const fixes = random.chance(0.15);
  const world = randomWorld(random, {
    stochastic,
    costs: undiscounted && !finite,
    terminals: random.chance(0.5),
    unnamedMoves: !stochastic && random.chance(withoutActions ? 0.7 : 0.15),
    plainNames: fixes,
  });
  if (withoutActions && hasMultiEdges(world)) return null;
  const settings: FitSettings = {
    ...(undiscounted ? {} : { discount: random.pick([0.5, 0.9, 0.95, 0.99]) }),
    ...(finite ? { horizon: random.integer(2, 10) } : {}),
    ...(random.chance(0.15) ? { temperature: random.pick([0.5, 2]) } : {}),
    ...(random.chance(0.15) ? { objective: 'feature-matching' } : {}),
    ...(random.chance(0.15) ? { l2: random.pick([0.1, 1]) } : {}),
    ...(fixes && world.theta.length > 1
      ? { fixed: new Map([[world.features.names[0], world.theta[0]]]) }
      : {}),
  };
  // A penalty beside the dual could be meant in units of either; the interface leaves that open.
  if (settings.objective && settings.l2) return null;

  const exits = goals === 'exits' ? randomExits(random, world) : undefined;
  const goalIds =
    goals === 'none'
      ? [null]
      : exits
        ? [...new Set(exits.map((exit) => exit.goal))]
        : random.shuffle(world.living).slice(0, random.integer(1, 3));
  const tables: Tables = {
    transitions: world.transitions,
    features: world.features,
    trajectories: [],
    ...(exits ? { exits } : {}),
  };
  const demonstrated = demonstrate(random, tables, settings, world, goalIds, withoutActions);
  if (!demonstrated) return null;
  const initial =
    goals === 'none' && !settings.objective && random.chance(0.25)
      ? someStarts(random, world)
      : null;
  return {
    settings,
    tables: {
      ...tables,
      trajectories: demonstrated.rows,
      ...(initial ? { initial } : {}),
    },
    truth: demonstrated.truth,
  };
}

function hasMultiEdges({ transitions }: RandomWorld): boolean {
  return (
    new Set(transitions.map((t) => JSON.stringify([t.state, t.nextState]))).size <
    transitions.length
  );
}

/** Two or three destinations, some of them named as a state that can be passed on the way. */
function randomExits(random: SeededRandom, world: RandomWorld) {
  const count = random.integer(1, 3);
  const goals = random.chance(0.5)
    ? random.shuffle(world.living).slice(0, count)
    : randomIds(random, count, 'zone ');
  const rewarded = random.chance(0.5);
  return goals.flatMap((goal) => {
    const states = random.shuffle(world.living).slice(0, random.integer(1, 2));
    return states.map((state) => ({
      goal,
      state,
      ...(rewarded ? { reward: random.between(-1, 0.5) } : {}),
    }));
  });
}

function someStarts(random: SeededRandom, world: RandomWorld) {
  const states = random.shuffle(world.living).slice(0, 2);
  return states.map((state, i) => ({ state, probability: i === 0 ? 0.25 : 0.75 }));
}

/** Draws trajectories from the true θ, made cheaper or dearer until the model is feasible. */
function demonstrate(
  random: SeededRandom,
  tables: Tables,
  settings: FitSettings,
  world: RandomWorld,
  goals: readonly (string | null)[],
  withoutActions: boolean,
) {
  // Rows without a decision name the goals, so that the tasks exist before there are data.
  const stubs = goals.map((goal, i): TrajectoryRow => {
    const row = { trajectory: `${i}`, step: 0, state: world.living[0], action: '' };
    return goal === null ? row : { ...row, goal };
  });
  const model = denseProblem({ ...tables, trajectories: stubs }, settings);
  let truth = [...world.theta];
  let solved = model.tasks.map((task) => solveTask(task, truth, model));
  for (let attempt = 0; attempt < 6 && solved.some((one) => !one); attempt++) {
    if (settings.fixed) return null;
    truth = truth.map((t) => 1.4 * t);
    solved = model.tasks.map((task) => solveTask(task, truth, model));
  }
  if (solved.some((one) => !one)) return null;

  const count = random.integer(20, 200);
  const weighted = random.chance(0.25);
  const folded = random.chance(0.2);
  const cuts = random.chance(0.3) ? 0.2 : 0;
  const empties = random.chance(0.3) ? 0.1 : 0;
  const names = random.chance(0.3) ? randomIds(random, count, 'trip ') : null;
  const starts = model.states.map((_, state) => state);
  const rows = Array.from({ length: count }, (_, i) => {
    const task = random.integer(0, model.tasks.length - 1);
    const { moves, alive } = model.tasks[task];
    const able = starts.filter((state) => alive[state] && moves[state].length > 0);
    const over = random.chance(empties) ? emptyStart(random, model.tasks[task]) : undefined;
    if (able.length === 0) return [];
    return simulateTrajectory(model, solved[task]!, random, {
      trajectory: names ? names[i] : `${i}`,
      task,
      start: over ?? random.pick(able),
      patience: random.chance(cuts) ? random.integer(1, 3) : patienceOf(random, settings, goals),
      lastState: random.chance(0.7),
      withoutActions,
      ...(weighted ? { weight: random.pick([0.5, 1, 1, 2.5]) } : {}),
      ...(folded ? { fold: `${i % 3}` } : {}),
    });
  });
  return { rows: rows.flat(), truth };
}

/** Where nothing drives the episode to an end, somebody has to stop watching. */
function patienceOf(
  random: SeededRandom,
  settings: FitSettings,
  goals: readonly (string | null)[],
) {
  if (settings.horizon !== undefined || settings.discount === undefined) return 400;
  return random.integer(1, goals[0] === null ? 20 : 60);
}

/** A state where the episode is over before it begins: the goal, or a terminal state. */
function emptyStart(random: SeededRandom, task: DenseTask): number | undefined {
  const over = task.moves.flatMap((moves, state) =>
    task.alive[state] && moves.length === 0 ? [state] : [],
  );
  return over.length > 0 ? random.pick(over) : undefined;
}
