/** Learning to act with networks where actions are few: how often does it work, and how soon? */

import { defineInquiry } from 'revealed';
import { actorCriticCartPole, reinforceCartPole } from './discreteControl/policyCourses.ts';
import {
  discreteSacCartPole,
  doubleQAcrobot,
  doubleQCartPole,
  softQAcrobot,
  softQCartPole,
} from './discreteControl/valueCourses.ts';

export default defineInquiry({
  name: 'discrete-control',
  title: 'How reliably do networks learn to balance a pole and to swing up two links?',
  // the longest first
  questions: [
    softQAcrobot,
    doubleQCartPole,
    doubleQAcrobot,
    softQCartPole,
    discreteSacCartPole,
    reinforceCartPole,
    actorCriticCartPole,
  ],
  meaning: () =>
    [
      'What was learned may be lost again as learning goes on. So a policy is judged by a checkpoint that',
      'was chosen on some episodes, confirmed on others and scored on yet others; the last policy stands',
      'beside it.',
    ].join('\n'),
});
