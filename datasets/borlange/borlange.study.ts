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
        ['travel time', -2.494, 0.06443, 0.09797],
        ['left turn', -0.933, 0.02629, 0.02972],
        ['link constant', -0.411, 0.01032, 0.0127],
        ['U-turn', -4.459, 0.11285, 0.114],
      ] as const
    ).flatMap(([parameter, published, hessian, sandwich]) => [
      {
        quantity: parameter,
        published,
        of: { parameter },
        source,
        tolerance: { absolute: 0.002 },
      },
      ...Object.entries({ hessian, sandwich } as const).map(([kind, error]) => ({
        quantity: `${parameter}, s.e. (${kind})`,
        published: error,
        of: { standardError: parameter, kind: kind as 'hessian' | 'sandwich' },
        source,
        tolerance: { relative: 0.01 },
      })),
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
