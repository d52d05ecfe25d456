/**
 * Trajectories that are there twice, or nearly so; and whether one is learned from while the other is
 * predicted.
 *
 * Two are nearly the same where they head for the same goal and the moves that both hold are at least
 * nine tenths of the moves that either holds (Jaccard, a move made k times being k moves).
 */

import { quoted } from '../../../demonstrations/tables/tableError.ts';
import { count, fixed, percent } from '../../report/words.ts';
import { type Checked, type Finding, MOST_EXAMPLES } from '../finding.ts';
import { decisionsOf, type Profiled } from '../profiled.ts';
import { similarSets } from '../similarSets.ts';

export interface DuplicateMeasures {
  /** Trajectories long enough to be compared: of five decisions or more. */
  readonly compared: number;
  /** Those with an identical one elsewhere, and by the same person; null where persons are not known. */
  readonly identical: number;
  readonly identicalOfOnePerson: number | null;
  /** Those with an identical, and with an identical or nearly identical one in another fold; null without folds. */
  readonly identicalAcross: number | null;
  readonly nearAcross: number | null;
  /** Identical ones across folds to be expected had trajectories been dealt into these folds at random. */
  readonly expectedAcross: number | null;
  readonly reasons?: Readonly<Record<string, string>>;
}

const SHORTEST = 5;
const ALIKE = 0.9;
/** Shares of what is compared beyond which it is a warning. */
const MANY = 0.05;

export function duplicates(data: Profiled): Checked<DuplicateMeasures> {
  const { recording } = data;
  const { names, folds, persons } = recording;
  const decisions = decisionsOf(data);
  const compared = names.flatMap((_, i) => (decisions[i] >= SHORTEST ? [i] : []));
  const groups = new Map<string, number[]>();
  for (const i of compared) {
    const key = accountOf(data, i);
    const group = groups.get(key);
    if (group) group.push(i);
    else groups.set(key, [i]);
  }
  const copies = [...groups.values()].filter(({ length }) => length > 1);
  const identical = copies.reduce((sum, { length }) => sum + length, 0);
  const ofOne = persons && withTwin(copies, persons, 'same');
  const across = folds && withTwin(copies, folds, 'other');
  const near = folds && nearTwins(data, [...groups.values()], folds);
  const nearAcross = across && near ? new Set([...across, ...near.keys()]).size : null;
  const measures: DuplicateMeasures = {
    compared: compared.length,
    identical,
    identicalOfOnePerson: ofOne?.length ?? null,
    identicalAcross: across?.length ?? null,
    nearAcross,
    expectedAcross: folds && expectedAcross(copies, compared, folds),
    ...(folds && !near
      ? { reasons: { nearAcross: 'there are too many alike to compare each with each' } }
      : {}),
  };

  const findings: Finding[] = [];
  const pairWords = (a: number, b: number): string => `${quoted(names[a])} and ${quoted(names[b])}`;
  if (ofOne && ofOne.length > 0)
    findings.push({
      check: 'duplicates',
      level: ofOne.length / compared.length > MANY ? 'warning' : 'note',
      share: ofOne.length / compared.length,
      found: `${count(ofOne.length, 'trajectory has', 'trajectories have')} an identical one by the same person (${percent(ofOne.length / compared.length)} of those with ${SHORTEST} decisions or more).`,
      meaning:
        'A habit, or the same recording twice: look at a few. What is there twice counts twice, and makes standard errors by trajectory too small.',
      examples: copies
        .flatMap((group) => {
          const b = group.findIndex((i, k) => k > 0 && persons?.[i] === persons?.[group[0]]);
          return b < 0 ? [] : [pairWords(group[0], group[b])];
        })
        .slice(0, MOST_EXAMPLES),
    });
  if (across && nearAcross !== null && nearAcross > 0) {
    const share = nearAcross / compared.length;
    const expected = measures.expectedAcross ?? 0;
    findings.push({
      check: 'duplicates',
      level: share > MANY ? 'warning' : 'note',
      share,
      found: `${count(nearAcross, 'trajectory has', 'trajectories have')} an identical (${across.length.toLocaleString('en-US')}) or nearly identical one in another fold, ${percent(share)} of those with ${SHORTEST} decisions or more; folds dealt at random would have ${fixed(expected, 1)} identical.`,
      meaning:
        'What is predicted was seen in training: a method that copies looks better than it is. Where people share ways that is how they are; else put copies, and people, into one fold.',
      examples: [
        ...copies.flatMap((group) => {
          const b = group.find((i) => folds?.[i] !== folds?.[group[0]]);
          return b === undefined ? [] : [pairWords(group[0], b)];
        }),
        ...[...(near ?? [])].map(([a, b]) => pairWords(a, b)),
      ].slice(0, MOST_EXAMPLES),
    });
  } else if (!folds && identical > 0)
    findings.push({
      check: 'duplicates',
      level: 'note',
      share: identical / compared.length,
      found: `${count(identical, 'trajectory has', 'trajectories have')} an identical one (${percent(identical / compared.length)} of those with ${SHORTEST} decisions or more).`,
      meaning:
        'Dealt into folds at random, they will be learned from and predicted at once: a method that copies will look better than it is.',
      examples: copies.slice(0, MOST_EXAMPLES).map(([a, b]) => pairWords(a, b)),
    });
  return { findings, measures };
}

