/** Soft optimality: what is said in its favour, measured; and where it fails. */

import { defineInquiry } from 'revealed';
import { fineTuning } from './softOptimality/fineTuning.ts';
import { hardLimit } from './softOptimality/hardLimit.ts';
import { neverEnding } from './softOptimality/neverEnding.ts';
import { robustness } from './softOptimality/robustness.ts';

export default defineInquiry({
  name: 'soft-optimality',
  title: 'What is soft optimality good for, and where does it fail?',
  questions: [hardLimit(), robustness(), fineTuning(), neverEnding()],
});
