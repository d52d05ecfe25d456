/** Objectworld: what a reward that is not linear in the features costs a linear one, by the number of demonstrations. */

import {
  causalEntropy,
  causalEntropyNetwork,
  createRng,
  evaluatePolicy,
  finish,
  meanInterval,
  objectWorld,
  type Problem,
  type Question,
  SoftPolicyIteration,
  sampleIndex,
  terminalStop,
  valueIteration,
} from 'revealed';

const SIZE = 32;
const COUNTS = [16, 32, 64, 128];
const LENGTH = 8;
const SEEDS = 8;
const DISCOUNT = 0.9;
/** How much those who demonstrate choose by chance. */
const TEMPERATURE = 0.1;

export const objects: Question = {
  name: 'objects',
  title: 'How much does a network add where the reward is not linear in what it sees?',
  *ask(seed) {
    const lost = {
      linear: COUNTS.map((): number[] => []),
      network: COUNTS.map((): number[] => []),
    };
    const rows: (string | number | null)[][] = [];
    for (let i = 0; i < SEEDS; i++)
      for (let k = 0; k < COUNTS.length; k++) {
        const { problem, difference } = demonstrations(COUNTS[k], seed + i);
        const linear = finish(causalEntropy.fit(problem, {}));
        const network = finish(causalEntropyNetwork.fit(problem, { seed: seed + i }));
        lost.linear[k].push(difference(linear.arrays.reward));
        lost.network[k].push(difference(network.arrays.reward));
        rows.push([
          COUNTS[k],
          seed + i,
          Number(lost.linear[k][i].toFixed(4)),
          Number(lost.network[k][i].toFixed(4)),
          linear.stop,
          network.stop,
        ]);
        yield rows.length / (SEEDS * COUNTS.length);
      }
    const means = (side: readonly number[][]) => side.map((x) => meanInterval(x));
    const [linear, network] = [means(lost.linear), means(lost.network)];
    const wins = COUNTS.map(
      (_, k) => lost.network[k].filter((x, i) => x < lost.linear[k][i]).length,
    );
    const last = COUNTS.length - 1;
    return {
      sentence: `With ${COUNTS[0]} demonstrations of ${LENGTH} steps the policy of the linear reward loses ${linear[0].value.toFixed(2)} of value on average over all cells, that of the network ${network[0].value.toFixed(2)}; with ${COUNTS[last]} ${linear[last].value.toFixed(2)} and ${network[last].value.toFixed(2)}. What a cell is worth depends on two distances together, which no sum of them says.`,
      findings: [
        {
          claim: 'With the most demonstrations the network loses less for every seed',
          holds: wins[last] === SEEDS,
          evidence: COUNTS.map((n, k) => `${n}: ${wins[k]} of ${SEEDS}`).join(', '),
          law: false,
        },
        {
          claim: 'It loses less on average with any number of demonstrations',
          holds: COUNTS.every((_, k) => network[k].value < linear[k].value),
          evidence: COUNTS.map(
            (n, k) => `${n}: ${linear[k].value.toFixed(2)} and ${network[k].value.toFixed(2)}`,
          ).join(', '),
          law: false,
        },
      ],
      tables: [
        {
          title: 'Expected value difference in the true reward, mean over all cells',
          columns: ['demonstrations', 'seed', 'linear', 'network', 'linear fit', 'network fit'],
          rows: rows.sort((a, b) => Number(a[0]) - Number(b[0])),
        },
      ],
      charts: [
        {
          name: 'difference',
          title: 'What acting by a learned reward loses, by demonstrations',
          caption: `Best policy less that of the learned reward, valued in the true one. Mean of ${SEEDS} worlds of ${SIZE} × ${SIZE} cells with 95 % intervals; 0 is perfect.`,
          kind: 'curves',
          x: { label: `demonstrations of ${LENGTH} steps`, scale: 'log' },
          y: { label: 'expected value difference' },
          series: [
            { name: 'linear', points: curve(linear) },
            { name: 'linear and network', points: curve(network) },
          ],
        },
      ],
    };
  },
};

function curve(estimates: readonly ReturnType<typeof meanInterval>[]) {
  return estimates.map(({ value, low, high }, k) => ({ x: COUNTS[k], y: value, low, high }));
}

/** Walks of soft-optimal people, and what acting by a reward loses against the best. */
function demonstrations(
  count: number,
  seed: number,
): { problem: Problem; difference: (reward: Float64Array) => number } {
  const { task, features } = objectWorld({ size: SIZE, seed });
  const { world, reward, initial } = task;
  const { mdp } = world;
  const people = new SoftPolicyIteration({
    mdp,
    discount: DISCOUNT,
    temperature: TEMPERATURE,
    stop: terminalStop(mdp),
  });
  people.plan(reward);
  const rng = createRng(seed, `${count} demonstrations`);
  const state = new Int32Array(count * LENGTH);
  const pair = new Int32Array(count * LENGTH);
  for (let i = 0; i < count; i++) {
    let s = sampleIndex(initial, rng);
    for (let row = i * LENGTH; row < (i + 1) * LENGTH; row++) {
      state[row] = s;
      pair[row] = sampleIndex(people.policy, rng, mdp.pairStart[s], mdp.pairStart[s + 1]);
      const [first, end] = [mdp.transitionStart[pair[row]], mdp.transitionStart[pair[row] + 1]];
      s = mdp.nextState[sampleIndex(mdp.probability, rng, first, end)];
    }
  }
  const best = valueIteration(mdp, reward, { discount: DISCOUNT }).value;
  return {
    problem: {
      world,
      time: { kind: 'discounted', discount: DISCOUNT },
      goals: [],
      features,
      trajectories: {
        count,
        rowStart: Int32Array.from({ length: count + 1 }, (_, i) => i * LENGTH),
        state,
        pair,
        goal: new Int32Array(count).fill(-1),
        weight: new Float64Array(count).fill(1),
        stopped: new Uint8Array(count),
        names: Array.from({ length: count }, (_, i) => String(i)),
        folds: null,
      },
      initial,
      temperature: TEMPERATURE,
    },
    difference(learned) {
      const { greedy } = valueIteration(mdp, learned, { discount: DISCOUNT });
      const policy = new Float64Array(mdp.pairCount);
      for (const chosen of greedy) if (chosen >= 0) policy[chosen] = 1;
      const value = evaluatePolicy(mdp, reward, policy, { discount: DISCOUNT });
      return best.reduce((sum, v, s) => sum + (v - value[s]) / mdp.stateCount, 0);
    },
  };
}
