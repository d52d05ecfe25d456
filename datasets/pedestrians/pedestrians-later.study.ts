/**
 * How people walk where others were watched before: those who came later, in three stretches of
 * time, foretold from everybody else in the same scenes. Here a table of moves has something to go
 * by, and so has a table for every place that people leave from.
 *
 * Data: Lerner, Chrysanthou, Lischinski (2007), Computer Graphics Forum 26, 655–664.
 */

import { defineStudy, pedestrians, pedestriansByTime } from 'revealed';

export default defineStudy({
  name: 'pedestrians-later',
  title:
    'Which way do people walk where others walked before? The later half of 780, in three stretches',
  data: () => pedestrians(),
  splits: (data) => pedestriansByTime(data, 3),
  world: ({ world }) => world,
  features: ({ features }) => features,
  methods: [
    {
      name: 'causal-entropy',
      method: 'causal-entropy',
      fit: { start: { distance: -5, turning: -1 } },
    },
    'behavior-cloning-features',
    'behavior-cloning',
    'behavior-cloning-per-goal',
  ],
  wholeTrips: false,
});
