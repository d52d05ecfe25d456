import { defineStudy, pedestrians, pedestriansByScene } from 'revealed';

export default defineStudy({
  name: 'pedestrians',
  title:
    'Which way across the square? 780 people in three street scenes, each scene predicted from the others',
  data: () => pedestrians(),
  splits: (data) => pedestriansByScene(data),
  world: ({ world }) => world,
  features: ({ features }) => features,
  methods: [
    'causal-entropy',
    { name: 'causal-entropy of distance alone', method: 'causal-entropy', features: ['distance'] },
    'behavior-cloning-features',
    'behavior-cloning',
  ],
  shortestBy: 'distance',
});
