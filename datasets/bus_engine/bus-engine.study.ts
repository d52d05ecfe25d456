/**
 * The reward behind ten years of engine replacements: Harold Zurcher's group 4 buses.
 *
 * Reference: Rust (1987), Econometrica 55, 999–1033, table IX.
 */

import { busEngine, cellsOf, defineStudy, type ResultFile, replacementWorld } from 'revealed';

const source = 'Rust (1987), table IX';
const BIN_OF_200_000_MILES = 40;

export default defineStudy({
  name: 'bus-engine',
  title: 'When did Harold Zurcher have a bus engine replaced? (37 buses of group 4, 1975–1985)',
  data: () => busEngine({ groups: [4], bins: 90 }),
  world: ({ firstStage }) =>
    replacementWorld({ bins: 90, increments: [...firstStage.probabilities] }),
  features: {
    'replacement cost': (_bin, action) => (action === 'replace' ? -1 : 0),
    'mileage cost': (bin, action) => (action === 'keep' ? -0.001 * Number(bin) : 0),
  },
  discount: 0.9999,
  firstStageUncertainty: true,
  methods: ['causal-entropy', 'behavior-cloning', 'behavior-cloning-features'],
  published: [
    {
      quantity: 'replacement cost RC',
      published: 10.075,
      of: { parameter: 'replacement cost' },
      source,
      tolerance: { relative: 0.0005 },
    },
    {
      quantity: 'mileage cost θ₁',
      published: 2.293,
      of: { parameter: 'mileage cost' },
      source,
      tolerance: { relative: 0.0005 },
    },
    {
      quantity: 'standard error of RC',
      published: 1.582,
      of: { standardError: 'replacement cost', kind: 'outerProduct' },
      source,
      tolerance: { relative: 0.01 },
    },
    {
      quantity: 'standard error of θ₁',
      published: 0.639,
      of: { standardError: 'mileage cost', kind: 'outerProduct' },
      source,
      tolerance: { relative: 0.01 },
    },
    {
      quantity: 'log-likelihood',
      published: -3304.155,
      of: 'fullLogLikelihood',
      source,
      tolerance: { absolute: 0.03 },
    },
    {
      quantity: 'myopic replacement cost',
      published: 7.6358,
      of: { parameter: 'replacement cost' },
      method: 'behavior-cloning-features',
      source,
      tolerance: { relative: 0.0005 },
    },
    {
      quantity: 'myopic log-likelihood',
      published: -3306.028,
      of: 'fullLogLikelihood',
      method: 'behavior-cloning-features',
      source,
      tolerance: { absolute: 0.03 },
    },
  ],
  meaning,
});

function meaning(result: ResultFile): string {
  const [{ methods }] = cellsOf(result);
  const forward = methods['causal-entropy'];
  const myopic = methods['behavior-cloning-features'];
  const cost = (name: string): number =>
    forward.parameters.find((parameter) => parameter.name === name)?.estimate ?? Number.NaN;
  const replacement = cost('replacement cost');
  const months = replacement / (0.001 * cost('mileage cost') * BIN_OF_200_000_MILES);
  const gain = (forward.logLikelihood ?? Number.NaN) - (myopic.logLikelihood ?? Number.NaN);
  return [
    `He acted as if a new engine cost as much as the extra upkeep of ${Math.round(months)} months with an engine of`,
    `200,000 miles (${replacement.toFixed(2)} in units of the noise in his choices): a price worth paying only by`,
    'somebody who counts the months to come.',
    `Looking ahead explains his decisions better than cloning that sees the same costs without a`,
    `future, by ${gain.toFixed(2)} log-likelihood points.`,
  ].join('\n');
}
