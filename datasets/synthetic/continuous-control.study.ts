/** Networks that learn to act where actions are numbers. */

import { defineInquiry } from 'revealed';
import { multiGoal, steinGoals } from './continuousControl/multiGoal.ts';
import { asPrinted, tuned } from './continuousControl/pendulum.ts';
import { planned, plannedWithSpread } from './continuousControl/plannedPendulum.ts';

export default defineInquiry({
  name: 'continuous-control',
  title:
    'Do networks learn to act where actions are numbers: policies, values, and models to plan in?',
  // the longest first
  questions: [plannedWithSpread, planned, steinGoals, multiGoal, asPrinted, tuned],
  meaning: () =>
    [
      'One Gaussian is enough where there is one good way to act. Where several are equally good, only a',
      'policy of any shape keeps them all, and it keeps them only if it goes on visiting them. Where it is',
      'known what a step pays, planning in learned dynamics needs fewer steps than learning a policy, and',
      'more time for each.',
    ].join('\n'),
});
