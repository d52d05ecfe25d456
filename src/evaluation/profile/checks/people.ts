/**
 * Whose behaviour is unlike that of the others: how long their trajectories are, and how likely what
 * they chose is under the shares in which everybody else chose in the same states.
 *
 * Outliers are told by robust scores of both: of the standard scores of their choices, and of the
 * logarithm of their mean lengths.
 */

import { quoted } from '../../../demonstrations/tables/tableError.ts';
import { count, fixed } from '../../report/words.ts';
import { choicesByOthers } from '../choicesByOthers.ts';
import { type Checked, type Finding, MOST_EXAMPLES } from '../finding.ts';
import { decisionsOf, type Profiled, whoOf, whoWord } from '../profiled.ts';
import { OUTLIER, robustScores } from '../robust.ts';

export interface PeopleMeasures {
  /** Who is compared: persons where the recording names them, else single trajectories. */
  readonly of: 'person' | 'trajectory';
  readonly count: number;
  /** Why nobody is judged by likelihood, or by length; absent where they are. */
  readonly reasons?: Readonly<Record<'likelihood' | 'length', string | undefined>>;
  /** Those that lie far from most others, by their choices first. */
  readonly outliers: readonly Outlier[];
}

export interface Outlier {
  readonly name: string;
  readonly trajectories: number;
  readonly decisions: number;
  /** Under the shares of all others; null where nothing was decided between alternatives. */
  readonly logLikelihoodPerDecision: number | null;
  /** Robust scores; null where there is none. */
  readonly likelihoodScore: number | null;
  readonly lengthScore: number | null;
}

/** Of fewer there is no telling who is unlike the others. */
const FEWEST = 8;
/** A larger share than this far from most others is a kind of its own, not odd ones out. */
const MANY = 0.05;
/** How many outliers are kept by name. */
const MOST_NAMED = 100;

export function people(data: Profiled): Checked<PeopleMeasures> {
  const { who, names } = whoOf(data);
  const of = whoWord(data);
  const plural = of === 'person' ? 'people' : 'trajectories';
  const decisions = decisionsOf(data);
  const trajectoriesOf = new Int32Array(names.length);
  const decisionsBy = new Int32Array(names.length);
  who.forEach((person, i) => {
    trajectoriesOf[person]++;
    decisionsBy[person] += decisions[i];
  });
  const { standard, perDecision } = choicesByOthers(data, who, names.length);
  const judged = [...standard.keys()].filter((person) => !Number.isNaN(standard[person]));
  const scores =
    judged.length < FEWEST
      ? null
      : robustScores(Float64Array.from(judged, (person) => standard[person]));
  // Who decided nothing is told of among the lengths.
  const acting = [...names.keys()].filter((person) => decisionsBy[person] > 0);
  const ofLength =
    acting.length < FEWEST
      ? null
      : robustScores(
          Float64Array.from(acting, (k) => Math.log(decisionsBy[k] / trajectoriesOf[k])),
        );
  const lengthScore = new Map(acting.map((person, k) => [person, ofLength?.[k] ?? null]));
  const likelihoodScore = new Map(judged.map((person, k) => [person, scores?.[k] ?? null]));
  const far = (z: number | null | undefined): number => Math.abs(z ?? 0);
  const outliers = names
    .map((name, k): Outlier => {
      return {
        name,
        trajectories: trajectoriesOf[k],
        decisions: decisionsBy[k],
        logLikelihoodPerDecision: Number.isNaN(perDecision[k]) ? null : perDecision[k],
        likelihoodScore: likelihoodScore.get(k) ?? null,
        lengthScore: lengthScore.get(k) ?? null,
      };
    })
    .filter((one) => Math.max(far(one.likelihoodScore), far(one.lengthScore)) > OUTLIER)
    .sort(
      (a, b) =>
        far(b.likelihoodScore) - far(a.likelihoodScore) || far(b.lengthScore) - far(a.lengthScore),
    );

  const findings: Finding[] = [];
  const tell = (
    key: 'likelihoodScore' | 'lengthScore',
    [one, many]: readonly [string, string],
    meaning: string,
  ): void => {
    const own = outliers.filter((outlier) => far(outlier[key]) > OUTLIER);
    if (own.length === 0) return;
    own.sort((a, b) => far(b[key]) - far(a[key]));
    const held = own.reduce((sum, { decisions }) => sum + decisions, 0);
    const all = decisionsBy.reduce((sum, n) => sum + n, 0);
    const isTail = key === 'lengthScore' && own.length > MANY * names.length;
    findings.push({
      check: 'people',
      level: isTail ? 'note' : 'warning',
      share: all === 0 ? 0 : held / all,
      found: `${own.length.toLocaleString('en-US')} of ${count(names.length, of, plural)} ${own.length === 1 ? one : many}, with ${held.toLocaleString('en-US')} of ${count(all, 'decision')}.`,
      meaning: isTail
        ? 'So many are no odd ones out: there may be several kinds, such as whole journeys and pieces, or places of different size.'
        : meaning,
      examples: own.slice(0, MOST_EXAMPLES).map((outlier) => {
        const per = outlier.logLikelihoodPerDecision;
        const rest =
          key === 'likelihoodScore' && per !== null
            ? `${fixed(per, 3)} log-likelihood per decision`
            : count(outlier.decisions, 'decision');
        return `${quoted(outlier.name)}: z = ${fixed(outlier[key]!, 1)}, ${rest}`;
      }),
    });
  };
  tell(
    'likelihoodScore',
    ['chooses unlike the others', 'choose unlike the others'],
    'Negative z: what they did is rarer than others make it; positive: more regular than chance. One reward for all averages over them: look at them, or try --methods latent-classes.',
  );
  tell(
    'lengthScore',
    of === 'person'
      ? [
          'has trajectories far longer or shorter than most',
          'have trajectories far longer or shorter than most',
        ]
      : ['is far longer or shorter than most', 'are far longer or shorter than most'],
    'Very long: perhaps several journeys in one, or a recorder that was left on; very short: perhaps a piece of one.',
  );
  const reasons = {
    likelihood: scores
      ? undefined
      : judged.length < FEWEST
        ? `only ${count(judged.length, `${of} has`, `${plural} have`)} decisions between alternatives that others faced too`
        : 'more than half of them have the same score',
    length: ofLength
      ? undefined
      : acting.length < FEWEST
        ? `only ${count(acting.length, `${of} decides`, `${plural} decide`)} anything`
        : 'more than half of them are equally long',
  };
  return {
    findings,
    measures: {
      of,
      count: names.length,
      ...(reasons.likelihood || reasons.length ? { reasons } : {}),
      outliers: outliers.slice(0, MOST_NAMED),
    },
  };
}
