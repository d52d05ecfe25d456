/**
 * How well recursive logits of two and of four features predict trips that they were not fitted to,
 * over the 20 published splits, and behaviour cloning beside them.
 *
 * Reference: A. Knies, J. Lorca, E. Melo (2022), Transportation Research B 155, appendix D.
 */

import { borlange, borlangeSplits, defineStudy } from 'revealed';

const TWO = ['link constant', 'travel time'];

export default defineStudy({
  name: 'borlange-splits',
  title:
    'Which way will they take? Car trips through Borlänge, fitted to 1,466 and predicted on 366',
  data: borlange,
  splits: borlangeSplits,
  world: ({ world }) => world,
  features: ({ features }) => features,
  methods: [
    { name: 'two features', method: 'causal-entropy', features: TWO },
    { name: 'four features', method: 'causal-entropy' },
    'behavior-cloning',
    'behavior-cloning-features',
    'behavior-cloning-per-goal',
  ],
  published: [
    {
      quantity: 'held-out log-likelihood per trip',
      published: -5.65,
      of: { heldOut: 'perTrajectory' },
      method: 'two features',
      source: 'Knies et al. (2022), mean of 20 splits',
      tolerance: { absolute: 0.005 },
    },
  ],
});
