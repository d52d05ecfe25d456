/**
 * Whether moves look certain or left to chance, and whether the recorded ones agree with the
 * probabilities of the transitions table.
 *
 *   X² = Σ (observed − expected)² / expected
 *
 * over the successors of every pair that has several, those expected less than five times taken
 * together (Cochran 1954); the degrees of freedom are the successors left less one, pair by pair.
 */

import { quoted } from '../../../demonstrations/tables/tableError.ts';
import { chiSquareTail } from '../../../numeric/chiSquare.ts';
import { chance, count, fixed, percent } from '../../report/words.ts';
import { type Checked, type Finding, MOST_EXAMPLES } from '../finding.ts';
import type { Profiled } from '../profiled.ts';

export interface DynamicsMeasures {
  /** Pairs that were chosen at least twice with what followed recorded. */
  readonly seenTwice: number;
  /** Those of them that always led to the same state. */
  readonly oneSuccessor: number;
  /** Pairs of the transitions table, and those with several successors; null without a table. */
  readonly listed: { readonly pairs: number; readonly uncertain: number } | null;
  /** Recorded against listed probabilities; null where no pair was chosen often enough. */
  readonly agreement: {
    readonly pairs: number;
    readonly statistic: number;
    readonly degrees: number;
    readonly p: number;
  } | null;
  /** Whether the listed probabilities are the very shares of this recording. */
  readonly isEstimatedHere: boolean;
}

const FEWEST_EXPECTED = 5;
const SURE = 1e-3;
const SAME = 1e-9;

export function dynamics(data: Profiled): Checked<DynamicsMeasures> {
  const { world, isGiven, recording } = data;
  const { mdp } = world;
  const observed = observedMoves(data);
  let [seenTwice, oneSuccessor, uncertain] = [0, 0, 0];
  let [pairs, statistic, degrees] = [0, 0, 0];
  let [isEstimatedHere, isAnyUncertainSeen] = [isGiven, false];
  const worst: { pair: number; perDegree: number }[] = [];
  for (let pair = 0; pair < mdp.pairCount; pair++) {
    const [first, end] = [mdp.transitionStart[pair], mdp.transitionStart[pair + 1]];
    if (end - first > 1) uncertain++;
    let [total, successors] = [0, 0];
    for (let k = first; k < end; k++) {
      total += observed[k];
      if (observed[k] > 0) successors++;
    }
    if (total >= 2) {
      seenTwice++;
      if (successors === 1) oneSuccessor++;
    }
    if (total === 0 || end - first === 1) continue;
    isAnyUncertainSeen = true;
    for (let k = first; k < end; k++)
      if (Math.abs(observed[k] / total - mdp.probability[k]) > SAME) isEstimatedHere = false;
    const own = pearson(observed, mdp.probability, first, end, total);
    if (own.degrees === 0) continue;
    pairs++;
    statistic += own.statistic;
    degrees += own.degrees;
    worst.push({ pair, perDegree: own.statistic / own.degrees });
  }
  isEstimatedHere &&= isAnyUncertainSeen;
  const agreement =
    isGiven && degrees > 0
      ? { pairs, statistic, degrees, p: chiSquareTail(statistic, degrees) }
      : null;

  const findings: Finding[] = [];
  if (agreement && !isEstimatedHere && agreement.p < SURE)
    findings.push({
      check: 'dynamics',
      level: 'warning',
      share: 1,
      found: `Recorded moves do not follow the probabilities of the transitions: X² = ${fixed(statistic, 1)} on ${count(degrees, 'degree')} of freedom, p ${p(agreement.p)}, over ${count(pairs, 'choice')} seen often enough.`,
      meaning:
        'A fit takes the listed probabilities for what people reckoned with; where they are wrong, so is the reward. Estimate them anew, or look for moves that were recorded wrongly.',
      examples: worst
        .sort((a, b) => b.perDegree - a.perDegree)
        .slice(0, MOST_EXAMPLES)
        .map(({ pair }) => compared(data, observed, pair)),
    });
  if (isEstimatedHere)
    findings.push({
      check: 'dynamics',
      level: 'note',
      share: 1,
      found: 'The probabilities of the transitions are the very shares of this recording.',
      meaning:
        'Standard errors take the transitions for known, and are too small by what is not known of them; nobody is predicted to arrive where nobody did.',
      examples: [],
    });
  if (recording.action !== null && seenTwice > 0) {
    const share = oneSuccessor / seenTwice;
    const table = !isGiven
      ? ''
      : uncertain === 0
        ? ' The transitions say so of all choices.'
        : ` In the transitions ${count(uncertain, 'choice has', 'choices have')} several outcomes.`;
    findings.push({
      check: 'dynamics',
      level: 'note',
      share: 1 - share,
      found: `${percent(share)} of the ${count(seenTwice, 'choice')} made twice or more always led to the same state.${table}`,
      meaning:
        share === 1
          ? 'Moves look certain: an action is as good as where it leads.'
          : 'Where it goes is partly chance: causal entropy keeps choice and luck apart, plain maximum entropy does not.',
      examples: [],
    });
  }
  return {
    findings,
    measures: {
      seenTwice,
      oneSuccessor,
      listed: isGiven ? { pairs: mdp.pairCount, uncertain } : null,
      agreement,
      isEstimatedHere,
    },
  };
}

