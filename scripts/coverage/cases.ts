/**
 * What the coverage study draws data from: known rewards, and people who are not as the model says.
 *
 * Rust's bus model has the parameters and the size of his group 4 (37 buses, 116 months). The grid
 * is 10 × 10 cells on which moving costs effort, some cells are wet and the view differs.
 */

import type { Problem } from '../../src/algorithms/problem.ts';
import { slipGrid } from '../../src/environments/gridworld.ts';
import { replacementPair, replacementWorld } from '../../src/environments/replacement.ts';
import type { StandardErrorKind } from '../../src/evaluation/inference/standardErrors.ts';
import { tabulateFeatures } from '../../src/features/tabulateFeatures.ts';
import type { Trajectories } from '../../src/mdp/trajectories.ts';

/** People of one kind. */
export interface People {
  /** Share of all. */
  readonly share: number;
  /** [features] what they want. */
  readonly theta: readonly number[];
}

export interface CoverageCase {
  readonly name: string;
  readonly words: string;
  readonly build: () => Problem;
  /** Trajectories in a data set. */
  readonly trajectories: number;
  readonly people: readonly People[];
  /** Which features the model sees; all where absent. */
  readonly seen?: readonly string[];
  /** For which standard errors theory promises coverage in large samples, and this one is large. */
  readonly promised: readonly StandardErrorKind[];
  /** Refits of the trajectory bootstrap for each data set; 0 for none. */
  readonly bootstrap?: number;
}

const ALL: readonly StandardErrorKind[] = [
  'hessian',
  'outerProduct',
  'outerProductTrajectory',
  'sandwich',
];

/** Rust (1987), table IX, group 4; the increments of its first stage. */
function bus(): Problem {
  const world = replacementWorld({ bins: 90, increments: [0.3919, 0.5953, 0.0128] });
  const features = tabulateFeatures(world, {
    'replacement cost': (_bin, action) => (action === 'replace' ? -1 : 0),
    'mileage cost': (bin, action) => (action === 'keep' ? -0.001 * Number(bin) : 0),
  });
  const initial = new Float64Array(world.mdp.stateCount);
  initial[0] = 1;
  const trajectories = observation(116, replacementPair(0, false));
  const time = { kind: 'discounted', discount: 0.9999 } as const;
  return { world, time, goals: [], features, trajectories, initial, temperature: 1 };
}

/** @param decisions of a walk */
function grid(decisions: number): Problem {
  const world = slipGrid({ size: 10, slip: 0.2 });
  const at = (state: string): [number, number] => state.split(',').map(Number) as [number, number];
  const features = tabulateFeatures(world, {
    effort: (_state, action) => (action === 'stay' ? 0 : 1),
    wet: (state) => (at(state)[0] % 3 === 1 ? 1 : 0),
    view: (state) => at(state)[1] / 9,
  });
  const { stateCount } = world.mdp;
  const initial = new Float64Array(stateCount).fill(1 / stateCount);
  const time = { kind: 'discounted', discount: 0.9 } as const;
  const trajectories = observation(decisions, 0);
  return { world, time, goals: [], features, trajectories, initial, temperature: 1 };
}

/** One recording that says how many decisions are watched; its states and pairs are of no meaning. */
function observation(decisions: number, pair: number): Trajectories {
  return {
    count: 1,
    rowStart: Int32Array.of(0, decisions),
    state: new Int32Array(decisions),
    pair: new Int32Array(decisions).fill(pair),
    goal: Int32Array.of(-1),
    weight: Float64Array.of(1),
    stopped: new Uint8Array(1),
    names: ['as watched'],
    folds: null,
  };
}

const BUS: readonly People[] = [{ share: 1, theta: [10.075, 2.293] }];
const WALKERS: readonly People[] = [{ share: 1, theta: [-0.6, -0.8, 1] }];
/** Half of them mind the water and effort, half do not: nobody is like the average. */
const TWO_KINDS: readonly People[] = [
  { share: 0.5, theta: [-1.4, -1.6, 0.2] },
  { share: 0.5, theta: [0.2, 0, 1.8] },
];

export const cases: readonly CoverageCase[] = [
  {
    name: 'bus, 37 engines',
    words: "Rust's model at its own size: 4,292 decisions, some 31 replacements",
    build: bus,
    trajectories: 37,
    people: BUS,
    promised: [],
    bootstrap: 199,
  },
  {
    name: 'bus, 370 engines',
    words: "Rust's model with ten times his buses",
    build: bus,
    trajectories: 370,
    people: BUS,
    promised: ALL,
  },
  {
    name: 'grid, 12 walks',
    words: 'few clusters: 12 walks of 15 decisions',
    build: () => grid(15),
    trajectories: 12,
    people: WALKERS,
    promised: [],
    bootstrap: 199,
  },
  {
    name: 'grid, 300 walks',
    words: '300 walks of 15 decisions',
    build: () => grid(15),
    trajectories: 300,
    people: WALKERS,
    promised: ALL,
  },
  {
    name: 'grid, two kinds of walkers',
    words:
      '150 walks of 60 decisions; half of the walkers want something else than the others, the model has one reward for all, and what is covered is its best approximation',
    build: () => grid(60),
    trajectories: 150,
    people: TWO_KINDS,
    promised: ['sandwich'],
  },
  {
    name: 'grid, no eye for the view',
    words:
      '300 walks; the view is left out of the model, and what is covered is its best approximation',
    build: () => grid(15),
    trajectories: 300,
    people: WALKERS,
    seen: ['effort', 'wet'],
    promised: ['sandwich'],
  },
];
