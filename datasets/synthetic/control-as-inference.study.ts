/** Control as inference: where acting well and inferring what went well are the same, and where not. */

import { defineInquiry } from 'revealed';
import { corridor } from './controlAsInference/corridor.ts';
import { lake } from './controlAsInference/lake.ts';
import { lottery } from './controlAsInference/lottery.ts';

export default defineInquiry({
  name: 'control-as-inference',
  title: 'Is acting well the same as inferring what one would have done, had it gone well?',
  questions: [lottery, corridor, lake],
  meaning: () =>
    [
      'Where moves are certain, yes. Where they are not, exact inference also infers luck: it expects',
      'what it cannot choose and acts on it. Maximum entropy leaves the moves as they are; it is the',
      'best bound on the same evidence, and what this program plans and fits with.',
    ].join('\n'),
});