/** Everything that was done, as text: the same for the same account. */
function accountOf({ recording }: Profiled, i: number): string {
  const { rowStart, state, action, goals } = recording;
  const [first, end] = [rowStart[i], rowStart[i + 1]];
  return `${goals?.[i] ?? ''}\n${state.subarray(first, end).join()}\n${action?.subarray(first, end).join() ?? ''}`;
}

/** Members of groups with another member of the same, or else of another, label. */
function withTwin(
  groups: readonly (readonly number[])[],
  label: readonly string[],
  wanted: 'same' | 'other',
): number[] {
  return groups.flatMap((group) => {
    const times = new Map<string, number>();
    for (const i of group) times.set(label[i], (times.get(label[i]) ?? 0) + 1);
    return group.filter((i) => {
      const alike = times.get(label[i]) ?? 0;
      return wanted === 'same' ? alike > 1 : alike < group.length;
    });
  });
}

/** How many would have an identical one in another fold if folds of these sizes were dealt at random. */
function expectedAcross(
  groups: readonly (readonly number[])[],
  compared: readonly number[],
  folds: readonly string[],
): number {
  const sizes = new Map<string, number>();
  for (const i of compared) sizes.set(folds[i], (sizes.get(folds[i]) ?? 0) + 1);
  const shares = [...sizes.values()].map((n) => n / compared.length);
  return groups.reduce(
    (sum, { length }) =>
      sum + shares.reduce((own, p) => own + length * p * (1 - p ** (length - 1)), 0),
    0,
  );
}

/** Trajectories with a nearly identical one in another fold, each with one such; null where it takes too long. */
function nearTwins(
  { recording }: Profiled,
  groups: readonly (readonly number[])[],
  folds: readonly string[],
): Map<number, number> | null {
  const sets = groups.map(([i]) => movesOf(recording, i));
  const pairs = similarSets(sets, ALIKE);
  if (!pairs) return null;
  const trajectories = new Map<number, number>();
  for (const [a, b] of pairs)
    for (const [own, other] of [
      [groups[a], groups[b]],
      [groups[b], groups[a]],
    ])
      for (const i of own) {
        const twin = other.find((j) => folds[j] !== folds[i]);
        if (twin !== undefined) trajectories.set(i, twin);
      }
  return trajectories;
}

/** The moves of a trajectory, numbered where they repeat; under another goal they are other moves. */
function movesOf({ rowStart, state, action, goals }: Profiled['recording'], i: number): string[] {
  const times = new Map<string, number>();
  const moves: string[] = [];
  for (let row = rowStart[i]; row < rowStart[i + 1]; row++) {
    const next = action ? action[row] : row + 1 < rowStart[i + 1] ? state[row + 1] : -1;
    if (next < 0) continue;
    const move = `${goals?.[i] ?? ''}\n${state[row]} ${next}`;
    const n = times.get(move) ?? 0;
    times.set(move, n + 1);
    moves.push(`${move} ${n}`);
  }
  return moves;
}
