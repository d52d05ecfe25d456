/**
 * Synthetic: a case in which a reward carries over and cloned habits do not. People cross a town of
 * 7 × 7 crossings, they dislike mud and steps. Then a canal is dug through it, with one bridge. Who
 * looks ahead turns towards the bridge from far away; habits lead to the water's edge.
 */

import { defineStudy, splitsDealt } from 'revealed';
import { FEATURES, townBehavior, townWorld } from './town.ts';

const BRIDGE = { x: 3, open: [6] };

export default defineStudy({
  name: 'detour',
  title: 'A canal is dug through a town (synthetic): does what was learned before still hold?',
  data: () => townBehavior(townWorld(), { seed: 'before', trips: 240 }),
  world: townWorld(),
  features: FEATURES,
  splits: ({ trajectories }) => splitsDealt(trajectories, 4, 0),
  methods: ['causal-entropy', 'behavior-cloning', 'behavior-cloning-per-goal'],
  trueReward: { step: -1.2, mud: -1 },
  changed: () => {
    const world = townWorld(BRIDGE);
    return { world, features: FEATURES, ...townBehavior(world, { seed: 'after', trips: 120 }) };
  },
});
