/**
 * What drivers in Borlänge avoid: the recursive logit of route choice.
 *
 * References: Fosgerau, Frejinger & Karlström (2013), Transportation Research B 56, 70–80, table 3;
 * Mai, Fosgerau & Frejinger (2015), Transportation Research B 75, 100–112, table 2.
 */

import { borlange, defineStudy } from 'revealed';

const source = 'Fosgerau et al. (2013); Mai et al. (2015)';

export default defineStudy({
  name: 'borlange',
  title: 'Which way home? 1,832 car trips through Borlänge as a recursive logit',
  data: borlange,
  world: ({ world }) => world,
  features: ({ features }) => features,
  methods: ['causal-entropy', 'behavior-cloning'],
  published: [
    ...(
      [
        ['travel time', -2.494, 0.098],
        ['left turn', -0.933, 0.03],
        ['link constant', -0.411, 0.013],
        ['U-turn', -4.459, 0.114],
      ] as const
    ).flatMap(([parameter, published, robust]) => [
      {
        quantity: parameter,
        published,
        of: { parameter },
        source,
        tolerance: { absolute: 0.002 },
      },
      {
        quantity: `${parameter}, robust s.e.`,
        published: robust,
        of: { standardError: parameter, kind: 'sandwich' as const },
        source,
        tolerance: { absolute: 0.0005 },
      },
    ]),
    {
      quantity: 'log-likelihood',
      published: -6302.93,
      of: 'logLikelihood',
      source,
      tolerance: { absolute: 0.05 },
    },
  ],
});
