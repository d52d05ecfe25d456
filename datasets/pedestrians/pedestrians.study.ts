/**
 * How people choose their way across a street or a square, learned in two scenes and tested in the
 * third: the reward is of what they see of a move, not of places, so that it can be taken elsewhere.
 * Beside it stand the same with distance alone (shortest ways, taken roughly) and the choice of
 * single moves by the same four numbers, without a goal. A table of moves knows no other scene: it
 * competes in `pedestrians-later`.
 *
 * Data: Lerner, Chrysanthou, Lischinski (2007), Computer Graphics Forum 26, 655–664.
 */

import { cellsOf, defineStudy, pedestrians, pedestriansByScene, type ResultFile } from 'revealed';

export default defineStudy({
  name: 'pedestrians',
  title:
    'Which way do people walk? 780 of them in three street scenes, each foretold from the others',
  data: () => pedestrians(),
  splits: pedestriansByScene,
  world: ({ world }) => world,
  features: ({ features }) => features,
  methods: [
    // Where a fit starts makes no difference to where it ends: it saves the search for a start.
    {
      name: 'causal-entropy',
      method: 'causal-entropy',
      fit: { start: { distance: -5, turning: -1 } },
    },
    {
      name: 'distance alone',
      method: 'causal-entropy',
      features: ['distance'],
      fit: { start: { distance: -7 } },
    },
    'behavior-cloning-features',
  ],
  shortestBy: 'distance',
  wholeTrips: true,
  meaning,
});

function meaning(result: ResultFile): string {
  const cells = cellsOf(result);
  const lines = cells.flatMap(({ name, methods }) => {
    const fit = methods['causal-entropy'];
    if (fit?.stop !== 'converged') return [];
    const [distance, ...others] = fit.parameters.map(({ estimate }) => estimate);
    if (distance === null || others.some((estimate) => estimate === null)) return [];
    const [turning, obstacles, crowding] = others.map((estimate) => Number(estimate) / distance);
    return [
      `${name}: a right angle costs as much as ${turning.toFixed(2)} m; a metre right beside an obstacle counts as ${(1 + obstacles).toFixed(2)} m,`,
      `one where there is a person per 10 m² on average as ${(1 + crowding / 10).toFixed(2)} m.`,
    ];
  });
  return lines.join('\n');
}
