/** Who predicts better after a change, and why, in sentences made of the numbers. */

import type { ComparisonScores, Difference } from './comparisonResult.ts';
import type { Transfer } from './transferResult.ts';

type Verdict = Pick<
  Transfer['verdicts'][number],
  'method' | 'reference' | 'home' | 'away' | 'whereChanged' | 'elsewhere'
>;

interface Numbers {
  readonly difference: Difference;
  readonly athome: Difference | undefined;
  readonly verdict: Verdict;
  /** Of the decisions there that were taken where something changed. */
  readonly share: number | null;
  readonly away: ComparisonScores;
  readonly plans: Readonly<Record<string, boolean>>;
}

export function transferWords(numbers: Numbers): string {
  const { difference, athome, verdict, share, away } = numbers;
  const { method, reference } = verdict;
  const sentences: string[] = [];
  if (difference.perDecision) {
    const there = ahead(difference, 'in the changed world');
    sentences.push(athome?.perDecision ? `${ahead(athome, 'at home')}; ${there}` : there);
    sentences.push(...whereWords(verdict, share));
    const because = reason(numbers);
    if (because !== '') sentences.push(because);
  }
  const [ours, theirs] = [method, reference].map(
    (name) => away.methods[name]?.valueDifference?.soft,
  );
  if (typeof ours === 'number' && typeof theirs === 'number')
    sentences.push(
      `Of the true reward there, acting on ${method} loses ${ours.toPrecision(3)} per trajectory and acting on ${reference} ${theirs.toPrecision(3)}`,
    );
  if (sentences.length === 0)
    return `${reference} and ${method} cannot be compared in the changed world: ${difference.reasons?.perDecision ?? 'a number is missing'}.`;
  return `${sentences.join('. ')}.`;
}

/** Who is ahead, by how much, and whether that may be chance. */
function ahead({ method, reference, perDecision }: Difference, where: string): string {
  if (!perDecision) return '';
  const { estimate, interval } = perDecision;
  if (estimate === 0) return `${method} and ${reference} predicted equally well ${where}`;
  const better = estimate > 0 ? method : reference;
  const chance = mayBeChance(interval) ? ', which may be chance' : '';
  return `${where} ${better} predicted better, by ${Math.abs(estimate).toFixed(4)} per decision${chance}`.replace(
    /^(.)/,
    (first) => (where === 'at home' ? first.toUpperCase() : first),
  );
}

function mayBeChance(interval: readonly [number, number] | null): boolean {
  return !interval || (interval[0] <= 0 && interval[1] >= 0);
}

function whereWords(verdict: Verdict, share: number | null): string[] {
  const { method, reference, whereChanged, elsewhere } = verdict;
  if (share === null) return [];
  if (share === 0) return ['No decision was taken in a state whose choices had changed'];
  const side = (gap: number | null): string =>
    gap === null
      ? 'nothing can be said'
      : gap === 0
        ? 'both are equal'
        : `${gap > 0 ? method : reference} is ahead by ${Math.abs(gap).toFixed(4)}`;
  const percent = `${(100 * share).toFixed(1)}%`;
  return [
    elsewhere === null
      ? `All decisions were taken where choices had changed`
      : `${percent} of the decisions were taken where choices had changed: in those ${side(whereChanged)}, in the others ${side(elsewhere)}`,
  ];
}

/** Why, where one of the two plans for a reward and the other imitates. */
function reason({ difference, athome, verdict, share, plans }: Numbers): string {
  const { method, reference, whereChanged, elsewhere } = verdict;
  if (!difference.perDecision || plans[method] === plans[reference]) return '';
  if (mayBeChance(difference.perDecision.interval)) return 'Which carries over better is open';
  const winner = difference.perDecision.estimate > 0 ? method : reference;
  const homeGap = athome?.perDecision;
  const wonAtHome = homeGap
    ? mayBeChance(homeGap.interval)
      ? null
      : (homeGap.estimate > 0 ? method : reference) === winner
    : null;
  if (plans[winner]) {
    const fromChange = (share ?? 0) * Math.abs(whereChanged ?? 0);
    const fromRest = (1 - (share ?? 0)) * Math.abs(elsewhere ?? 0);
    if (wonAtHome === true && share === 0)
      return 'It was ahead at home too: nothing that changed was put to the test';
    return fromChange >= fromRest
      ? 'What people want carried over to choices that nobody had seen them make; what they used to do there did not'
      : 'Most of the lead arises away from the change itself: who looks ahead acts differently long before, and copied habits do not';
  }
  if (wonAtHome === false)
    return 'At home the reward was ahead: it explains what people did there, and not what they do after the change';
  if (wonAtHome === true)
    return 'It was ahead at home too: people do things that the features do not explain, enough was recorded to copy them, and the change left most of that in place';
  return 'The habits that were copied outlast the change better than a reward of these features foresees it';
}
