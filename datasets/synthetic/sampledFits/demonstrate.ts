/** Demonstrations drawn from a policy, as many to fit as to hold out. */

import {
  createRng,
  rollout,
  TabularSimulator,
  type TabularTask,
  type Trajectories,
} from 'revealed';

/** @param policy [pairs] */
export function demonstrate(
  task: TabularTask,
  policy: Float64Array,
  count: number,
): { readonly trajectories: Trajectories; readonly files: readonly [] } {
  const simulator = new TabularSimulator(task, createRng('demonstrations', 'outcomes'));
  const startRng = createRng('demonstrations', 'starts');
  const actionRng = createRng('demonstrations', 'actions');
  const episodes = Array.from({ length: 2 * count }, () =>
    rollout(simulator, policy, { startRng, actionRng }),
  );
  const rowStart = new Int32Array(episodes.length + 1);
  episodes.forEach(({ length }, i) => {
    rowStart[i + 1] = rowStart[i] + length + 1;
  });
  const rows = rowStart[episodes.length];
  const state = new Int32Array(rows);
  const pair = new Int32Array(rows).fill(-1);
  episodes.forEach((episode, i) => {
    for (let t = 0; t <= episode.length; t++) state[rowStart[i] + t] = episode.state[t];
    for (let t = 0; t < episode.length; t++) pair[rowStart[i] + t] = episode.pair[t];
  });
  const trajectories = {
    count: episodes.length,
    rowStart,
    state,
    pair,
    goal: new Int32Array(episodes.length).fill(-1),
    weight: new Float64Array(episodes.length).fill(1),
    stopped: new Uint8Array(episodes.length),
    names: episodes.map((_, i) => `episode ${i + 1}`),
    folds: episodes.map((_, i) => (i % 2 === 0 ? 'train' : 'test')),
  };
  return { trajectories, files: [] };
}
