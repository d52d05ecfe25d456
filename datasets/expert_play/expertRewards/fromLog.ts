/** What one episode of the cart-pole's expert tells of a reward where there is not even a simulator. */

import {
  InverseSoftBellman,
  kernelEngine,
  type Question,
  recordedSteps,
  SoftQPolicy,
} from 'revealed';
import { expertEpisodes, rounded } from '../expertCloning/play.ts';
import { cartPoleFeatures, cartPoleSteps } from './cartPoleFit.ts';
import { acting, logFit, RANDOM_EPISODES, type RankedRewards, rankedRewards } from './logFits.ts';

const SEEDS = 5;
const EVERY = 250;
const UPDATES = 3000;
const FIRST = 1000;
const GOOD = 475;
const SECONDS = 5;

interface Learned {
  readonly seed: number;
  /** Steps (likeliest actions) by updates made. */
  readonly curve: readonly {
    readonly update: number;
    readonly averaged: number;
    readonly last: number;
  }[];
  /** Of the processor, for the first thousand updates. */
  readonly seconds: number;
  readonly ranked: RankedRewards;
}

export const fromLog: Question = {
  name: 'from-log',
  title: 'What does one episode tell of the reward, where there is not even a simulator?',
  async *ask(first) {
    const episodes = await expertEpisodes('cartpole');
    const seeds = Array.from({ length: SEEDS }, (_, i) => first + i);
    const learned: Learned[] = [];
    const steps = recordedSteps(episodes, 2, [0]);
    for (const [i, seed] of seeds.entries()) {
      const engine = kernelEngine('kernels', 64);
      const learning = new InverseSoftBellman(engine, steps, { updates: UPDATES }, seed);
      const curve: Learned['curve'][number][] = [];
      let [micros, seconds] = [0, 0];
      let ranked: RankedRewards | null = null;
      while (!learning.done) {
        const began = process.cpuUsage();
        for (let k = 0; k < EVERY; k++) learning.update();
        const { user, system } = process.cpuUsage(began);
        micros += user + system;
        const [averaged, last] = (['averaged', 'last'] as const).map(
          (which) => new SoftQPolicy(engine, learning.policy(which)),
        );
        curve.push({
          update: learning.updates,
          averaged: cartPoleSteps(acting(averaged), 'likeliest', seed),
          last: cartPoleSteps(acting(last), 'likeliest', seed),
        });
        if (learning.updates === FIRST) {
          seconds = micros / 1e6;
          ranked = rankedRewards(averaged, seed);
        }
        yield (0.6 * (i + learning.updates / UPDATES)) / SEEDS;
      }
      if (ranked) learned.push({ seed, curve, seconds, ranked });
    }
    const logs = ['random play', 'none'] as const;
    const fits = [];
    for (const others of logs)
      for (const seed of others === 'none' ? seeds.slice(0, 1) : seeds) {
        const fit = logFit(episodes, [0], others, seed);
        fits.push({
          others,
          seed,
          fit,
          likeliest: cartPoleSteps(acting(fit.policy), 'likeliest', seed),
          drawn: cartPoleSteps(acting(fit.policy), 'drawn', seed),
        });
        yield 0.6 + (0.4 * fits.length) / (SEEDS + 1);
      }

    const at = (update: number, which: 'averaged' | 'last'): number[] =>
      learned.map(({ curve }) => curve.find((one) => one.update === update)?.[which] ?? 0);
    const listed = (values: readonly number[], digits = 0): string =>
      values.map((x) => x.toFixed(digits)).join(', ');
    const good = at(FIRST, 'averaged').filter((x) => x >= GOOD).length;
    const swings = learned.map(({ curve }) => {
      const late = curve.filter(({ update }) => update >= FIRST).map(({ last }) => last);
      return `${Math.min(...late).toFixed(0)} to ${Math.max(...late).toFixed(0)}`;
    });
    const seconds = learned.map((one) => one.seconds);
    const isRanked = learned.every(({ ranked: r }) => r.own > r.random && r.random > r.falling);
    const withRandom = fits.filter(({ others }) => others === 'random play');
    const alone = fits[fits.length - 1];
    return {
      sentence: `Values that explain the episode keep the pole up for ${listed(at(FIRST, 'averaged'))} of 500 steps after ${FIRST} updates if their parameters are averaged; the last ones swing (${swings.join('; ')}). A linear reward fitted to the same episode and ${RANDOM_EPISODES} episodes of random play, without a simulator, comes to ${listed(withRandom.map(({ likeliest }) => likeliest))}; without the random play to ${alone.likeliest.toFixed(0)}.`,
      findings: [
        {
          claim: `Averaged values come to ${GOOD} steps after ${FIRST} updates for four of five seeds`,
          holds: good >= 4,
          evidence: listed(at(FIRST, 'averaged'), 1),
          law: false,
        },
        {
          claim: `${FIRST} updates take at most ${SECONDS} seconds of a processor`,
          holds: seconds.every((x) => x <= SECONDS),
          evidence: listed(seconds, 2),
          law: false,
        },
        {
          claim:
            'The recovered reward ranks its own play above random play above the last steps before a fall, for every seed',
          holds: isRanked,
          evidence: learned
            .map(({ ranked: r }) => listed([r.own, r.random, r.falling], 2))
            .join('; '),
          law: false,
        },
        {
          claim: `A linear reward from the log alone comes to ${GOOD} steps for four of five seeds`,
          holds: withRandom.filter(({ likeliest }) => likeliest >= GOOD).length >= 4,
          evidence: listed(
            withRandom.map(({ likeliest }) => likeliest),
            1,
          ),
          law: false,
        },
      ],
      tables: [
        {
          title: 'Values that explain the episode: mean steps of 100 episodes (likeliest action)',
          columns: ['seed', ...[1000, 2000, 3000].flatMap((n) => [`averaged, ${n}`, `last, ${n}`])],
          rows: learned.map(({ seed }, i) => [
            seed,
            ...[1000, 2000, 3000].flatMap((n) => [
              rounded(at(n, 'averaged')[i], 1),
              rounded(at(n, 'last')[i], 1),
            ]),
          ]),
          note: 'by updates made; the demonstrated episode has 458 steps and drifts off the track, and long training comes to play like it',
        },
        {
          title: 'The reward that averaged values imply after 1,000 updates, per step',
          columns: ['seed', 'own play', 'random play', 'last five before a fall'],
          rows: learned.map(({ seed, ranked: r }) => [
            seed,
            rounded(r.own, 3),
            rounded(r.random, 3),
            rounded(r.falling, 3),
          ]),
          note: 'Q − γ V of what came next. Transitions of the cart-pole are certain, so that one recorded outcome is all there is to know; it is one of many rewards that explain the same play',
        },
        {
          title: 'A linear reward from the log alone',
          columns: [
            'beside the episode',
            'seed',
            'likeliest',
            'drawn',
            'log-likelihood',
            'steps in the log',
            'stop',
            ...cartPoleFeatures.names,
          ],
          rows: fits.map(({ others, seed, fit, likeliest, drawn }) => [
            others,
            seed,
            rounded(likeliest, 1),
            rounded(drawn, 1),
            rounded(fit.logLikelihood, 4),
            fit.steps,
            fit.stop,
            ...fit.parameters.map(({ estimate }) => rounded(estimate, 2)),
          ]),
          note: 'Values are linear in products of up to three coordinates: what random play came to is in the log, and what the reward leads to is extrapolated from there. Coefficients differ much between logs that play as well',
        },
      ],
      charts: [
        {
          name: 'values',
          title: 'How long the values keep the pole up',
          caption: `Likeliest action, mean of 100 episodes; mean of ${SEEDS} seeds, from the worst to the best.`,
          kind: 'curves',
          x: { label: 'updates' },
          y: { label: 'steps' },
          series: (['averaged', 'last'] as const).map((which) => ({
            name: which,
            points: learned[0].curve.map(({ update }) => {
              const scores = at(update, which);
              return {
                x: update,
                y: scores.reduce((sum, x) => sum + x, 0) / scores.length,
                low: Math.min(...scores),
                high: Math.max(...scores),
              };
            }),
          })),
          marks: [{ axis: 'y', at: 473, label: 'expert' }],
        },
      ],
    };
  },
};
