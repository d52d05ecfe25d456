/** A study on the ledge that takes a moment: walks of the soft-optimal policy of a known reward. */

import type { SimulatedStudy } from '../../src/study/simulatedStudy.ts';
import { Ledge, ledgeEpisodes } from './ledge.ts';

export const LEDGE_THETA = [0.3, 0.6];
export const LEDGE_DISCOUNT = 0.8;

export const ledgeStudy: SimulatedStudy = {
  name: 'ledge',
  title: 'Why do they stay on the ledge?',
  simulator: () => new Ledge(),
  demonstrations: () => ledgeEpisodes(LEDGE_THETA, LEDGE_DISCOUNT, 24),
  features: { alive: () => 1, last: (seen) => seen[3] },
  discount: LEDGE_DISCOUNT,
  stateOf: (seen) => [Array.from(seen).indexOf(1)],
  holdOut: { count: 8 },
  agent: { hidden: [8], batch: 32, rate: 3e-3, smoothing: 0.05 },
  fit: { rounds: 6, updates: 10, episodes: 4, polish: 2, compared: 32 },
  methods: [
    'causal-entropy-simulator',
    {
      name: 'values',
      method: 'inverse-soft-bellman',
      fit: { updates: 60, hidden: [8] },
    },
    {
      name: 'clone',
      method: 'behavior-cloning-network',
      fit: { hidden: [8], maxUpdates: 100, batch: 16, patience: 30 },
    },
  ],
  evaluation: { episodes: 20, every: 2, looked: 4 },
};
