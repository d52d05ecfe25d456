/**
 * How the fit changes with the width of a cell: half a metre, three quarters, one metre. Fitted to
 * the half of the people who came first in each scene, tested on the others.
 *
 * Data: Lerner, Chrysanthou, Lischinski (2007), Computer Graphics Forum 26, 655–664.
 */

import { cellsOf, defineCell, defineStudy, pedestrians, type ResultFile } from 'revealed';

export default defineStudy({
  name: 'pedestrians-resolution',
  title: 'Does it matter how wide a cell is? The ways of 780 pedestrians on three grids',
  cells: [0.5, 0.75, 1].map((size) =>
    defineCell({
      name: `${size} m`,
      data: () => pedestrians({ size }),
      world: ({ world }) => world,
      features: ({ features }) => features,
      methods: [
        {
          name: 'causal-entropy',
          method: 'causal-entropy',
          fit: { start: { distance: -4, turning: -1 } },
        },
        'behavior-cloning-features',
        'behavior-cloning',
      ],
      holdOut: 'later',
      wholeTrips: false,
    }),
  ),
  meaning,
});

/** Log-likelihoods of different grids are of different choices: only the gaps between methods compare. */
function meaning(result: ResultFile): string {
  const rows = cellsOf(result).map(({ name, methods }) => {
    const perPerson = (method: string): string => {
      const heldOut = methods[method]?.heldOut;
      return heldOut?.logLikelihood
        ? (heldOut.logLikelihood / heldOut.trajectories).toFixed(2)
        : 'unknown';
    };
    const { heldOut, parameters } = methods['causal-entropy'];
    const estimates = parameters.map(
      ({ name: feature, estimate }) => `${feature} ${estimate?.toFixed(2) ?? 'unknown'}`,
    );
    return `${name}: ${heldOut?.decisions ?? 'no'} decisions held out; per person ${perPerson('causal-entropy')} by causal entropy, ${perPerson('behavior-cloning-features')} by cloning of features, ${perPerson('behavior-cloning')} by a table; ${estimates.join(', ')}`;
  });
  return [
    'Log-likelihood of people who came later, and the reward per metre and right angle, by width of a cell:',
    ...rows,
    'On finer grids there are more choices to foretell, so only gaps between methods compare across lines.',
  ].join('\n');
}
