/** What the questions share: episodes of the expert, a clone of some of them, and how well it plays. */

import {
  CartPole,
  ClonedPolicy,
  type CloneScores,
  type CloningActions,
  type CloningFit,
  type CloningOptions,
  cloneBehavior,
  cloneScores,
  cloningRows,
  createRng,
  dataFile,
  type Episodes,
  kernelEngine,
  openNpz,
  Pendulum,
  pendulumStarts,
  readEpisodes,
} from 'revealed';

export const cartPoleActions: CloningActions = { kind: 'discrete', count: 2 };
export const pendulumActions: CloningActions = {
  kind: 'continuous',
  size: 1,
  box: { low: [-2], high: [2] },
};

export async function expertEpisodes(task: 'cartpole' | 'pendulum'): Promise<Episodes> {
  const timeLimit = task === 'cartpole' ? 500 : 200;
  return readEpisodes(await openNpz(dataFile('expert_play', `${task}.npz`), { timeLimit }));
}

export interface Cloned {
  readonly fit: CloningFit;
  readonly policy: ClonedPolicy;
  /** In the episodes that were not used at all; null where all were. */
  readonly others: CloneScores | null;
}

/** Clones some episodes, and scores the clone on all others. */
export function cloneOf(
  episodes: Episodes,
  actions: CloningActions,
  which: readonly number[],
  options: CloningOptions,
  seed: number,
): Cloned {
  const engine = kernelEngine('kernels', 64);
  const steps = cloneBehavior(engine, cloningRows(episodes, actions, which), options, seed);
  let next = steps.next();
  while (!next.done) next = steps.next();
  const policy = new ClonedPolicy(engine, next.value.policy);
  const used = new Set(which);
  const rest = Array.from({ length: episodes.count }, (_, i) => i).filter((i) => !used.has(i));
  const others =
    rest.length === 0 ? null : cloneScores(policy, cloningRows(episodes, actions, rest));
  return { fit: next.value, policy, others };
}

/** Mean return of 100 episodes, taking the likeliest action. */
export function cartPoleReturn(policy: ClonedPolicy, seed: number): number {
  const rng = createRng(seed, 'starts');
  const world = new CartPole();
  const action = new Float64Array(1);
  let sum = 0;
  for (let i = 0; i < 100; i++) {
    world.reset(rng);
    while (!world.terminated && !world.truncated) {
      policy.act(world.observation, null, action);
      sum += world.step(action[0]);
    }
  }
  return sum / 100;
}

/** Mean return from the hundred starts, and from how many it is within 50 of near-optimal. */
export function pendulumReturn(policy: ClonedPolicy): { mean: number; near: number } {
  const world = new Pendulum();
  const action = new Float64Array(1);
  let [mean, near] = [0, 0];
  for (const [angle, speed, best] of pendulumStarts) {
    world.startAt([angle, speed]);
    let sum = 0;
    while (!world.truncated) {
      policy.act(world.observation, null, action);
      sum += world.step(action);
    }
    mean += sum / pendulumStarts.length;
    if (sum > best - 50) near++;
  }
  return { mean, near };
}

/** Mean return of some of the expert's own episodes. */
export function expertReturn({ rewards, stepStart }: Episodes, which: readonly number[]): number {
  let sum = 0;
  for (const i of which)
    for (let t = stepStart[i]; t < stepStart[i + 1]; t++) sum += rewards?.[t] ?? 0;
  return sum / which.length;
}

export function rounded(x: number | null | undefined, digits: number): number | null {
  return x === null || x === undefined ? null : Number(x.toFixed(digits));
}
