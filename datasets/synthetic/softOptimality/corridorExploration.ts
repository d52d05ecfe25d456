/**
 * Does soft optimality explore better? ε-greedy Q-learning and Boltzmann soft Q-learning where a small
 * goal is near and a large one far, over the range of ε and τ; and what else does the same.
 *
 * Shares of seeds: Wilson's 95 % intervals. Means over seeds: Student's. Medians: of order statistics.
 */

import {
  type Answer,
  type AnswerTable,
  type Chart,
  type Estimate,
  type Finding,
  meanInterval,
  medianInterval,
  type Question,
  wilsonInterval,
} from 'revealed';
import {
  type CorridorTrial,
  corridorTrial,
  type Learner,
  NEAR,
  shareAtOptimum,
} from './corridorTrials.ts';
import { percent, range } from './words.ts';

export interface ExplorationSize {
  readonly seeds: number;
  readonly episodes: number;
  readonly last: number;
  /** Steps to the far goal. */
  readonly far: number;
  /** Distances at which some of the learners are tried again. */
  readonly distances: readonly number[];
}

export const corridorExploration: Question = {
  name: 'exploration',
  title: 'Does it explore better? A small goal two steps away, a large one ten',
  ask: (seed) =>
    explore({ seeds: 100, episodes: 500, last: 100, far: 10, distances: [4, 7, 10, 14, 20] }, seed),
};

/** A way to learn, and what of it is varied. */
interface Family {
  readonly name: string;
  readonly settings: readonly (Learner & { readonly at: number })[];
}

const EPSILONS = [0.01, 0.03, 0.1, 0.2, 0.3, 0.5, 0.7, 1];
const TEMPERATURES = [0.003, 0.01, 0.03, 0.1, 0.3, 1];
/** Settings that are tried at other distances; lower ones leave too little to chance at all of them. */
const LEAST_AFAR = { epsilon: 0.3, temperature: 0.03 };

const EPSILON_GREEDY: Family = {
  name: 'ε-greedy Q-learning',
  settings: EPSILONS.map((epsilon) => ({
    name: `ε ${epsilon}`,
    at: epsilon,
    options: { exploration: { kind: 'epsilon-greedy', epsilon } },
  })),
};
const SOFT: Family = {
  name: 'soft Q-learning',
  settings: TEMPERATURES.map((temperature) => ({
    name: `τ ${temperature}`,
    at: temperature,
    options: { method: 'soft-q-learning', prior: 'uniform', temperature },
  })),
};
const SOFT_IN_NATS: Family = {
  name: 'soft Q-learning, entropy in nats',
  settings: [0.003, 0.01, 0.1, 1].map((temperature) => ({
    name: `τ ${temperature}`,
    at: temperature,
    options: { method: 'soft-q-learning', prior: 'one', temperature },
  })),
};
const HARD_BOLTZMANN: Family = {
  name: 'hard Q-learning, Boltzmann choice',
  settings: TEMPERATURES.map((temperature) => ({
    name: `τ ${temperature}`,
    at: temperature,
    options: { exploration: { kind: 'boltzmann', temperature } },
  })),
};
const OTHERS = (episodes: number): Family => ({
  name: 'others',
  settings: [
    {
      name: 'ε from 1 to 0.01 over half of the episodes',
      options: {
        exploration: {
          kind: 'epsilon-greedy',
          epsilon: { kind: 'linear', from: 1, to: 0.01, over: episodes / 2 },
        },
      },
    },
    {
      name: 'ε 0.1, every value 1 at first',
      options: { start: 1, exploration: { kind: 'epsilon-greedy', epsilon: 0.1 } },
    },
    {
      name: 'count bonus 0.1',
      options: { exploration: { kind: 'count-bonus', bonus: 0.1 } },
    },
    {
      name: 'count bonus 1',
      options: { exploration: { kind: 'count-bonus', bonus: 1 } },
    },
  ].map((learner, at) => ({ ...learner, at }) as Learner & { at: number }),
});

/** What came of one setting over the seeds. */
interface Outcome {
  readonly family: string;
  readonly name: string;
  readonly at: number;
  readonly learned: Estimate;
  readonly acted: Estimate;
  readonly wandered: number;
  readonly found: Estimate;
  /** Share of episodes that would end far if nothing were left to learn. */
  readonly atOptimum: number;
}

