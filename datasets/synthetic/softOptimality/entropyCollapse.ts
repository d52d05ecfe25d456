/**
 * Does paying for entropy keep a policy gradient from settling too soon? REINFORCE in the corridor, with
 * and without the entropy of its choices in the return, for several lengths of step: how random its
 * choices still are, update by update, and where it ends up.
 *
 * Means over seeds: Student's 95 % intervals. Shares of seeds: Wilson's.
 */

import {
  type Answer,
  arrivalShares,
  createRng,
  type Estimate,
  type Finding,
  meanInterval,
  policyGradient,
  type Question,
  TabularSimulator,
  twoGoalCorridor,
  wilsonInterval,
} from 'revealed';
import { percent, range } from './words.ts';

export interface CollapseSize {
  readonly seeds: number;
  readonly updates: number;
  readonly stepSizes: readonly number[];
  /** τ, ascending from 0. */
  readonly temperatures: readonly number[];
}

export const entropyCollapse: Question = {
  name: 'entropy-collapse',
  title: 'Does it keep a policy gradient from settling too soon?',
  ask: (seed) =>
    collapse(
      {
        seeds: 100,
        updates: 800,
        stepSizes: [0.5, 2, 8],
        temperatures: [0, 0.003, 0.01, 0.03],
      },
      seed,
    ),
};

const NEAR = 2;
const FAR = 10;
const TIME_LIMIT = 50;
/** Points of a curve. */
const POINTS = 40;
/** A seed ends at a goal that its policy reaches with at least this probability. */
const MOSTLY = 0.5;

interface Run {
  readonly stepSize: number;
  readonly temperature: number;
  /** [points] */
  readonly update: readonly number[];
  /** [points] mean entropy of the choices, in nats. */
  readonly entropy: readonly Estimate[];
  readonly far: Estimate;
  readonly near: Estimate;
  /** Mean probability of reaching neither goal in time. */
  readonly neither: number;
}

export function* collapse(
  { seeds, updates, stepSizes, temperatures }: CollapseSize,
  seed: number,
): Generator<number, Answer, undefined> {
  const task = twoGoalCorridor({ near: NEAR, far: FAR, small: 0.3, timeLimit: TIME_LIMIT });
  const { world, initial } = task;
  const every = Math.max(1, Math.floor(updates / POINTS));
  const runs: Run[] = [];
  const trials = stepSizes.length * temperatures.length * seeds;
  let done = 0;
  for (const stepSize of stepSizes)
    for (const temperature of temperatures) {
      const entropies: number[][] = [];
      const [far, near]: number[][] = [[], []];
      for (let i = 0; i < seeds; i++) {
        const key = `${seed}, ${i}`;
        const simulator = new TabularSimulator(task, createRng(key, 'outcomes'));
        const learning = policyGradient(simulator, {
          updates,
          episodes: 1,
          stepSize,
          temperature,
          discount: 0.99,
          discountVisits: false,
          seed: key,
        });
        const curve: number[] = [];
        let next = learning.next();
        for (; !next.done; next = learning.next())
          if ((next.value.update - 1) % every === 0) curve.push(next.value.entropy);
        entropies.push(curve);
        const arrives = (goal: number): number =>
          arrivalShares(world.mdp, next.value.policy, initial, [goal], TIME_LIMIT)[TIME_LIMIT];
        far.push(arrives(NEAR + FAR));
        near.push(arrives(0));
        yield ++done / trials;
      }
      const mostly = (shares: readonly number[]): Estimate =>
        wilsonInterval(shares.filter((share) => share >= MOSTLY).length, seeds);
      runs.push({
        stepSize,
        temperature,
        update: entropies[0].map((_, k) => 1 + k * every),
        entropy: entropies[0].map((_, k) => meanInterval(entropies.map((curve) => curve[k]))),
        far: mostly(far),
        near: mostly(near),
        neither: 1 - (sum(far) + sum(near)) / seeds,
      });
    }
  return answerOf(runs, seeds, updates);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, x) => total + x, 0);
}

