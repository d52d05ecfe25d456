/**
 * What taxi drivers in Shanghai avoid, and how well that predicts trips they were not fitted to:
 * the five published folds, 10,000 training trips each.
 *
 * Reference: Zhao & Liang (2023), Transportation Research Part C 149, 104079.
 */

import { cellsOf, defineCell, defineStudy, type ResultFile, shanghaiTaxi } from 'revealed';

export default defineStudy({
  name: 'shanghai',
  title:
    'Which way across town? 24,468 taxi trips in Shanghai, five folds of 10,000 training trips',
  cells: [0, 1, 2, 3, 4].map((fold) =>
    defineCell({
      name: `fold ${fold}`,
      data: () => shanghaiTaxi({ fold, trainSize: 10_000 }),
      world: ({ world }) => world,
      features: ({ features }) => features,
      methods: ['causal-entropy', 'behavior-cloning', 'behavior-cloning-per-goal'],
      holdOut: 'test',
    }),
  ),
  meaning,
});

function meaning(result: ResultFile): string {
  const cells = cellsOf(result);
  const heldOut = (method: string): string => {
    let [sum, trips] = [0, 0];
    for (const { methods } of cells) {
      sum += methods[method]?.heldOut?.logLikelihood ?? Number.NaN;
      trips += methods[method]?.heldOut?.trajectories ?? 0;
    }
    return (sum / trips).toFixed(3);
  };
  const estimates = (name: string): number[] =>
    cells.map(
      ({ methods }) =>
        methods['causal-entropy'].parameters.find((parameter) => parameter.name === name)
          ?.estimate ?? Number.NaN,
    );
  const price = (name: string): number => {
    const metres = estimates(name).map(
      (estimate, fold) => (100 * estimate) / estimates('length')[fold],
    );
    return Math.round(metres.reduce((sum, x) => sum + x, 0) / metres.length);
  };
  return [
    `A left turn costs a driver as much as ${price('left turn')} metres of road, a right turn ${price('right turn')}, turning back ${price('U-turn')}.`,
    `Log-likelihood per held-out trip: ${heldOut('causal-entropy')} with that reward; ${heldOut('behavior-cloning')} cloning what was done on each link;`,
    `${heldOut('behavior-cloning-per-goal')} cloning it separately for each destination.`,
  ].join('\n');
}
