/** Networks that imitate a trained agent, by maximum likelihood alone. */

import { defineInquiry } from 'revealed';
import { cartPole } from './expertCloning/cartPole.ts';
import { pendulum } from './expertCloning/pendulum.ts';
import { twoWays } from './expertCloning/twoWays.ts';

export default defineInquiry({
  name: 'expert-cloning',
  title: 'How many episodes does a network need to act as well as the one that it imitates?',
  // the longest first
  questions: [pendulum, cartPole, twoWays],
  meaning: () =>
    [
      'The likeliest action is played, while the expert draws its own: so a clone may do better than what it',
      'imitates. The held-out likelihood says how much of the drawing is understood, the return whether that',
      'was what mattered.',
    ].join('\n'),
});
