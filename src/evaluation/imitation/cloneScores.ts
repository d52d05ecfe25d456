/** How well a cloned policy tells what was done, in decisions that it was not trained on. */

import type { ClonedPolicy } from '../../learning/cloning/clonedPolicy.ts';
import type { CloningRows } from '../../learning/cloning/cloningRows.ts';
import { type ImitationScores, imitationScores } from './imitationScores.ts';
import { imitatorOfClone } from './imitator.ts';

export type CloneScores = ImitationScores;

export function cloneScores(policy: ClonedPolicy, rows: CloningRows): CloneScores {
  return imitationScores(imitatorOfClone('clone', policy), rows);
}