export function* explore(
  { seeds, episodes, last, far, distances }: ExplorationSize,
  seed: number,
): Generator<number, Answer, undefined> {
  const tryOut = (family: string, learner: Learner & { at: number }, away: number): Outcome => {
    const size = { far: away, episodes, last };
    const trials = Array.from({ length: seeds }, (_, i) =>
      corridorTrial(learner, size, `${seed}, ${i}`),
    );
    const atOptimum = shareAtOptimum(learner, size);
    return { family, name: learner.name, at: learner.at, ...summarized(trials), atOptimum };
  };

  const families = [EPSILON_GREEDY, SOFT, SOFT_IN_NATS, HARD_BOLTZMANN, OTHERS(episodes)];
  const settings = families.flatMap(({ name, settings: all }) =>
    all.map((learner) => ({ family: name, learner })),
  );
  const farther = [
    { family: EPSILON_GREEDY, least: LEAST_AFAR.epsilon },
    { family: SOFT, least: LEAST_AFAR.temperature },
  ].flatMap(({ family: { name, settings: all }, least }) =>
    distances.flatMap((away) =>
      all.filter(({ at }) => at >= least).map((learner) => ({ family: name, learner, away })),
    ),
  );
  const steps = settings.length + farther.length;
  const outcomes: Outcome[] = [];
  for (const { family, learner } of settings) {
    outcomes.push(tryOut(family, learner, far));
    yield outcomes.length / steps;
  }
  const distant: { away: number; outcome: Outcome }[] = [];
  for (const { family, learner, away } of farther) {
    const known = outcomes.find((o) => o.family === family && o.name === learner.name);
    const outcome = away === far && known ? known : tryOut(family, learner, away);
    distant.push({ away, outcome });
    yield (outcomes.length + distant.length) / steps;
  }

  const bestOf = (family: string, among = outcomes): Outcome =>
    among
      .filter((o) => o.family === family)
      .reduce((best, o) => (o.acted.value > best.acted.value ? o : best));
  const byDistance = distances.map((away) => {
    const here = distant.filter((d) => d.away === away).map(({ outcome }) => outcome);
    return {
      away,
      greedy: bestOf(EPSILON_GREEDY.name, here),
      soft: bestOf(SOFT.name, here),
    };
  });
  const findings = findingsOf(outcomes, bestOf, byDistance);
  const [greedy, soft] = [bestOf(EPSILON_GREEDY.name), bestOf(SOFT.name)];
  return {
    sentence: [
      `After ${episodes} episodes soft Q-learning at its best temperature (${soft.name}) goes to the far goal in`,
      `${percent(soft.acted)} of its episodes, ε-greedy Q-learning at its best (${greedy.name}) in ${percent(greedy.acted)};`,
      `${findings[2].holds ? 'the soft values are what helps' : 'choosing by Boltzmann from hard values does as well, so it is the way of choosing that helps, not the soft values'},`,
      `and ${findings[1].holds ? 'any temperature tried does' : 'the temperature has to be right'}.`,
    ].join(' '),
    findings,
    tables: [tableOf(outcomes, seeds, episodes, last), distanceTable(byDistance)],
    charts: [
      settingsChart(outcomes, { episodes, last, seeds }),
      distanceChart(byDistance, { episodes, last, seeds }),
    ],
  };
}

function summarized(
  trials: readonly CorridorTrial[],
): Pick<Outcome, 'learned' | 'acted' | 'wandered' | 'found'> {
  return {
    learned: wilsonInterval(trials.filter(({ learned }) => learned).length, trials.length),
    acted: within01(meanInterval(trials.map(({ acted }) => acted))),
    wandered: trials.reduce((sum, { wandered }) => sum + wandered, 0) / trials.length,
    found: medianInterval(trials.map(({ found }) => found)),
  };
}

/** Student's interval of a mean of shares, as far as shares go. */
function within01({ value, low, high }: Estimate): Estimate {
  return { value, low: Math.max(0, low), high: Math.min(1, high) };
}

interface AtDistance {
  readonly away: number;
  readonly greedy: Outcome;
  readonly soft: Outcome;
}

function findingsOf(
  outcomes: readonly Outcome[],
  bestOf: (family: string) => Outcome,
  byDistance: readonly AtDistance[],
): Finding[] {
  const [greedy, soft] = [bestOf(EPSILON_GREEDY.name), bestOf(SOFT.name)];
  const [hard, nats] = [bestOf(HARD_BOLTZMANN.name), bestOf(SOFT_IN_NATS.name)];
  const other = bestOf('others');
  const said = ({ name, acted }: Outcome): string => `${name}: ${range(acted)}`;
  const short = outcomes.filter(
    (o) => o.family === SOFT.name && !(o.acted.low > greedy.acted.high),
  );
  const wandering = outcomes
    .filter((o) => o.family === SOFT_IN_NATS.name)
    .reduce((most, o) => (o.wandered > most.wandered ? o : most));
  const last = byDistance.at(-1);
  return [
    {
      claim:
        'At some temperature soft Q-learning goes to the far goal more often than ε-greedy at any ε',
      holds: soft.acted.low > greedy.acted.high,
      evidence: `share of the last episodes at the best settings: ${said(soft)}; ${said(greedy)}`,
      law: false,
    },
    {
      claim: 'It does so at every temperature tried',
      holds: short.length === 0,
      evidence:
        short.length === 0
          ? `all of ${TEMPERATURES.join(', ')} are above ${greedy.name}`
          : `it does not at ${short.map(said).join('; ')}`,
      law: false,
    },
    {
      claim: 'The soft values help, beyond choosing by Boltzmann from hard values',
      holds: soft.acted.low > hard.acted.high,
      evidence: `${said(soft)} with soft values; ${said(hard)} with hard ones`,
      law: false,
    },
    {
      claim: 'It does not matter whether entropy counts in nats or relative to chance',
      holds: nats.acted.high >= soft.acted.low,
      evidence: `in nats the best is ${said(nats)}; entropy then pays for every step that puts the end off (${wandering.name}: ${percent({ value: wandering.wandered })} of the last episodes end nowhere, and with exact values ${percent({ value: wandering.atOptimum })} would end far)`,
      law: false,
    },
    {
      claim: 'Nothing without entropy does it as well',
      holds: soft.acted.low > Math.max(hard.acted.high, other.acted.high),
      evidence: `${said(other)}; ${said(hard)} (hard values, Boltzmann choice)`,
      law: false,
    },
    ...(last
      ? [
          {
            claim: `It still does where the far goal is ${last.away} steps away`,
            holds: last.soft.acted.low > last.greedy.acted.high && last.soft.acted.low > 0.5,
            evidence: `${said(last.soft)}; ${said(last.greedy)}`,
            law: false,
          },
        ]
      : []),
  ];
}

