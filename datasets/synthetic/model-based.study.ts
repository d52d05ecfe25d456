/** Planning by imagining: trees of what might happen, and whole plans, in true and in learned models. */

import { defineInquiry } from 'revealed';
import { cartPole } from './modelBased/cartPole.ts';
import { counted } from './modelBased/counted.ts';
import { expertRounds } from './modelBased/expertRounds.ts';
import { largeLake, smallLake } from './modelBased/lakes.ts';
import { pendulum } from './modelBased/pendulum.ts';

export default defineInquiry({
  name: 'model-based',
  title: 'How well does one act by imagining what would happen, and how good must the model be?',
  // the longest first
  questions: [largeLake, pendulum, cartPole, smallLake, expertRounds, counted],
  meaning: () =>
    [
      'In a true model, trying things out is enough: no values need to be learned beforehand. In a learned',
      'one it is enough where the model can say what matters; a wrong form of model is not mended by more',
      'planning.',
    ].join('\n'),
});
