/** The ladder of REINFORCE: equal means, falling variance, and where the rule breaks. */

import { defineInquiry } from 'revealed';
import { bridge } from './gradientVariance/bridge.ts';
import { horizon } from './gradientVariance/horizon.ts';
import { ladder } from './gradientVariance/ladder.ts';
import { worlds } from './gradientVariance/worlds.ts';

export default defineInquiry({
  name: 'gradient-variance',
  title: 'How noisy are estimators of one and the same policy gradient?',
  questions: [ladder, worlds, horizon, bridge],
  meaning: () =>
    [
      'Variance is what episodes cost: half of it, and half as many episodes give the same error. What',
      'depends on the state and the time alone may be taken away without moving the mean; whether that',
      'takes noise away is a rule with exceptions, and the longer the episodes the more it matters.',
    ].join('\n'),
});
