/**
 * Is what drivers pay for a link more than a sum of prices? The published first fold of the Shanghai
 * taxi trips: one linear reward, and the same with a network beside it that sees the same features.
 *
 * Reference: Zhao & Liang (2023), Transportation Research Part C 149, 104079 (deep rewards of routes).
 */

import { defineStudy, type ResultFile, shanghaiSplits, shanghaiTaxi } from 'revealed';

const LINEAR = 'causal-entropy';
const NETWORK = 'causal-entropy-network';
const CLONING = 'behavior-cloning-features';
const CLASSES = ['primary', 'secondary', 'tertiary', 'unclassified', 'living street'];
const SEEN = ['length', 'left turn', 'right turn', 'U-turn', ...CLASSES];

export default defineStudy({
  name: 'shanghai-network',
  title: 'More than a sum of prices? Taxi trips in Shanghai, a network beside the linear reward',
  data: () => shanghaiTaxi({ roadClasses: true }),
  splits: async (data) => {
    const { splits, ...read } = await shanghaiSplits(data, { trainSize: 10_000 });
    return { ...read, splits: splits.slice(0, 1) };
  },
  world: ({ world }) => world,
  features: ({ features }) => features,
  methods: [
    LINEAR,
    { name: NETWORK, method: NETWORK, fit: { network: { maxIterations: 3000 } } },
    // Of one choice alone a constant says nothing.
    { name: CLONING, method: CLONING, features: SEEN },
  ],
  meaning,
});

function meaning(result: ResultFile): string {
  if (!('comparison' in result) || !result.comparison) return '';
  const { methods, trajectories } = result.comparison;
  const [linear, network] = [LINEAR, NETWORK].map((name) => methods[name]?.perTrajectory);
  if (typeof linear !== 'number' || typeof network !== 'number') return '';
  const gained = network - linear;
  return [
    `Log-likelihood per trip, of ${trajectories.toLocaleString('en-US')} that were held out: ${linear.toFixed(3)} by a sum of prices,`,
    `${network.toFixed(3)} where a network sees the same features beside it: ${Math.abs(gained).toFixed(3)} ${gained > 0 ? 'better' : 'worse'}.`,
    gained > 0
      ? 'What a feature costs depends on the others; the prices of the sum remain its best linear account.'
      : 'A sum of prices says all that these features say.',
  ].join('\n');
}
