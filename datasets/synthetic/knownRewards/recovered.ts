/** Demonstrations of a soft-optimal policy for a reward that is known, and what a fit makes of them. */

import {
  type Answer,
  type AnySimulator,
  createRng,
  type Episodes,
  fitSimulated,
  meanInterval,
  type PlanSimulatedOptions,
  planSimulated,
  type Question,
  recordEpisodes,
  type SimulatedFit,
  type SimulatedFitOptions,
  type SoftAgent,
  type StepFeatures,
} from 'revealed';

export interface KnownReward {
  readonly name: string;
  readonly title: string;
  readonly createSimulator: () => AnySimulator;
  readonly features: StepFeatures;
  /** [features] of the reward that is demonstrated. */
  readonly theta: readonly number[];
  readonly discount: number;
  readonly temperature: number;
  readonly agent: (seed: number | string) => SoftAgent;
  /** Of a demonstration. */
  readonly episodes: number;
  readonly plan: PlanSimulatedOptions;
  readonly fit: SimulatedFitOptions;
}

/** Episodes that policies are compared in. */
const COMPARED = 200;
const WITHIN = 0.05;

interface Recovered {
  readonly seed: number;
  readonly fit: SimulatedFit;
  /** What the true reward pays an episode, on average: of who demonstrated, of the fit, of chance. */
  readonly paid: { readonly shown: number; readonly fitted: number; readonly chance: number };
}

/** @param seeds demonstrations, each of an agent of its own */
export function recovers(known: KnownReward, seeds = 5): Question {
  const { name, title, createSimulator, features, theta, discount, temperature } = known;
  return {
    name,
    title,
    *ask(first) {
      const all: Recovered[] = [];
      for (let i = 0; i < seeds; i++) {
        const seed = first + i;
        const expert = known.agent(`${seed}, demonstrates`);
        const rounds = planSimulated({ createSimulator, features, theta }, expert, {
          ...known.plan,
          seed,
        });
        for (const { round } of rounds)
          yield (i + (0.3 * round) / (known.plan.rounds ?? 20)) / seeds;
        const demonstrations = played(known, expert, known.episodes, `${seed}, shown`);
        const agent = known.agent(`${seed}, learns`);
        const problem = {
          createSimulator,
          demonstrations,
          features,
          discount,
          temperature,
          stateOf: (seen: ArrayLike<number>) => seen,
        };
        const steps = fitSimulated(problem, agent, { ...known.fit, seed });
        let next = steps.next();
        while (!next.done) {
          const of = (known.fit.rounds ?? 60) + (known.fit.corrections ?? 0);
          yield (i + 0.3 + (0.7 * next.value.round) / of) / seeds;
          next = steps.next();
        }
        const chance = { actionSize: agent.actionSize, act: atRandom(createSimulator()) };
        const paidTo = (who: Pick<SoftAgent, 'act' | 'actionSize'>): number =>
          paidIn(known, played(known, who, COMPARED, `${seed}, compared`));
        all.push({
          seed,
          fit: next.value,
          paid: { shown: paidTo(expert), fitted: paidTo(agent), chance: paidTo(chance) },
        });
        yield (i + 1) / seeds;
      }
      return answerOf(known, all);
    },
  };
}

function atRandom({ actions }: AnySimulator): SoftAgent['act'] {
  return (_seen, rows, rng, out) => {
    const width = actions.kind === 'discrete' ? 1 : actions.low.length;
    for (let i = 0; i < rows * width; i++) {
      const u = rng ? rng() : 0.5;
      out[i] = actions.kind === 'discrete' ? Math.floor(u * actions.count) : 2 * u - 1;
    }
  };
}

/** Drawn actions; the same seed begins in the same states. */
function played(
  { createSimulator }: KnownReward,
  agent: Pick<SoftAgent, 'act' | 'actionSize'>,
  count: number,
  seed: string,
): Episodes {
  const play = { count, starts: createRng(seed, 'starts'), draws: createRng(seed, 'draws') };
  return recordEpisodes(agent, createSimulator(), play);
}

