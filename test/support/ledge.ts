/**
 * A row of four cells beside a ledge: action 1 goes right (the last cell holds), action 0 goes left,
 * and left of the first cell one falls, which ends the episode. One sees which cell one is in.
 */

import type { SimulatedProblem } from '../../src/algorithms/simulated/simulatedProblem.ts';
import type { Episodes } from '../../src/demonstrations/sources/episodes.ts';
import { checkIndex, Episode } from '../../src/environments/episode.ts';
import { stepFeatures } from '../../src/features/stepFeatures.ts';
import { createRng, type Rng } from '../../src/numeric/rng.ts';

export const CELLS = 4;

export class Ledge extends Episode<number> {
  readonly actions = { kind: 'discrete', count: 2 } as const;
  readonly state = new Float64Array(1);
  readonly observation = new Float64Array(CELLS);

  constructor(timeLimit = 40) {
    super(timeLimit);
  }

  protected begin(rng: Rng): void {
    this.state[0] = Math.floor(CELLS * rng());
  }

  protected check(action: number): void {
    checkIndex(action, 2);
  }

  protected advance(action: number): number {
    const to = this.state[0] + (action === 1 ? 1 : -1);
    this.terminated = to < 0;
    this.state[0] = Math.min(Math.max(to, 0), CELLS - 1);
    return 1;
  }

  protected observe(): void {
    for (let i = 0; i < CELLS; i++) this.observation[i] = i === this.state[0] ? 1 : 0;
  }
}

/** Being there, and being in the last cell. */
export const ledgeFeatures = stepFeatures({
  alive: () => 1,
  last: (observation) => observation[CELLS - 1],
});

/** [cells] log-odds of going right rather than left, by sweeping the soft Bellman equation. */
export function ledgeOdds(theta: readonly number[], discount: number): number[] {
  let value: number[] = new Array(CELLS).fill(0);
  let odds: number[] = [];
  for (let sweep = 0; sweep < 500; sweep++) {
    const q = value.map((_, i) => {
      const paid = theta[0] + (i === CELLS - 1 ? theta[1] : 0);
      const right = paid + discount * value[Math.min(i + 1, CELLS - 1)];
      return [i === 0 ? paid : paid + discount * value[i - 1], right];
    });
    value = q.map(([left, right]) => Math.log((Math.exp(left) + Math.exp(right)) / 2));
    odds = q.map(([left, right]) => right - left);
  }
  return odds;
}

/** Episodes of the soft-optimal policy, begun in every cell in turn. */
export function ledgeEpisodes(
  theta: readonly number[],
  discount: number,
  count: number,
  seed = 0,
): Episodes {
  const odds = ledgeOdds(theta, discount);
  const rng = createRng(seed, 'ledge');
  const world = new Ledge();
  const [observations, actions, stepStart, observationStart, ends]: [
    number[],
    number[],
    number[],
    number[],
    Episodes['ends'][number][],
  ] = [[], [], [0], [0], []];
  for (let e = 0; e < count; e++) {
    world.startAt([e % CELLS]);
    observations.push(...world.observation);
    while (!world.terminated && !world.truncated) {
      const action = rng() < 1 / (1 + Math.exp(-odds[world.state[0]])) ? 1 : 0;
      world.step(action);
      actions.push(action);
      observations.push(...world.observation);
    }
    ends.push(world.terminated ? 'terminated' : 'truncated');
    stepStart.push(actions.length);
    observationStart.push(observations.length / CELLS);
  }
  return {
    layout: {
      observations: { kind: 'box', names: Array.from({ length: CELLS }, (_, i) => `cell ${i}`) },
      actions: { kind: 'discrete' },
      hasRewards: false,
    },
    count,
    names: ends.map((_, e) => `walk ${e}`),
    stepStart: Int32Array.from(stepStart),
    observationStart: Int32Array.from(observationStart),
    observationWidth: CELLS,
    observations: Float64Array.from(observations),
    actionWidth: 1,
    actions: Float64Array.from(actions),
    rewards: null,
    ends,
  };
}

export function ledgeProblem(
  theta: readonly number[],
  count: number,
  discount = 0.8,
): SimulatedProblem {
  return {
    createSimulator: () => new Ledge(),
    demonstrations: ledgeEpisodes(theta, discount, count),
    features: ledgeFeatures,
    discount,
    temperature: 1,
    stateOf: (observation) => [Array.from(observation).indexOf(1)],
  };
}
