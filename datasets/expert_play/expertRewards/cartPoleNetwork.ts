/**
 * What a network as the reward, or beside a linear one, adds to it: from one episode of the
 * cart-pole's expert.
 */

import {
  type Answer,
  cloningRows,
  imitationScores,
  imitatorOf,
  linearNetworkReward,
  networkStepReward,
  openEngine,
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
const ROUNDS = { linear: 60, network: 120, both: 120 } as const;
const KINDS = ['linear', 'network', 'both'] as const;
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
  title:
    'What does a network as the reward, or beside a linear one, add, where one episode is known?',
  async *ask(first) {
    const episodes = await expertEpisodes('cartpole');
    const problem = cartPoleProblem(episodes, [0]);
    const others = Array.from({ length: episodes.count - 1 }, (_, i) => i + 1);
    const unseen = cloningRows(episodes, cartPoleActions, others);
    const all: Row[] = [];
    const rounds = SEEDS * (ROUNDS.linear + ROUNDS.network + ROUNDS.both);
    let done = 0;
    for (const kind of KINDS)
      for (let i = 0; i < SEEDS; i++) {
        const seed = first + i;
        const { engine } = await openEngine(16);
        const alone = networkStepReward(engine, { scale: [...cartPoleUnits] }, seed);
        const reward = kind === 'both' ? linearNetworkReward(problem.features, alone) : alone;
        const network = kind === 'linear' ? {} : { reward };
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
  const byKind = KINDS.map((kind) => all.filter((row) => row.kind === kind));
  const [linear, network, both] = byKind;
  const mean = (rows: readonly Row[], of: (row: Row) => number): number =>
    rows.reduce((sum, row) => sum + of(row), 0) / rows.length;
  const means = (of: (row: Row) => number, digits: number): string => {
    const [first, second, third] = byKind.map((rows) => mean(rows, of).toFixed(digits));
    return `${first}, ${second} and ${third}`;
  };
  const listed = (rows: readonly Row[], of: (row: Row) => number, digits: number): string =>
    rows.map((row) => of(row).toFixed(digits)).join(', ');
  const least = ({ drawn, likeliest }: Row): number => Math.min(drawn, likeliest);
  return {
    sentence: `The pole is balanced for ${means(({ drawn }) => drawn, 0)} steps by a linear reward, a network and both together (drawn actions). Held-out decisions of the other episodes are told with ${means(({ heldOut }) => heldOut, 3)} each, where choosing at random has −0.693.`,
    findings: [
      {
        claim: `Every reward comes to ${GOOD} steps for every seed, drawn and likeliest`,
        holds: all.every((row) => least(row) >= GOOD),
        evidence: KINDS.map((kind, k) => `${kind} ${listed(byKind[k], least, 0)}`).join('; '),
        law: false,
      },
      {
        claim: 'The network tells held-out decisions better than the linear reward, for every seed',
        holds: network.every(({ heldOut }, i) => heldOut > linear[i].heldOut),
        evidence: KINDS.map(
          (kind, k) => `${kind} ${listed(byKind[k], ({ heldOut }) => heldOut, 3)}`,
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
      {
        claim: 'Both together tell held-out decisions better than either alone, for every seed',
        holds: both.every(
          ({ heldOut }, i) => heldOut > Math.max(linear[i].heldOut, network[i].heldOut),
        ),
        evidence: `both ${listed(both, ({ heldOut }) => heldOut, 3)}, in as many rounds as the network alone, twice those of the linear reward`,
        law: false,
      },
      {
        claim: 'Beside a network the features of the linear part are matched to .01 a step',
        holds: both.every(({ largest }) => largest <= 0.01),
        evidence: `largest gap ${listed(both, ({ largest }) => largest, 4)}`,
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
          ...all[0].fit.gaps.map(({ name }) => `paid for ${name}`),
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
          ...fit.gaps.map(({ name }) =>
            rounded(fit.parameters.find((one) => one.name === name)?.estimate, 3),
          ),
        ]),
        note: 'A network has many ways to be paid alike along one episode and otherwise elsewhere; what it pays off the path is told by nothing but how small its numbers are. What both together pay for a feature is not all that is paid for it',
      },
    ],
    charts: [],
  };
}