/** Σ γᵗ θ · φ of an episode, on average. */
function paidIn({ features, theta, discount }: KnownReward, episodes: Episodes): number {
  const { count, stepStart, observationStart, observations, actions } = episodes;
  const { observationWidth: width, actionWidth } = episodes;
  const row = new Float64Array(theta.length);
  let total = 0;
  for (let e = 0; e < count; e++)
    for (let t = stepStart[e], worth = 1; t < stepStart[e + 1]; t++, worth *= discount) {
      const at = (observationStart[e] + t - stepStart[e]) * width;
      const action = actions.subarray(t * actionWidth, (t + 1) * actionWidth);
      const seen = observations.subarray(at, at + width);
      features.write(seen, action, observations.subarray(at + width, at + 2 * width), row);
      total += (worth * theta.reduce((sum, x, k) => sum + x * row[k], 0)) / count;
    }
  return total;
}

function answerOf({ features, theta }: KnownReward, all: readonly Recovered[]): Answer {
  const { names } = features;
  const estimates = names.map((_, k) => all.map(({ fit }) => fit.parameters[k].estimate));
  const intervals = estimates.map((values) => meanInterval(values));
  const covered = names.filter(
    (_, k) => intervals[k].low <= theta[k] && theta[k] <= intervals[k].high,
  );
  // of what there is to gain over chance
  const lost = all.map(({ paid }) => (paid.shown - paid.fitted) / (paid.shown - paid.chance));
  const matched = all.filter(({ fit }) => fit.stop === 'matched-within-error');
  const listed = (values: readonly number[], digits: number): string =>
    values.map((x) => x.toFixed(digits)).join(', ');
  return {
    sentence: `Estimated, on average over ${all.length} demonstrations: ${names
      .map((name, k) => `${name} ${intervals[k].value.toFixed(3)} (true ${theta[k]})`)
      .join(
        ', ',
      )}. Of what the true reward pays more than for acting at random the policies of the fits lose ${listed(
      lost.map((share) => 100 * share),
      1,
    )} %.`,
    findings: [
      {
        claim: 'For every coefficient the interval over seeds holds the true one',
        holds: covered.length === names.length,
        evidence: names
          .map((name, k) => {
            const { low, high } = intervals[k];
            return `${name} ${low.toFixed(3)} to ${high.toFixed(3)}, true ${theta[k]}`;
          })
          .join('; '),
        law: false,
      },
      {
        claim: `The policy of the fit loses at most ${100 * WITHIN} % of what is to be gained over chance, for every seed`,
        holds: lost.every((share) => share <= WITHIN),
        evidence: listed(lost, 4),
        law: false,
      },
      {
        claim: 'Every feature is matched within its error, for four of five seeds',
        holds: matched.length >= 0.8 * all.length,
        evidence: all.map(({ seed, fit }) => `seed ${seed}: ${fit.stopReason}`).join('; '),
        law: false,
      },
    ],
    tables: [
      {
        title: 'Every demonstration: coefficients, and what the true reward pays an episode',
        columns: ['seed', ...names, 'who demonstrated', 'the fit', 'chance', 'rounds', 'stop'],
        rows: [
          ['true', ...theta, null, null, null, null, null],
          ...all.map(({ seed, fit, paid }) => [
            seed,
            ...fit.parameters.map(({ estimate }) => Number(estimate.toFixed(4))),
            Number(paid.shown.toFixed(3)),
            Number(paid.fitted.toFixed(3)),
            Number(paid.chance.toFixed(3)),
            fit.rounds,
            fit.stop,
          ]),
        ],
        note: `Discounted sums of ${COMPARED} episodes with drawn actions from the same starts. In the first row stands what was demonstrated; nothing is played there`,
      },
    ],
    charts: [
      {
        name: 'coefficients',
        title: 'What was found of what was demonstrated',
        caption: `Mean of ${all.length} demonstrations, with an interval that covers it 19 times of 20.`,
        kind: 'bars',
        x: { label: 'feature' },
        y: { label: 'θ' },
        series: [
          { name: 'true', points: names.map((x, k) => ({ x, y: theta[k] })) },
          {
            name: 'estimated',
            points: names.map((x, k) => ({
              x,
              y: intervals[k].value,
              low: intervals[k].low,
              high: intervals[k].high,
            })),
          },
        ],
      },
    ],
  };
}
