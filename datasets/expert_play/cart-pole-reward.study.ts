/** Which reward explains one episode of somebody who balances a pole, in a simulator of it. */

import { dataFile, defineSimulatedStudy, openNpz } from 'revealed';

/** What counts as one: the track's end, a fall, and speeds that are seen. */
const UNITS = [2.4, 1.5, 0.21, 1.5];

export default defineSimulatedStudy({
  name: 'cart-pole-reward',
  title: 'Which reward explains one episode of balancing a pole?',
  simulator: { name: 'cart-pole' },
  demonstrations: () => openNpz(dataFile('expert_play', 'cartpole.npz'), { timeLimit: 500 }),
  holdOut: { after: 1 },
  features: {
    alive: () => 1,
    'x²': (seen) => (seen[0] / UNITS[0]) ** 2,
    'ẋ²': (seen) => (seen[1] / UNITS[1]) ** 2,
    'θ²': (seen) => (seen[2] / UNITS[2]) ** 2,
    'θ̇²': (seen) => (seen[3] / UNITS[3]) ** 2,
  },
  discount: 0.97,
  stateOf: (seen) => seen,
  agent: { observationScale: UNITS },
  methods: [
    'causal-entropy-simulator',
    { name: 'inverse-soft-bellman', method: 'inverse-soft-bellman', fit: { discount: 0.99 } },
    'behavior-cloning-network',
  ],
  meaning: () =>
    [
      'An estimate is what a unit of its feature is worth at every step, in units of the temperature: a fall',
      'ends everything at 0, so that alive is the price of a fall. The return is never shown to any method.',
    ].join('\n'),
});
