/** Which reward five episodes of the pendulum's expert show, and what planning for it comes to. */

import type { Answer, Episodes, Question, SimulatedFit, SoftAgent, StepFeatures } from 'revealed';
import { cloneOf, expertEpisodes, pendulumActions, rounded } from '../expertCloning/play.ts';
import { coefficientTable } from './coefficientTable.ts';
import {
  angleFeatures,
  cosineFeatures,
  PENDULUM_ROUNDS,
  type PendulumReturn,
  pendulumFit,
  pendulumProblem,
  pendulumReturns,
} from './pendulumFit.ts';
import { gapChart, returnChart, type Traced } from './tracedRounds.ts';

export const FIRST_FIVE = [0, 1, 2, 3, 4];
const SEEDS = 5;
const TRACED = 3;
/** Rounds between two looks at the return. */
const EVERY = 5;
const GOOD = -185;
const EXPERT = -189;
/** Of the five episodes. */
const DEMONSTRATED = -255;

interface Seeded {
  readonly seed: number;
  readonly fit: SimulatedFit;
  readonly drawn: PendulumReturn;
  readonly likeliest: PendulumReturn;
  /** Log-density per decision of the episodes that were not used, actions in [−1, 1]. */
  readonly others: { readonly fitted: number; readonly cloned: number | null };
}

export const pendulumByAngle = asked(
  'pendulum-angle',
  'Which reward of angle, speed and torque do five episodes show?',
  angleFeatures,
);
export const pendulumByCosine = asked(
  'pendulum-cosine',
  'And with the cosine of the angle in place of its square?',
  cosineFeatures,
);

function asked(name: string, title: string, features: StepFeatures): Question {
  return {
    name,
    title,
    async *ask(first) {
      const episodes = await expertEpisodes('pendulum');
      const problem = pendulumProblem(episodes, FIRST_FIVE, features);
      const all: Seeded[] = [];
      const traced: Traced[] = [];
      for (let i = 0; i < SEEDS; i++) {
        const seed = first + i;
        const rounds: Traced['rounds'][number][] = [];
        const steps = pendulumFit(problem, {}, seed);
        let next = steps.next();
        while (!next.done) {
          const { progress, agent } = next.value;
          const { round } = progress;
          const isSeen = i < TRACED && (round - 1) % EVERY === 0;
          rounds.push({ progress, steps: isSeen ? pendulumReturns(agent, 'drawn').mean : null });
          yield (i + round / (PENDULUM_ROUNDS.rounds + PENDULUM_ROUNDS.corrections + 1)) / SEEDS;
          next = steps.next();
        }
        const { fit, agent } = next.value;
        if (i < TRACED) traced.push({ seed, rounds: rounds.slice(0, PENDULUM_ROUNDS.rounds - 1) });
        all.push({
          seed,
          fit,
          drawn: pendulumReturns(agent, 'drawn'),
          likeliest: pendulumReturns(agent, 'likeliest'),
          others: densities(episodes, agent, seed),
        });
        yield (i + 1) / SEEDS;
      }
      return answerOf(all, traced);
    },
  };
}

/** Of the episodes from the sixth on, under the agent and under a clone of the first five. */
function densities(episodes: Episodes, agent: SoftAgent, seed: number): Seeded['others'] {
  const { stepStart, observationStart, count, observations, actions } = episodes;
  let [total, decisions] = [0, 0];
  for (let e = FIRST_FIVE.length; e < count; e++) {
    const steps = stepStart[e + 1] - stepStart[e];
    const from = 3 * observationStart[e];
    const seen = observations.slice(from, from + 3 * steps);
    const taken = actions.slice(stepStart[e], stepStart[e + 1]).map((torque) => torque / 2);
    const logs = new Float64Array(steps);
    agent.logLikelihood(seen, taken, steps, logs);
    total += logs.reduce((sum, log) => sum + log, 0);
    decisions += steps;
  }
  // the same family on the same box, and so with the same edges
  const head = { head: 'tanh-gaussian' } as const;
  const { others } = cloneOf(episodes, pendulumActions, FIRST_FIVE, head, seed);
  return { fitted: total / decisions, cloned: others && others.perDecision + Math.LN2 };
}

function answerOf(all: readonly Seeded[], traced: readonly Traced[]): Answer {
  const listed = (values: readonly number[], digits: number): string =>
    values.map((x) => x.toFixed(digits)).join(', ');
  const likeliest = all.map((one) => one.likeliest.mean);
  const good = likeliest.filter((mean) => mean >= GOOD).length;
  const matched = all.filter(({ fit }) => fit.stop === 'matched-within-error');
  const open = all.filter(({ fit }) => fit.stop !== 'matched-within-error');
  return {
    sentence: `Planning for the reward that five episodes show (they come to ${DEMONSTRATED} on average) is worth ${listed(likeliest, 0)} from the hundred starts, most likely actions; ${listed(
      all.map(({ drawn }) => drawn.mean),
      0,
    )} drawn ones. Every feature's gap is within its error for ${matched.length} of ${all.length} seeds${open.length === 0 ? '' : `; not matched for seed ${open.map(({ seed }) => seed).join(', ')}`}.`,
    findings: [
      {
        claim: `Most likely actions come to ${GOOD} for four of five seeds`,
        holds: good >= 4,
        evidence: `${good} of ${all.length}: ${listed(likeliest, 1)}`,
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
        title: 'Every seed: return from the hundred fixed starts, and how the fit ended',
        columns: [
          'seed',
          'drawn',
          'likeliest',
          'far from near-optimal',
          'other episodes',
          'clone of them',
          'rounds',
          'simulated steps',
          'stop',
        ],
        rows: all.map(({ seed, fit, drawn, likeliest: best, others }) => [
          seed,
          rounded(drawn.mean, 1),
          rounded(best.mean, 1),
          best.far,
          rounded(others.fitted, 4),
          rounded(others.cloned, 4),
          fit.rounds,
          fit.simulatedSteps,
          fit.stop,
        ]),
        note: 'far from near-optimal: starts of the hundred that end more than 50 below. Other episodes: log-density of a decision of the 51 that were not used, torque in units of its limit; choosing at random has −0.6931. The clone is of the same five, with the same family of densities. What lies at the limit is moved in by a thousandth',
      },
      coefficientTable(
        all,
        { theta: 4, error: 4, gap: 4 },
        'Per step, (1 − γ) Σ γᵗ φ of the demonstrations less that of episodes from where they began; γ = 0.97, τ = 0.2. The expert draws its torque, and draws much of it: that is why torque seems to be liked',
      ),
    ],
    charts: [
      gapChart(traced),
      returnChart(
        traced,
        'return',
        EXPERT,
        'From the hundred fixed starts with drawn actions, one line a seed.',
      ),
    ],
  };
}