function answerOf(runs: readonly Run[], seeds: number, updates: number): Answer {
  const middle = runs[Math.floor(runs.length / 2)].stepSize;
  const shown = runs.filter(({ stepSize }) => stepSize === middle);
  const [without] = shown;
  const best = shown.slice(1).reduce((most, run) => (run.far.value > most.far.value ? run : most));
  const gains = gainsOf(runs);
  const here = gains.filter(({ stepSize }) => stepSize === middle);
  const elsewhere = gains.filter(({ stepSize }) => stepSize !== middle);
  return {
    sentence: [
      `Without pay for entropy the choices go from ${nats(without.entropy[0])} to ${nats(lastOf(without))} nats in ${updates} updates of step ${middle}`,
      `and ${percent(without.near)} of the seeds end at the small goal, ${percent(without.far)} at the large one;`,
      `with τ = ${best.temperature} they stay at ${nats(lastOf(best))} nats and ${percent(best.far)} end at the large one,`,
      here.length > 0 ? 'more for certain.' : 'which may be chance.',
      elsewhere.length > 0
        ? `A certain gain is seen with ${elsewhere.map(settingWords).join('; ')}.`
        : 'No other step shows a certain gain.',
    ].join(' '),
    findings: findingsOf(runs, gains, middle),
    tables: [
      {
        title: `Where REINFORCE ends up after ${updates} updates of one episode, ${seeds} seeds`,
        columns: [
          'step',
          'τ',
          'entropy at the end',
          '95 %',
          'mostly at the large goal',
          '95 %',
          'mostly at the small goal',
          '95 %',
          'at neither',
        ],
        rows: runs.map((run) => [
          run.stepSize,
          run.temperature,
          lastOf(run).value,
          range(lastOf(run)),
          run.far.value,
          range(run.far),
          run.near.value,
          range(run.near),
          run.neither,
        ]),
        note: `"Mostly": the final policy gets there in time with a probability of at least ${MOSTLY}, computed exactly. "At neither": the mean probability of not getting to either within ${TIME_LIMIT} steps. Entropy in nats, which also pays for staying on the way. Rewards 0.3 (${NEAR} steps away) and 1 (${FAR} steps away), γ = 0.99, baseline by state.`,
      },
    ],
    charts: [
      {
        name: 'entropy',
        title: 'Entropy of the choices while REINFORCE learns',
        caption: `Mean entropy of the choices made in the episode of an update, in nats (two actions: at most ${nats({ value: Math.LN2 })}); mean of ${seeds} seeds with 95 % intervals, step ${middle}.`,
        kind: 'curves',
        x: { label: 'update' },
        y: { label: 'entropy (nats)' },
        series: shown.map(({ temperature, update, entropy }) => ({
          name: temperature === 0 ? 'no pay for entropy' : `τ = ${temperature}`,
          points: entropy.map(({ value, low, high }, k) => ({
            x: update[k],
            y: value,
            low,
            high,
          })),
        })),
        marks: [{ axis: 'y', at: Math.LN2, label: 'at random' }],
      },
      {
        name: 'goals',
        title: 'Share of seeds that end at the large goal',
        caption: `By the price of entropy and the length of a step; ${seeds} seeds, Wilson's 95 % intervals.`,
        kind: 'bars',
        x: { label: 'price of entropy τ' },
        y: { label: 'share of seeds' },
        series: [...new Set(runs.map(({ stepSize }) => stepSize))].map((stepSize) => ({
          name: `step ${stepSize}`,
          points: runs
            .filter((run) => run.stepSize === stepSize)
            .map(({ temperature, far }) => ({
              x: String(temperature),
              y: far.value,
              low: far.low,
              high: far.high,
            })),
        })),
      },
    ],
  };
}

function lastOf({ entropy }: Run): Estimate {
  return entropy[entropy.length - 1];
}

function nats({ value }: { readonly value: number }): string {
  return value.toFixed(2);
}

function bareOf(runs: readonly Run[], { stepSize }: Run): Run {
  return runs.find((run) => run.stepSize === stepSize && run.temperature === 0) ?? runs[0];
}

/** Settings with pay that end at the large goal more often than the same step without, for certain. */
function gainsOf(runs: readonly Run[]): Run[] {
  return runs.filter((run) => run.far.low > bareOf(runs, run).far.high);
}

function settingWords({ stepSize, temperature }: Run): string {
  return `step ${stepSize}, τ ${temperature}`;
}

function findingsOf(runs: readonly Run[], gains: readonly Run[], middle: number): Finding[] {
  const without = runs.filter(({ temperature }) => temperature === 0);
  const paid = runs.filter(({ temperature }) => temperature > 0);
  const keeps = paid.filter((run) => lastOf(run).low > lastOf(bareOf(runs, run)).high);
  const fails = paid.filter((run) => !keeps.includes(run));
  const [shortest] = runs;
  const longer = paid.filter(({ stepSize }) => stepSize > shortest.stepSize);
  const compared = (run: Run): string =>
    `${settingWords(run)}: ${range(run.far)}, without ${range(bareOf(runs, run).far)}`;
  const wanderer = paid.reduce((most, run) => (run.neither > most.neither ? run : most));
  const collapsed = without.find(({ stepSize }) => stepSize === middle) ?? without[0];
  return [
    {
      claim: 'Without pay for entropy the choices collapse, and in some seeds on the small goal',
      holds: lastOf(collapsed).high < Math.LN2 / 2 && collapsed.near.low > 0.05,
      evidence: `step ${middle}: ${range(lastOf(collapsed))} nats at the end, ${range(collapsed.near)} of the seeds at the small goal`,
      law: false,
    },
    {
      claim: 'Some pay for entropy brings more seeds to the large goal',
      holds: gains.length > 0,
      evidence:
        gains.length > 0
          ? `of ${paid.length} settings, ${gains.map(compared).join('; ')}`
          : `no interval lies above that without: ${paid.map(compared).join('; ')}`,
      law: false,
    },
    {
      claim: 'Pay for entropy keeps choices more random, at every price and step',
      holds: keeps.length === paid.length,
      evidence: `${keeps.length} of ${paid.length} settings end with more entropy${fails.length > 0 ? `; not ${fails.map(settingWords).join('; ')}` : ''}`,
      law: false,
    },
    ...(longer.length > 0 ? [madeUp(shortest, longer)] : []),
    {
      claim: 'The pay costs nothing once the large goal is found',
      holds: paid.every(({ neither }) => neither < 0.05),
      evidence: `${settingWords(wanderer)}: ${percent({ value: wanderer.neither })} of the time neither goal is reached`,
      law: false,
    },
  ];
}

/** Whether some price makes a long step as good as the shortest one is without any. */
function madeUp(shortest: Run, longer: readonly Run[]): Finding {
  const best = longer.reduce((most, run) => (run.far.value > most.far.value ? run : most));
  return {
    claim: 'Pay for entropy makes up for steps that are too long',
    holds: best.far.high >= shortest.far.low,
    evidence: `at the large goal with ${settingWords(best)}: ${range(best.far)}; with ${settingWords(shortest)}: ${range(shortest.far)}`,
    law: false,
  };
}
