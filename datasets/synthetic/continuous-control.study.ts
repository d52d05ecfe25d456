/** Networks that learn to act where actions are numbers. */

import { defineInquiry } from 'revealed';
import { multiGoal, steinGoals } from './continuousControl/multiGoal.ts';
import { asPrinted, tuned } from './continuousControl/pendulum.ts';

export default defineInquiry({
  name: 'continuous-control',
  title: 'Do soft actor-critic and soft Q-learning learn to act where actions are numbers?',
  // the longest first
  questions: [steinGoals, multiGoal, asPrinted, tuned],
  meaning: () =>
    [
      'One Gaussian is enough where there is one good way to act. Where several are equally good, only a',
      'policy of any shape keeps them all, and it keeps them only if it goes on visiting them.',
    ].join('\n'),
});
