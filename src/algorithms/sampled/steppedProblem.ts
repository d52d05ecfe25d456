/**
 * A problem of plain tables as somebody meets it who is not told its dynamics: what each state offers,
 * a simulator to step through, and the decisions that were demonstrated.
 */

import { TabularSimulator } from '../../environments/tabularSimulator.ts';
import type { TabularTask } from '../../environments/tabularTask.ts';
import {
  type Layers,
  layersOfTime,
  oneLayer,
  type SteppedWorld,
} from '../../learning/walks/layeredWalk.ts';
import { eachDecision } from '../eachDecision.ts';
import type { Problem } from '../problem.ts';

/** Decisions that are alike: one choice in one state of one layer. */
export interface DemonstratedDecisions {
  /** [decisions] */
  readonly layer: Int32Array;
  readonly state: Int32Array;
  /** [decisions] pair of the world. */
  readonly pair: Int32Array;
  /** [decisions] weighted number of times, above 0. */
  readonly weight: Float64Array;
}

export interface SteppedProblem {
  readonly world: SteppedWorld;
  readonly decisions: DemonstratedDecisions;
}

/** @throws RangeError where nothing ends an episode, or an exit would have to be taken */
export function steppedProblem(problem: Problem): SteppedProblem {
  const { world, goals, time, temperature } = problem;
  if (!(temperature > 0))
    throw new RangeError(
      `Cannot fit from samples: the temperature must be > 0, got ${temperature}; without one nothing is soft`,
    );
  if (time.kind === 'undiscounted')
    throw new RangeError(
      'Cannot fit from samples without a discount or a horizon: an episode may never end; give --discount below 1, or --horizon',
    );
  if (goals.some(({ absorbing }) => !absorbing))
    throw new RangeError(
      'Cannot fit from samples with exits: goals must be states; leave out --exits, or use causal-entropy',
    );
  const { pairStart } = world.mdp;
  const layers =
    time.kind === 'finite'
      ? layersOfTime(time.horizon)
      : goals.length > 0
        ? layersOf(goals)
        : oneLayer;
  const task = unpaidTask(problem);
  return {
    world: { pairStart, layers, simulate: (rng) => new TabularSimulator(task, rng) },
    decisions: demonstratedDecisions(problem),
  };
}

/** Layers by goal, each of which ends in its states. */
function layersOf(goals: Problem['goals']): Layers {
  const ends = goals.map(({ stopState }) => new Set(stopState));
  return {
    count: goals.length,
    after: (layer) => layer,
    endsAt: (layer, state) => ends[layer].has(state),
  };
}

/** The world to step through; nothing is paid, and it begins where the recorded ones began. */
function unpaidTask({ world, trajectories, initial }: Problem): TabularTask {
  const { mdp } = world;
  const starts = new Float64Array(mdp.stateCount);
  const { rowStart, state, weight, count } = trajectories;
  for (let i = 0; i < count; i++) starts[state[rowStart[i]]] += weight[i];
  return {
    world,
    outcomes: {
      start: mdp.transitionStart,
      to: mdp.nextState,
      probability: mdp.probability,
      reward: new Float64Array(mdp.nextState.length),
    },
    reward: new Float64Array(mdp.pairCount),
    initial: initial ?? starts,
    timeLimit: Number.POSITIVE_INFINITY,
  };
}

function demonstratedDecisions({ world, time, trajectories }: Problem): DemonstratedDecisions {
  const { pairCount } = world.mdp;
  const { rowStart, state, pair, goal, weight } = trajectories;
  const found = new Map<number, { layer: number; state: number; pair: number; weight: number }>();
  eachDecision(trajectories, (i, row) => {
    if (weight[i] === 0) return;
    const layer = time.kind === 'finite' ? row - rowStart[i] : Math.max(goal[i], 0);
    const key = layer * pairCount + pair[row];
    const known = found.get(key);
    if (known) known.weight += weight[i];
    else found.set(key, { layer, state: state[row], pair: pair[row], weight: weight[i] });
  });
  if (found.size === 0)
    throw new RangeError('Cannot fit from samples: the trajectories hold no decision');
  const all = [...found].sort(([a], [b]) => a - b).map(([, decision]) => decision);
  return {
    layer: Int32Array.from(all, ({ layer }) => layer),
    state: Int32Array.from(all, ({ state: s }) => s),
    pair: Int32Array.from(all, ({ pair: p }) => p),
    weight: Float64Array.from(all, ({ weight: w }) => w),
  };
}
