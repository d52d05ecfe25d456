/**
 * Optimism on ice: FrozenLake's 4 × 4 map, where a move goes where it was meant to one time in three.
 * The goal pays 1 when it is left for good, so that reaching it is luck that inference may assume;
 * the return is the probability of reaching it in time.
 */

import { type Answer, environments, type Question, tabularTask } from 'revealed';
import { type ControlTask, hardPlan, type InferenceAt, inferenceAt } from './inferenceAt.ts';
import { lawsOf } from './laws.ts';
import { gapChart, inferenceTable, returnChart } from './pictures.ts';

const TEMPERATURES = [0.005, 0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.3, 0.5, 1, 2];
const DECISIONS = 40;

/** @param horizon decisions, that of leaving the goal among them */
export function lakeTask(horizon: number): ControlTask {
  const { task } = environments['frozen-lake'].build();
  if (!task) throw new TypeError('Cannot ask about FrozenLake: it comes without a task');
  const { world, outcomes } = task;
  const { pairStart } = world.mdp;
  const [goals, over] = [new Set<number>(), world.stateNames.length];
  outcomes.reward.forEach((r, k) => {
    if (r > 0) goals.add(outcomes.to[k]);
  });
  const paid = tabularTask({
    stateNames: [...world.stateNames, 'over'],
    actionNames: world.actionNames,
    actionsOf: (s) => {
      if (goals.has(s)) return [0];
      return s === over ? [] : [...world.pairAction.subarray(pairStart[s], pairStart[s + 1])];
    },
    outcomes: (s, action) => {
      if (goals.has(s)) return [{ to: over, probability: 1, reward: 1 }];
      const pair = world.pairAction.indexOf(action, pairStart[s]);
      return Array.from(
        outcomes.to.subarray(outcomes.start[pair], outcomes.start[pair + 1]),
        (to, k) => ({
          to,
          probability: outcomes.probability[outcomes.start[pair] + k],
          reward: 0,
        }),
      );
    },
    initial: Float64Array.of(...task.initial, 0),
  });
  return { mdp: paid.world.mdp, reward: paid.reward, initial: paid.initial, horizon };
}

export const lake: Question = {
  name: 'lake',
  title: 'Slippery ice: how much luck does inference count on?',
  *ask() {
    const task = lakeTask(DECISIONS);
    const solved: InferenceAt[] = [];
    for (const temperature of TEMPERATURES) {
      solved.push(inferenceAt(task, temperature));
      yield solved.length / TEMPERATURES.length;
    }
    return answerOf(task, solved);
  },
};

function answerOf(task: ControlTask, solved: readonly InferenceAt[]): Answer {
  const hardPolicy = hardPlan(task);
  const hard = solved.map(({ measure }) => measure(hardPolicy));
  const best = hard[0].expectedReward;
  const [coldest] = solved;
  const gets = coldest.executed.expectedReward;
  const optimism = Math.min(
    ...solved.map(({ expected, executed }) => expected - executed.expectedReward),
  );
  const worse = solved.filter(
    ({ executed, maxEnt }) => executed.expectedReward < maxEnt.expectedReward,
  ).length;
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  return {
    sentence:
      `At temperature ${coldest.temperature} inference is ${percent(coldest.expected)} sure to reach the goal in ${DECISIONS - 1} moves, ` +
      `and acting by it does so ${percent(gets)} of the time; the maximum-entropy plan reaches it ` +
      `${percent(coldest.maxEnt.expectedReward)} of the time, the best plan ${percent(best)}.`,
    findings: [
      ...lawsOf(solved, hard, DECISIONS, 4),
      {
        claim: 'The exact posterior expects more than acting by it gets, at every temperature',
        holds: optimism > 0,
        evidence: `by ${optimism.toPrecision(3)} at the least`,
        law: false,
      },
      {
        claim: 'Acting by the exact posterior gets less than the maximum-entropy plan',
        holds: worse === solved.length,
        evidence: `at ${worse} of ${solved.length} temperatures`,
        law: false,
      },
    ],
    tables: [
      inferenceTable(solved),
      {
        title: 'Probability of reaching the goal: as inference expects it, and as it comes',
        columns: ['temperature', 'expects', 'gets', 'max-ent gets', 'hard gets'],
        rows: solved.map(({ temperature, expected, executed, maxEnt }) => [
          temperature,
          expected,
          executed.expectedReward,
          maxEnt.expectedReward,
          best,
        ]),
      },
    ],
    charts: [returnChart(solved, best, 'probability of reaching the goal'), gapChart(solved)],
  };
}