function p(value: number): string {
  const text = chance(value);
  return text.startsWith('<') ? text : `= ${text}`;
}

/** [transitions] how often each was recorded. */
function observedMoves({ world: { mdp }, recording, trajectories }: Profiled): Float64Array {
  const observed = new Float64Array(mdp.nextState.length);
  const { follows, state } = recording;
  trajectories.pair.forEach((pair, row) => {
    if (pair < 0 || !follows[row]) return;
    for (let k = mdp.transitionStart[pair]; k < mdp.transitionStart[pair + 1]; k++)
      if (mdp.nextState[k] === state[row + 1]) observed[k]++;
  });
  return observed;
}

/** Of one pair; no degrees of freedom where too little was recorded. */
function pearson(
  observed: Float64Array,
  probability: Float64Array,
  first: number,
  end: number,
  total: number,
): { statistic: number; degrees: number } {
  let [statistic, cells, rareObserved, rareExpected] = [0, 0, 0, 0];
  for (let k = first; k < end; k++) {
    const expected = total * probability[k];
    if (expected < FEWEST_EXPECTED) {
      rareObserved += observed[k];
      rareExpected += expected;
      continue;
    }
    cells++;
    statistic += (observed[k] - expected) ** 2 / expected;
  }
  if (rareExpected >= FEWEST_EXPECTED) {
    cells++;
    statistic += (rareObserved - rareExpected) ** 2 / rareExpected;
  } else if (rareExpected > 0) {
    // One cell must hold what is left, or counts and expectations would not sum to the same.
    return cells < 2 ? { statistic: 0, degrees: 0 } : merged();
  }
  return cells < 2 ? { statistic: 0, degrees: 0 } : { statistic, degrees: cells - 1 };

  /** With the rare ones added to the least frequent of the others. */
  function merged(): { statistic: number; degrees: number } {
    let least = -1;
    for (let k = first; k < end; k++)
      if (
        total * probability[k] >= FEWEST_EXPECTED &&
        (least < 0 || probability[k] < probability[least])
      )
        least = k;
    const expected = total * probability[least];
    const without = statistic - (observed[least] - expected) ** 2 / expected;
    const joint = expected + rareExpected;
    return {
      statistic: without + (observed[least] + rareObserved - joint) ** 2 / joint,
      degrees: cells - 1,
    };
  }
}

/** What was listed and what was recorded of the outcome of a pair that differs most. */
function compared({ world, recording }: Profiled, observed: Float64Array, pair: number): string {
  const { mdp, stateNames, actionNames, pairAction } = world;
  let [total, at, most] = [0, mdp.transitionStart[pair], -1];
  for (let k = mdp.transitionStart[pair]; k < mdp.transitionStart[pair + 1]; k++)
    total += observed[k];
  for (let k = mdp.transitionStart[pair]; k < mdp.transitionStart[pair + 1]; k++) {
    const off = Math.abs(observed[k] / total - mdp.probability[k]);
    if (off > most) [at, most] = [k, off];
  }
  let from = 0;
  while (mdp.pairStart[from + 1] <= pair) from++;
  const by = recording.action === null ? '' : `, action ${quoted(actionNames[pairAction[pair]])}`;
  return `state ${quoted(stateNames[from])}${by} to ${quoted(stateNames[mdp.nextState[at]])}: listed ${percent(mdp.probability[at])}, recorded ${percent(observed[at] / total)} of ${total}`;
}