function tableOf(
  outcomes: readonly Outcome[],
  seeds: number,
  episodes: number,
  last: number,
): AnswerTable {
  return {
    title: `What each learner comes to, ${seeds} seeds, ${episodes} episodes`,
    columns: [
      'learner',
      'setting',
      'best actions lead far',
      '95 %',
      `last ${last} episodes end far`,
      '95 %',
      'with exact values',
      'end nowhere',
      'median episode of first find',
      '95 %',
    ],
    rows: outcomes.map(({ family, name, learned, acted, wandered, found, atOptimum }) => [
      family,
      name,
      learned.value,
      range(learned),
      acted.value,
      range(acted),
      atOptimum,
      wandered,
      Number.isFinite(found.value) ? found.value : null,
      Number.isFinite(found.high)
        ? `${found.low} to ${found.high}`
        : Number.isFinite(found.low)
          ? `${found.low} or later`
          : null,
    ]),
    note: `"With exact values": the share if nothing were left to learn, so that a low one is the price of the setting and the rest a lack of exploration; what is rarely tried keeps too low a value for long, so that a learner may also do better. A median that is missing lies beyond the last episode: half of the seeds or more never came to the far goal. Soft Q-learning counts entropy relative to choosing at random unless nats are named. Reward 0.1 near, 1 far; γ = 0.99.`,
  };
}

function distanceTable(byDistance: readonly AtDistance[]): AnswerTable {
  return {
    title:
      'The best setting of each at every distance, by the share of the last episodes that end far',
    columns: ['steps to the far goal', 'best ε', 'share', '95 %', 'best τ', 'share', '95 %'],
    rows: byDistance.map(({ away, greedy, soft }) => [
      away,
      greedy.at,
      greedy.acted.value,
      range(greedy.acted),
      soft.at,
      soft.acted.value,
      range(soft.acted),
    ]),
    note: 'Settings are chosen on the seeds that they are shown for, at each distance and for both, which flatters both a little.',
  };
}

interface Setup {
  readonly episodes: number;
  readonly last: number;
  readonly seeds: number;
}

function settingsChart(outcomes: readonly Outcome[], { episodes, last, seeds }: Setup): Chart {
  return {
    name: 'settings',
    title: 'How often the far goal is reached in the end, by how much is left to chance',
    caption: `Share of the last ${last} of ${episodes} episodes that end at the far goal, as the learner acts; mean of ${seeds} seeds with 95 % intervals. ε and τ are different things; τ is in units of the large reward.`,
    kind: 'curves',
    x: { label: 'ε or τ', scale: 'log' },
    y: { label: 'share of episodes' },
    series: [EPSILON_GREEDY, SOFT, SOFT_IN_NATS, HARD_BOLTZMANN].map(({ name }) => ({
      name,
      points: outcomes
        .filter((o) => o.family === name)
        .map(({ at, acted }) => ({ x: at, y: acted.value, low: acted.low, high: acted.high })),
    })),
  };
}

function distanceChart(byDistance: readonly AtDistance[], { episodes, last, seeds }: Setup): Chart {
  const pointsOf = (which: 'greedy' | 'soft') =>
    byDistance.map((row) => {
      const { value, low, high } = row[which].acted;
      return { x: row.away, y: value, low, high };
    });
  return {
    name: 'distance',
    title: 'The farther the goal, the harder for both',
    caption: `Share of the last ${last} of ${episodes} episodes that end at the far goal, each at its best setting for the distance; mean of ${seeds} seeds with 95 % intervals. The small goal stays ${NEAR} steps away.`,
    kind: 'curves',
    x: { label: 'steps to the far goal' },
    y: { label: 'share of episodes' },
    series: [
      { name: EPSILON_GREEDY.name, points: pointsOf('greedy') },
      { name: SOFT.name, points: pointsOf('soft') },
    ],
  };
}
