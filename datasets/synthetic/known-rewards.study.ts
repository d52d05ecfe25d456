/** Rewards that are known: soft-optimal play for them, and what a fit in the simulator finds of them. */

import { defineInquiry } from 'revealed';
import { mountainCar } from './knownRewards/mountainCar.ts';
import { multiGoal } from './knownRewards/multiGoal.ts';

export default defineInquiry({
  name: 'known-rewards',
  title: 'Is a reward found again in continuous worlds that nobody describes?',
  questions: [multiGoal, mountainCar],
  meaning: () =>
    [
      'Who demonstrates and who learns are networks of one family, so what is found says how well the loop',
      'matches, and how much so many episodes tell; not how well such networks come to the true optimum.',
    ].join('\n'),
});
