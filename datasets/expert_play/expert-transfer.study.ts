/** What a fitted reward is worth where the world has changed, beside policies that were fitted. */

import { defineInquiry } from 'revealed';
import { otherMasses, reversedMotor, strongWind } from './expertTransfer/cartPoleWorlds.ts';
import { heavierPendulum, longerPendulum } from './expertTransfer/pendulumWorlds.ts';

export default defineInquiry({
  name: 'expert-transfer',
  title: 'Where does a fitted reward serve better than a policy that imitates?',
  // the longest first
  questions: [longerPendulum, heavierPendulum, otherMasses, reversedMotor, strongWind],
  meaning: () =>
    [
      'Imitation keeps what was done, a reward what it was done for. Where the old policy is still right',
      'there is nothing to plan anew; where what was done no longer serves it, the reward is what transfers.',
    ].join('\n'),
});
