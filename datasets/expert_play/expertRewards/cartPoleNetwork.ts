/** What a network as the reward adds to a linear one, from one episode of the cart-pole's expert. */

import {
  type Answer,
  cloningRows,
  imitationScores,
  imitatorOf,
  kernelEngine,
  networkStepReward,
  type Question,
  type SimulatedFit,
} from 'revealed';
import { cartPoleActions, expertEpisodes, rounded } from '../expertCloning/play.ts';
import {
  type CartPoleFit,
  cartPoleFit,
  cartPoleProblem,
  cartPoleSteps,
  cartPoleUnits,
} from './cartPoleFit.ts';

const SEEDS = 3;
const ROUNDS = { linear: 60, network: 120 } as const;
const KINDS = ['linear', 'network'] as const;
const GOOD = 475;

interface Row {
  readonly kind: (typeof KINDS)[number];
  readonly seed: number;
  readonly fit: SimulatedFit;
  readonly drawn: number;
  readonly likeliest: number;
  /** Per decision of the other episodes. */
  readonly heldOut: number;
  readonly largest: number;
}

export const cartPoleNetwork: Question = {
  name: 'cart-pole-network',
  title: 'What does a network as the reward add to a linear one, where one episode is known?',
  async *ask(first) {
    const episodes = await expertEpisodes('cartpole');
    const problem = cartPoleProblem(episodes, [0]);
    const others = Array.from({ length: episodes.count - 1 }, (_, i) => i + 1);
    const unseen = cloningRows(episodes, cartPoleActions, others);
    const all: Row[] = [];
    const rounds = SEEDS * (ROUNDS.linear + ROUNDS.network);
    let done = 0;
    for (const kind of KINDS)
      for (let i = 0; i < SEEDS; i++) {
        const seed = first + i;
        const engine = kernelEngine('kernels', 128);
        const reward = networkStepReward(engine, { scale: [...cartPoleUnits] }, seed);
        const network = kind === 'network' ? { reward } : {};
        const steps = cartPoleFit(problem, { ...network, rounds: ROUNDS[kind] }, seed);
        let next = steps.next();
        while (!next.done) {
          yield ++done / rounds;
          next = steps.next();
        }
        all.push(rowOf(kind, seed, next.value, unseen));
      }
    return answerOf(all);
  },
};

function rowOf(
  kind: Row['kind'],
  seed: number,
  { fit, agent }: CartPoleFit,
  unseen: ReturnType<typeof cloningRows>,
): Row {
  return {
    kind,
    seed,
    fit,
    drawn: cartPoleSteps(agent, 'drawn', seed),
    likeliest: cartPoleSteps(agent, 'likeliest', seed),
    heldOut: imitationScores(imitatorOf(kind, agent, cartPoleActions), unseen).perDecision,
    largest: Math.max(...fit.gaps.map(({ gap }) => Math.abs(gap))),
  };
}

function answerOf(all: readonly Row[]): Answer {
  const [linear, network] = KINDS.map((kind) => all.filter((row) => row.kind === kind));
  const mean = (rows: readonly Row[], of: (row: Row) => number): number =>
    rows.reduce((sum, row) => sum + of(row), 0) / rows.length;
  const listed = (rows: readonly Row[], of: (row: Row) => number, digits: number): string =>
    rows.map((row) => of(row).toFixed(digits)).join(', ');
  const least = ({ drawn, likeliest }: Row): number => Math.min(drawn, likeliest);
  return {
    sentence: `Both balance the pole: a linear reward for ${mean(linear, ({ drawn }) => drawn).toFixed(0)} steps, a network for ${mean(network, ({ drawn }) => drawn).toFixed(0)} (drawn actions). Held-out decisions of the other episodes are told with ${mean(linear, ({ heldOut }) => heldOut).toFixed(3)} and ${mean(network, ({ heldOut }) => heldOut).toFixed(3)} each, where choosing at random has −0.693.`,
    findings: [
      {
        claim: `Either reward comes to ${GOOD} steps for every seed, drawn and likeliest`,
        holds: all.every((row) => least(row) >= GOOD),
        evidence: KINDS.map((kind, k) => `${kind} ${listed([linear, network][k], least, 0)}`).join(
          '; ',
        ),
        law: false,
      },
      {
        claim: 'The network tells held-out decisions better than the linear reward, for every seed',
        holds: network.every(({ heldOut }, i) => heldOut > linear[i].heldOut),
        evidence: KINDS.map(
          (kind, k) => `${kind} ${listed([linear, network][k], ({ heldOut }) => heldOut, 3)}`,
        ).join('; '),
        law: false,
      },
      {
        claim:
          'The network matches the features of the linear reward to .01 a step, though it is not told them',
        holds: network.every(({ largest }) => largest <= 0.01),
        evidence: `largest gap ${listed(network, ({ largest }) => largest, 4)}; linear ${listed(linear, ({ largest }) => largest, 4)}`,
        law: false,
      },
    ],
    tables: [
      {
        title: 'Every fit: steps of 100 episodes, likelihood per decision, gaps of features',
        columns: [
          'reward',
          'seed',
          'rounds',
          'drawn',
          'likeliest',
          'own episode',
          'other episodes',
          ...all[0].fit.gaps.map(({ name }) => `gap of ${name}`),
        ],
        rows: all.map(({ kind, seed, fit, drawn, likeliest, heldOut }) => [
          kind,
          seed,
          fit.rounds,
          rounded(drawn, 1),
          rounded(likeliest, 1),
          rounded(fit.logLikelihood, 4),
          rounded(heldOut, 4),
          ...fit.gaps.map(({ gap }) => rounded(gap, 4)),
        ]),
        note: 'A network has many ways to be paid alike along one episode and otherwise elsewhere; what it pays off the path is told by nothing but how small its numbers are',
      },
    ],
    charts: [],
  };
}
