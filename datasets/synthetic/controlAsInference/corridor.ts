/**
 * A corridor of four cells where every move is certain: inferring and planning are the same then,
 * unless the start is left open. Four decisions, left or right; the right end costs nothing to stay
 * at, all else costs.
 */

import { type Answer, type Question, tabularTask } from 'revealed';
import { type ControlTask, hardPlan, inferenceAt } from './inferenceAt.ts';
import { lawsOf } from './laws.ts';
import { gapChart, inferenceTable, returnChart } from './pictures.ts';

const CELLS = 4;
const LEFT = [-1, -1.1, -1.2, -1.5];
const RIGHT = [-0.5, -0.5, -0.5, 0];
const TEMPERATURES = [0.1, 0.2, 0.5, 1, 2, 5, 10];
/** Rounding of sums over four decisions. */
const EXACT = 1e-10;

export function corridorTask(initial: number | Float64Array): ControlTask {
  const task = tabularTask({
    stateNames: Array.from({ length: CELLS }, (_, s) => `cell ${s + 1}`),
    actionNames: ['left', 'right'],
    outcomes: (s, action) => [
      {
        to: Math.min(CELLS - 1, Math.max(0, s + (action === 1 ? 1 : -1))),
        probability: 1,
        reward: (action === 1 ? RIGHT : LEFT)[s],
      },
    ],
    initial,
  });
  return { mdp: task.world.mdp, reward: task.reward, initial: task.initial, horizon: 4 };
}

export const corridor: Question = {
  name: 'corridor',
  title: 'Where moves are certain: are inferring and planning the same?',
  *ask() {
    const known = corridorTask(0);
    const open = corridorTask(new Float64Array(CELLS).fill(1 / CELLS));
    const solved = TEMPERATURES.map((temperature) => inferenceAt(known, temperature));
    yield 0.4;
    const fromAnywhere = TEMPERATURES.map((temperature) => inferenceAt(open, temperature));
    yield 0.8;
    return answerOf(known, open, solved, fromAnywhere);
  },
};

function answerOf(
  known: ControlTask,
  open: ControlTask,
  solved: readonly ReturnType<typeof inferenceAt>[],
  fromAnywhere: readonly ReturnType<typeof inferenceAt>[],
): Answer {
  const hard = hardPlan(known);
  const largest = (values: readonly number[]): number => Math.max(...values.map(Math.abs));
  const gap = largest(solved.map(({ maxEnt }) => maxEnt.divergence.total));
  const returns = largest(
    solved.flatMap(({ expected, executed, maxEnt }) => [
      expected - executed.expectedReward,
      expected - maxEnt.expectedReward,
    ]),
  );
  const policies = largest(
    solved.flatMap(({ posterior, plan }) =>
      Array.from({ length: known.horizon }, (_, t) =>
        largest(
          [...plan(t)].map((p, pair) => p - posterior.policy[t * known.mdp.pairCount + pair]),
        ),
      ),
    ),
  );
  const notStart = largest(
    fromAnywhere.map(({ maxEnt: { divergence } }) => divergence.total - divergence.initial),
  );
  const openHard = hardPlan(open);
  const widest = Math.max(...fromAnywhere.map(({ maxEnt }) => maxEnt.divergence.total));
  return {
    sentence: `Yes: at ${solved.length} temperatures the evidence and the ELBO differ by at most ${gap.toExponential(1)} nats, and the posterior is the maximum-entropy plan. Where the start is open too, inference also chooses where it would have been good to begin, and the whole gap (up to ${widest.toFixed(2)} nats) is that.`,
    findings: [
      {
        claim: 'With certain moves and a known start the gap is 0',
        holds: gap <= EXACT,
        evidence: `largest ${gap.toExponential(1)} nats`,
        law: true,
      },
      {
        claim: 'The posterior over actions is the maximum-entropy plan',
        holds: policies <= EXACT,
        evidence: `largest difference of a probability ${policies.toExponential(1)}`,
        law: true,
      },
      {
        claim: 'The posterior expects what acting by it gets',
        holds: returns <= EXACT,
        evidence: `largest difference of a return ${returns.toExponential(1)}`,
        law: true,
      },
      {
        claim: 'With an open start the whole gap is that of the start',
        holds: notStart <= EXACT,
        evidence: `at most ${notStart.toExponential(1)} nats are not`,
        law: true,
      },
      ...lawsOf(
        fromAnywhere,
        fromAnywhere.map(({ measure }) => measure(openHard)),
        open.horizon,
        2,
      ),
    ],
    tables: [
      { ...inferenceTable(solved), title: 'In nats, from the left end' },
      { ...inferenceTable(fromAnywhere), title: 'In nats, from anywhere' },
    ],
    charts: [
      {
        ...returnChart(solved, solved[0].measure(hard).expectedReward, 'return'),
        caption: 'From the left end: the three are one line, drawn over each other.',
      },
      {
        ...gapChart(fromAnywhere),
        title: 'From anywhere: how far the bound is from the evidence',
      },
    ],
  };
}
