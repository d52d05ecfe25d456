/**
 * What a network as the reward, or beside a linear one, adds to it: from five episodes of the
 * pendulum's expert. The network sees cosine, sine, speed and torque, the linear part their squares.
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
import { expertEpisodes, pendulumActions, rounded } from '../expertCloning/play.ts';
import {
  angleFeatures,
  type PendulumFit,
  type PendulumReturn,
  pendulumFit,
  pendulumProblem,
  pendulumReturns,
  pendulumUnits,
} from './pendulumFit.ts';

const SEEDS = 3;
const SHOWN = [0, 1, 2, 3, 4];
const KINDS = ['linear', 'network', 'both'] as const;
/** The same for all, so that what differs is the reward; corrections there are for linear ones only. */
const OPTIONS = { rounds: 40, updates: 300, corrections: 0 };
const EXPERT = -189;

interface Row {
  readonly kind: (typeof KINDS)[number];
  readonly seed: number;
  readonly fit: SimulatedFit;
  readonly drawn: PendulumReturn;
  readonly likeliest: PendulumReturn;
  /** Log-density per decision of the other episodes. */
  readonly heldOut: number;
}

export const pendulumNetwork: Question = {
  name: 'pendulum-network',
  title: 'What does a network as the reward, or beside a linear one, add for the pendulum?',
  async *ask(first) {
    const episodes = await expertEpisodes('pendulum');
    const problem = pendulumProblem(episodes, SHOWN, angleFeatures);
    const others = Array.from({ length: episodes.count }, (_, i) => i).slice(SHOWN.length);
    const unseen = cloningRows(episodes, pendulumActions, others);
    const all: Row[] = [];
    const rounds = SEEDS * KINDS.length * OPTIONS.rounds;
    let done = 0;
    for (const kind of KINDS)
      for (let i = 0; i < SEEDS; i++) {
        const seed = first + i;
        const { engine } = await openEngine(16);
        const alone = networkStepReward(
          engine,
          { scale: [...pendulumUnits], actions: 'coordinates' },
          seed,
        );
        const reward = kind === 'both' ? linearNetworkReward(problem.features, alone) : alone;
        const steps = pendulumFit(
          problem,
          kind === 'linear' ? OPTIONS : { ...OPTIONS, reward },
          seed,
        );
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
  { fit, agent }: PendulumFit,
  unseen: ReturnType<typeof cloningRows>,
): Row {
  return {
    kind,
    seed,
    fit,
    drawn: pendulumReturns(agent, 'drawn'),
    likeliest: pendulumReturns(agent, 'likeliest'),
    heldOut: imitationScores(imitatorOf(kind, agent, pendulumActions), unseen).perDecision,
  };
}

function answerOf(all: readonly Row[]): Answer {
  const byKind = KINDS.map((kind) => all.filter((row) => row.kind === kind));
  const [linear, network, both] = byKind;
  const listed = (of: (row: Row) => string): string =>
    KINDS.map((kind, k) => `${kind} ${byKind[k].map(of).join(', ')}`).join('; ');
  const mean = (rows: readonly Row[], of: (row: Row) => number, digits: number): string =>
    (rows.reduce((sum, row) => sum + of(row), 0) / rows.length).toFixed(digits);
  const means = (of: (row: Row) => number, digits: number): string =>
    `${mean(linear, of, digits)}, ${mean(network, of, digits)} and ${mean(both, of, digits)}`;
  return {
    sentence: `Swung up by a linear reward, a network and both together the pendulum returns ${means(({ likeliest }) => likeliest.mean, 0)} (likeliest actions; the expert ${EXPERT}); held-out torques have a log-density of ${means(({ heldOut }) => heldOut, 2)} each.`,
    findings: [
      {
        claim:
          'With a network beside it the linear reward tells held-out torques better, for every seed',
        holds: both.every(({ heldOut }, i) => heldOut > linear[i].heldOut),
        evidence: listed(({ heldOut }) => heldOut.toFixed(3)),
        law: false,
      },
      {
        claim: 'Either reward with a network swings it up no worse than the expert, for every seed',
        holds: [...network, ...both].every(({ likeliest }) => likeliest.mean >= EXPERT),
        evidence: listed(({ likeliest }) => likeliest.mean.toFixed(0)),
        law: false,
      },
      {
        claim: 'Both together match as many features within their errors as the linear reward',
        holds: both.every(({ fit }, i) => withinOf(fit) >= withinOf(linear[i].fit)),
        evidence: `features of ${all[0].fit.gaps.length} within their errors: ${listed(({ fit }) => String(withinOf(fit)))}`,
        law: false,
      },
    ],
    tables: [
      {
        title:
          'Every fit: returns from 100 starts, log-densities per decision, gaps and parameters',
        columns: [
          'reward',
          'seed',
          'drawn',
          'likeliest',
          'more than 50 below near-optimal',
          'own episodes',
          'other episodes',
          ...all[0].fit.gaps.flatMap(({ name }) => [`gap of ${name}`, `± ${name}`]),
          ...all[0].fit.gaps.map(({ name }) => `paid for ${name}`),
        ],
        rows: all.map(({ kind, seed, fit, drawn, likeliest, heldOut }) => [
          kind,
          seed,
          rounded(drawn.mean, 1),
          rounded(likeliest.mean, 1),
          likeliest.far,
          rounded(fit.logLikelihood, 4),
          rounded(heldOut, 4),
          ...fit.gaps.flatMap(({ gap, error }) => [rounded(gap, 4), rounded(error, 4)]),
          ...fit.gaps.map(({ name }) =>
            rounded(fit.parameters.find((one) => one.name === name)?.estimate, 4),
          ),
        ]),
        note: 'What both together pay for a feature is not all that is paid for it: the network pays for the same steps. A network alone pays for no feature by name. Nothing corrects for gaps at the end here, which can be done for a linear reward only',
      },
    ],
    charts: [],
  };
}

function withinOf({ gaps }: SimulatedFit): number {
  return gaps.filter(({ isWithin }) => isWithin).length;
}
