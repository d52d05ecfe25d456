/** Rewards of a trained agent, found in a simulator by the loop whose planner is a network, or in a log. */

import { defineInquiry } from 'revealed';
import { cartPole } from './expertRewards/cartPole.ts';
import { cartPoleNetwork } from './expertRewards/cartPoleNetwork.ts';
import { fromLog } from './expertRewards/fromLog.ts';
import { imitators } from './expertRewards/imitators.ts';
import { pendulumByAngle, pendulumByCosine } from './expertRewards/pendulum.ts';
import { pendulumImitators } from './expertRewards/pendulumImitators.ts';
import { pendulumNetwork } from './expertRewards/pendulumNetwork.ts';

export default defineInquiry({
  name: 'expert-rewards',
  title: 'Which reward explains an expert, where nothing but a simulator or a log is known?',
  // the longest first
  questions: [
    pendulumByAngle,
    pendulumByCosine,
    pendulumNetwork,
    pendulumImitators,
    cartPole,
    cartPoleNetwork,
    imitators,
    fromLog,
  ],
  meaning: () =>
    [
      'The return is never shown to who fits: it says whether what was matched is what mattered. A return',
      'beside a gap that is open says little, a gap that is closed says that the features were matched.',
    ].join('\n'),
});
