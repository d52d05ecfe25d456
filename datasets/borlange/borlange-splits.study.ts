/**
 * How well a recursive logit of two features predicts trips that it was not fitted to, over the 20
 * published splits.
 *
 * Reference: A. Knies, J. Lorca, E. Melo (2022), Transportation Research B 155, appendix D.
 */

import { borlange, borlangeSplits, defineStudy } from 'revealed';

const SEEN = ['link constant', 'travel time'];

export default defineStudy({
  name: 'borlange-splits',
  title:
    'Which way will they take? Car trips through Borlänge, fitted to 1,466 and predicted on 366',
  data: borlange,
  splits: borlangeSplits,
  world: ({ world }) => world,
  features: ({ features }, { mdp }) => {
    const column = SEEN.map((name) => features.names.indexOf(name));
    const values = new Float64Array(mdp.pairCount * SEEN.length);
    for (let pair = 0; pair < mdp.pairCount; pair++)
      column.forEach((from, to) => {
        values[pair * SEEN.length + to] = features.values[pair * features.names.length + from];
      });
    return { names: SEEN, per: 'pair', values };
  },
  methods: ['causal-entropy', 'behavior-cloning', 'behavior-cloning-features'],
  published: [
    {
      quantity: 'held-out log-likelihood per trip',
      published: -5.65,
      of: { heldOut: 'perTrajectory' },
      source: 'Knies et al. (2022), mean of 20 splits',
      tolerance: { absolute: 0.005 },
    },
  ],
});
