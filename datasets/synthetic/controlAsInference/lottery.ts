/**
 * A sure loss of 1, or a ticket that wins nothing with probability 1 / 10 and else loses 5. Two
 * decisions: which, and to take what comes.
 *
 *   p(ticket | O) = p₁ / (p₁ + p₀),   p₁ = 0.1 + 0.9 e^{−5/τ},   p₀ = e^{−1/τ}
 *
 * Given that all went well, the ticket must have won: as τ falls the posterior is sure of that, and
 * an agent that acts by it buys the ticket.
 */

import { type Answer, mostProbableTrajectory, type Question, tabularTask } from 'revealed';
import { type ControlTask, hardPlan, type InferenceAt, inferenceAt } from './inferenceAt.ts';
import { lawsOf } from './laws.ts';
import { along, gapChart, inferenceTable, inWords, returnChart } from './pictures.ts';

const WIN = 0.1;
const [SAFE, WON, LOST] = [-1, 0, -5];
const STATES = ['choice', 'sure loss', 'won', 'lost', 'end'];
const PAID = [0, SAFE, WON, LOST];
const TICKET = 1;

export const temperatures = [0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3, 5, 10, 20, 50];

/** Pairs: the sure loss, the ticket, and what is paid in each of the three states they lead to. */
export function lotteryTask(): ControlTask {
  const { world, reward, initial } = tabularTask({
    stateNames: STATES,
    actionNames: ['sure loss', 'ticket', 'take it'],
    actionsOf: (s) => (s === 0 ? [0, TICKET] : s === 4 ? [] : [2]),
    outcomes: (s, action) => {
      if (s > 0) return [{ to: 4, probability: 1, reward: PAID[s] }];
      if (action !== TICKET) return [{ to: 1, probability: 1, reward: 0 }];
      return [
        { to: 2, probability: WIN, reward: 0 },
        { to: 3, probability: 1 - WIN, reward: 0 },
      ];
    },
    initial: 0,
  });
  return { mdp: world.mdp, reward, initial, horizon: 2 };
}

export const lottery: Question = {
  name: 'lottery',
  title: 'A ticket that mostly loses: what does inference expect, and what does it get?',
  *ask() {
    const task = lotteryTask();
    const solved: InferenceAt[] = [];
    for (const temperature of temperatures) {
      solved.push(inferenceAt(task, temperature));
      yield solved.length / temperatures.length;
    }
    return answerOf(task, solved);
  },
};

function answerOf(task: ControlTask, solved: readonly InferenceAt[]): Answer {
  const hardPolicy = hardPlan(task);
  const hard = solved.map(({ measure }) => measure(hardPolicy));
  const best = hard[0].expectedReward;
  const turn = turningPoint();
  const coldest = solved[0];
  const optimism = Math.min(
    ...solved.map(({ expected, executed }) => expected - executed.expectedReward),
  );
  const worst = Math.min(...solved.map(({ executed }) => executed.expectedReward));
  const shortfall = best - coldest.maxEnt.expectedReward;
  return {
    sentence:
      `Below a temperature of ${turn.toFixed(3)} the exact posterior prefers the ticket: at ${coldest.temperature} it buys it ` +
      `with probability ${ticketOf(coldest).toFixed(4)}, expects a return of ${inWords(coldest.expected)} and gets ` +
      `${inWords(coldest.executed.expectedReward)}; the maximum-entropy plan takes the sure loss and gets ` +
      `${inWords(coldest.maxEnt.expectedReward)}, the best there is.`,
    findings: [
      ...lawsOf(solved, hard, 1, 2),
      {
        claim: 'The exact posterior expects more than acting by it gets, at every temperature',
        holds: optimism > 0,
        evidence: `by ${optimism.toPrecision(3)} at the least`,
        law: false,
      },
      {
        claim: 'The maximum-entropy plan becomes the hard plan as rewards grow',
        holds: shortfall < 1e-6,
        evidence: `at temperature ${coldest.temperature} it gets ${inWords(coldest.maxEnt.expectedReward, 6)}, the best return is ${inWords(best, 6)}`,
        law: false,
      },
      {
        claim: 'The exact posterior becomes the hard plan as rewards grow',
        holds: ticketOf(coldest) < 0.5,
        evidence: `at temperature ${coldest.temperature} it buys the ticket with probability ${ticketOf(coldest).toFixed(4)}; the lowest return of acting by it is ${inWords(worst)}, the best plan’s ${inWords(best)}`,
        law: false,
      },
    ],
    tables: [inferenceTable(solved), choiceTable(task, solved, best)],
    charts: [
      returnChart(solved, best, 'return', [
        { axis: 'x', at: turn, label: 'even odds of the ticket' },
      ]),
      {
        name: 'ticket',
        title: 'Who buys the ticket',
        caption: 'The hard plan never does.',
        kind: 'curves',
        x: { label: 'temperature', scale: 'log' },
        y: { label: 'probability of the ticket' },
        series: [
          { name: 'exact posterior', points: along(solved, ticketOf) },
          { name: 'maximum-entropy plan', points: along(solved, ({ plan }) => plan(0)[TICKET]) },
          { name: 'hard plan', points: along(solved, () => hardPolicy(0)[TICKET]) },
        ],
      },
      gapChart(solved),
    ],
  };
}

function choiceTable(
  task: ControlTask,
  solved: readonly InferenceAt[],
  best: number,
): Answer['tables'][number] {
  const { mdp, reward, initial, horizon } = task;
  return {
    title: 'Choices and returns: what is thought likely, expected, and got',
    columns: [
      'temperature',
      'p(ticket | O)',
      'p(win | ticket, O)',
      'expects',
      'gets',
      'max-ent p(ticket)',
      'max-ent gets',
      'hard gets',
      'most probable',
    ],
    rows: solved.map((at) => {
      const { temperature, posterior, expected, executed, plan, maxEnt } = at;
      const moves = new Float64Array(mdp.nextState.length);
      posterior.dynamicsAt(0, moves);
      const options = { horizon, temperature, actionPrior: 'uniform' } as const;
      const { states } = mostProbableTrajectory(mdp, reward, initial, options);
      return [
        temperature,
        ticketOf(at),
        moves[mdp.transitionStart[TICKET]],
        expected,
        executed.expectedReward,
        plan(0)[TICKET],
        maxEnt.expectedReward,
        best,
        STATES[states[1]],
      ];
    }),
    note: `O: that it went well. The ticket truly wins with probability ${WIN}; the hard plan is sure of the sure loss. Most probable: where the likeliest trajectory leads, given O.`,
  };
}

/** p(ticket | O), whose pair is the second. */
function ticketOf({ posterior }: InferenceAt): number {
  return posterior.policy[TICKET];
}

/** The temperature at which the posterior holds both choices equally likely, by bisection. */
function turningPoint(): number {
  const lead = (tau: number): number =>
    WIN + (1 - WIN) * Math.exp(LOST / tau) - Math.exp(SAFE / tau);
  let [low, high] = [0.05, 1];
  while (high - low > 1e-12) {
    const middle = (low + high) / 2;
    if (lead(middle) > 0) low = middle;
    else high = middle;
  }
  return low;
}
