/**
 * Synthetic: a case in which cloning wins. The same town, but people have a habit that no feature
 * sees: they turn south in every other column and north in the rest, and they were recorded for
 * long. The change, a road that closes at the edge, is where hardly anybody goes.
 */

import { defineStudy, splitsDealt } from 'revealed';
import { FEATURES, townBehavior, townWorld } from './town.ts';

const EDGE = { x: 5, open: [0, 1, 2, 3, 4, 5] };

export default defineStudy({
  name: 'habits',
  title: 'People with habits of their own (synthetic): when is it better to copy them?',
  data: () => townBehavior(townWorld(), { seed: 'before', trips: 800, habit: 1.5 }),
  world: townWorld(),
  features: FEATURES,
  splits: ({ trajectories }) => splitsDealt(trajectories, 4, 0),
  methods: ['causal-entropy', 'behavior-cloning', 'behavior-cloning-per-goal'],
  curve: { sizes: [5, 20, 100, 'all'], repeats: 2 },
  changed: () => {
    const world = townWorld(EDGE);
    const after = { seed: 'after', trips: 300, habit: 1.5 };
    return { world, features: FEATURES, ...townBehavior(world, after) };
  },
});
