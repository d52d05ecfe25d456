/** What people mind on their way across a square, on the ground instead of on cells: fitted to those who came first. */

import { defineSimulatedStudy, pedestrianWalks } from 'revealed';

/** Mean speed of those who are fitted to, m/s. */
const USUAL = 0.88;
/** Length of a step, s. */
const SECONDS = 0.4;

export default defineSimulatedStudy({
  name: 'pedestrians-continuous',
  title: 'What do people mind who walk across a square, metre by metre?',
  simulator: { name: 'walk' },
  demonstrations: () => pedestrianWalks({ scenes: ['students03'] }),
  holdOut: { after: 132 },
  features: {
    alive: () => 1,
    'pace²': (_seen, _done, then) => (Math.hypot(then[2], then[3]) - USUAL) ** 2,
    'push ahead²': (_seen, done) => done[0] ** 2,
    'push aside²': (_seen, done) => done[1] ** 2,
    // metres walked that bring nobody nearer
    detour: (seen, _done, then) =>
      SECONDS * Math.hypot(then[2], then[3]) -
      (Math.hypot(seen[0], seen[1]) - Math.hypot(then[0], then[1])),
  },
  discount: 0.95,
  stateOf: (seen) => seen,
  agent: { observationScale: [5, 1, 1, 0.5], hidden: [64, 64] },
  fit: {
    // from nothing at all nobody arrives for many rounds, and θ is led far away meanwhile
    start: { alive: 3, 'pace²': -1, 'push ahead²': -0.6, 'push aside²': -1.5, detour: -2 },
    gain: 0.7,
    episodes: 20,
    updates: 400,
    corrections: 10,
    // twice from where each began
    compared: 264,
    precision: 0.005,
  },
  evaluation: null,
});
