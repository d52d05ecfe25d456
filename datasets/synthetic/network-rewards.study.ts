/** Rewards that are not linear in what they see. */

import { defineInquiry } from 'revealed';
import { objects } from './networkRewards/objects.ts';

export default defineInquiry({
  name: 'network-rewards',
  title: 'What does a network add to a linear reward, when both are planned for exactly?',
  questions: [objects],
});
