/** Soft optimality: what is said in its favour, measured; and where it fails. */

import { defineInquiry } from 'revealed';
import { busChoices } from './softOptimality/busChoices.ts';
import { corridorExploration } from './softOptimality/corridorExploration.ts';
import { deepSeaExploration } from './softOptimality/deepSeaExploration.ts';
import { entropyCollapse } from './softOptimality/entropyCollapse.ts';
import { fineTuning } from './softOptimality/fineTuning.ts';
import { hardLimit } from './softOptimality/hardLimit.ts';
import { neverEnding } from './softOptimality/neverEnding.ts';
import { robustness } from './softOptimality/robustness.ts';
import { routeChoices } from './softOptimality/routeChoices.ts';

export default defineInquiry({
  name: 'soft-optimality',
  title: 'What is soft optimality good for, and where does it fail?',
  questions: [
    hardLimit(),
    robustness(),
    corridorExploration,
    entropyCollapse,
    deepSeaExploration,
    fineTuning(),
    busChoices,
    routeChoices,
    neverEnding(),
  ],
});
