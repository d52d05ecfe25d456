/** Which reward one episode of the cart-pole's expert shows, and whether planning for it balances. */

import type { Question, SimulatedFit, SimulatedProgress } from 'revealed';
import { expertEpisodes, rounded } from '../expertCloning/play.ts';
import { cartPoleFeatures, cartPoleFit, cartPoleProblem, cartPoleSteps } from './cartPoleFit.ts';
import { coefficientTable } from './coefficientTable.ts';
import { gapChart, returnChart, type Traced } from './tracedRounds.ts';

const SEEDS = 5;
const TRACED = 3;
/** Rounds between two looks at the return. */
const EVERY = 4;
const GOOD = 475;
/** Of (1 − γ) Σ γᵗ φ, features at most 1 in size. */
const MATCHED = 0.01;
const NOTHING = 100;

interface Seeded {
  readonly seed: number;
  readonly fit: SimulatedFit;
  readonly drawn: number;
  readonly likeliest: number;
  /** The same machinery for a reward of nothing. */
  readonly control: { readonly drawn: number; readonly likeliest: number };
}

export const cartPole: Question = {
  name: 'cart-pole',
  title:
    'Which reward does one episode of the expert show, and does planning for it balance the pole?',
  async *ask(first) {
    const problem = cartPoleProblem(await expertEpisodes('cartpole'), [0]);
    const all: Seeded[] = [];
    const traced: Traced[] = [];
    const share = (i: number, within: number): number => (i + within) / SEEDS;
    for (let i = 0; i < SEEDS; i++) {
      const seed = first + i;
      const rounds: { progress: SimulatedProgress; steps: number | null }[] = [];
      const steps = cartPoleFit(problem, {}, seed);
      let next = steps.next();
      while (!next.done) {
        const { progress, agent } = next.value;
        const isSeen = i < TRACED && (progress.round - 1) % EVERY === 0;
        rounds.push({ progress, steps: isSeen ? cartPoleSteps(agent, 'drawn', seed, 20) : null });
        yield share(i, (0.8 * progress.round) / 60);
        next = steps.next();
      }
      if (i < TRACED) traced.push({ seed, rounds });
      const { fit, agent } = next.value;
      const fixed = Object.fromEntries(cartPoleFeatures.names.map((name) => [name, 0]));
      const without = cartPoleFit(problem, { fix: fixed, rounds: 20, polish: 1 }, seed);
      let nothing = without.next();
      while (!nothing.done) nothing = without.next();
      all.push({
        seed,
        fit,
        drawn: cartPoleSteps(agent, 'drawn', seed),
        likeliest: cartPoleSteps(agent, 'likeliest', seed),
        control: {
          drawn: cartPoleSteps(nothing.value.agent, 'drawn', seed),
          likeliest: cartPoleSteps(nothing.value.agent, 'likeliest', seed),
        },
      });
      yield share(i, 1);
    }
    return answerOf(all, traced);
  },
};

function answerOf(all: readonly Seeded[], traced: readonly Traced[]) {
  const good = all.filter(({ drawn, likeliest }) => Math.min(drawn, likeliest) >= GOOD).length;
  const largest = all.map(({ fit }) => Math.max(...fit.gaps.map(({ gap }) => Math.abs(gap))));
  const controls = all.flatMap(({ control }) => [control.drawn, control.likeliest]);
  const listed = (values: readonly number[], digits: number): string =>
    values.map((x) => x.toFixed(digits)).join(', ');
  return {
    sentence: `Planning for the reward that one episode shows keeps the pole up for ${listed(
      all.map(({ drawn }) => drawn),
      0,
    )} of 500 steps (drawn actions; ${listed(
      all.map(({ likeliest }) => likeliest),
      0,
    )} the likeliest); for a reward of nothing for at most ${Math.max(...controls).toFixed(0)}.`,
    findings: [
      {
        claim: `Drawn and likeliest actions both come to ${GOOD} steps for four of five seeds`,
        holds: good >= 4,
        evidence: `${good} of ${all.length}`,
        law: false,
      },
      {
        claim: `Every gap is at most ${MATCHED} a step, for every seed`,
        holds: largest.every((gap) => gap <= MATCHED),
        evidence: `largest ${listed(largest, 4)}`,
        law: false,
      },
      {
        claim: `Without a reward the same machinery stays below ${NOTHING}: balancing is learned from the episode`,
        holds: controls.every((steps) => steps < NOTHING),
        evidence: `drawn and likeliest ${listed(controls, 0)}`,
        law: false,
      },
    ],
    tables: [
      {
        title: 'Every seed: mean steps of 100 episodes, and how the fit ended',
        columns: [
          'seed',
          'drawn',
          'likeliest',
          'drawn, no reward',
          'likeliest, no reward',
          'log-likelihood',
          'simulated steps',
          'stop',
        ],
        rows: all.map(({ seed, fit, drawn, likeliest, control }) => [
          seed,
          rounded(drawn, 1),
          rounded(likeliest, 1),
          rounded(control.drawn, 1),
          rounded(control.likeliest, 1),
          rounded(fit.logLikelihood, 4),
          fit.simulatedSteps,
          fit.stop,
        ]),
        note: 'log-likelihood: of a demonstrated decision under the policy of the fit; choosing at random has −0.6931',
      },
      coefficientTable(
        all,
        { theta: 3, error: 2, gap: 5 },
        'Per step, (1 − γ) Σ γᵗ φ of the demonstration less that of episodes from where it began. A Monte-Carlo error that is missing belongs to a feature that no episode at the end changed: where nobody falls, being alive differs for nobody. One that is large says that the feature hardly varies among episodes, so that this one says little of what it is worth',
      ),
    ],
    charts: [gapChart(traced), returnChart(traced, 'steps', 473)],
  };
}
