/** A pendulum that is longer or heavier: who swings it up? */

import {
  type Answer,
  type Finding,
  Pendulum,
  type PendulumOptions,
  planSimulated,
  type Question,
  type SoftAgent,
} from 'revealed';
import { cloneOf, expertEpisodes, pendulumActions } from '../expertCloning/play.ts';
import { FIRST_FIVE } from '../expertRewards/pendulum.ts';
import {
  angleFeatures,
  PENDULUM_ROUNDS,
  PENDULUM_TEMPERATURE,
  pendulumAgent,
  pendulumFit,
  pendulumProblem,
  pendulumReturns,
} from '../expertRewards/pendulumFit.ts';
import {
  actingClone,
  listed,
  type Outcome,
  outcomeChart,
  outcomeTables,
  returnsOf,
  type Who,
} from './outcomes.ts';

const SEEDS = 5;
/** Of the task, in the order of the features. */
const TRUE_REWARD = [-1, -0.1, -0.001];
/** The policy of 5 θ at τ is that of θ at τ / 5. */
const SHARPER = 5;

export const longerPendulum = asked(
  'pendulum-length',
  'The rod is half as long again: is the fitted reward worth more than the policies?',
  'length × 1.5',
  { length: 1.5 },
  (all, world) => {
    const anew = bestAnew(all, world);
    const clone = returnsOf(all, world, 'clone');
    const good = anew.filter((x, i) => x >= -280 && x >= clone[i] + 100).length;
    return {
      claim:
        'Planned anew at a fifth of the temperature it comes to −280 and is 100 better than the clone, for four of five seeds',
      holds: good >= 4,
      evidence: `${good}: ${listed(anew)} against ${listed(clone)}`,
      law: false,
    };
  },
);

export const heavierPendulum = asked(
  'pendulum-mass',
  'The rod is half as heavy again: is the fitted reward worth more than the policies?',
  'mass × 1.5',
  { mass: 1.5 },
  (all, world) => {
    const anew = bestAnew(all, world);
    const good = anew.filter((x) => x >= -240).length;
    return {
      claim: 'Planned anew at a fifth of the temperature it comes to −240, for four of five seeds',
      holds: good >= 4,
      evidence: `${good}: ${listed(anew)}`,
      law: false,
    };
  },
);

function bestAnew(all: readonly Outcome[], world: string): number[] {
  return returnsOf(all, world, 'planned anew, a fifth of τ');
}

function asked(
  name: string,
  title: string,
  world: string,
  changed: PendulumOptions,
  finding: (all: readonly Outcome[], world: string) => Finding,
): Question {
  return {
    name,
    title,
    async *ask(first) {
      const episodes = await expertEpisodes('pendulum');
      const problem = pendulumProblem(episodes, FIRST_FIVE, angleFeatures);
      const all: Outcome[] = [];
      const most = PENDULUM_ROUNDS.rounds + PENDULUM_ROUNDS.corrections;
      for (let i = 0; i < SEEDS; i++) {
        const seed = first + i;
        const steps = pendulumFit(problem, {}, seed);
        let next = steps.next();
        while (!next.done) {
          yield (i + (0.5 * next.value.progress.round) / most) / SEEDS;
          next = steps.next();
        }
        const { fit, agent } = next.value;
        const { policy } = cloneOf(episodes, pendulumActions, FIRST_FIVE, {}, seed);
        const theta = fit.parameters.map(({ estimate }) => estimate);
        const returns: Partial<Record<Who, number>> = {
          clone: pendulumReturns(actingClone(policy, 2), 'likeliest', changed).mean,
          unchanged: pendulumReturns(agent, 'likeliest', changed).mean,
        };
        for (const [who, paid] of [
          ['planned anew', theta],
          ['planned anew, a fifth of τ', theta.map((t) => SHARPER * t)],
          ['true reward', TRUE_REWARD],
        ] as const) {
          const anew = plannedAnew(changed, paid, seed, who);
          let plan = anew.next();
          while (!plan.done) plan = anew.next();
          returns[who] = pendulumReturns(plan.value, 'likeliest', changed).mean;
          yield (i + 0.5 + 0.15 * Object.keys(returns).length - 0.3) / SEEDS;
        }
        all.push({ world, seed, returns });
      }
      return answerOf(all, world, finding(all, world));
    },
  };
}

/** An agent that begins cold in the changed world and is paid by θ alone. */
function* plannedAnew(
  changed: PendulumOptions,
  theta: readonly number[],
  seed: number,
  who: Who,
): Generator<number, SoftAgent> {
  const agent = pendulumAgent(`${seed}, ${who}`);
  const createSimulator = () => new Pendulum(undefined, changed);
  const world = { createSimulator, features: angleFeatures, theta };
  for (const { round } of planSimulated(world, agent, { seed })) yield round;
  return agent;
}

function answerOf(all: readonly Outcome[], world: string, finding: Finding): Answer {
  const of = (who: Who): string => listed(returnsOf(all, world, who));
  return {
    sentence: `${world}: the clone comes to ${of('clone')}, the policy of the fit unchanged to ${of('unchanged')}, planned anew to ${of('planned anew')}, at a fifth of the temperature to ${of('planned anew, a fifth of τ')}; under the true reward to ${of('true reward')}.`,
    findings: [finding],
    tables: outcomeTables(
      all,
      `From the hundred fixed starts. Planned anew: a cold start of 8,000 updates at the temperature of the fit, τ = ${PENDULUM_TEMPERATURE}, and at τ / ${SHARPER}, where most of the noise of the demonstrations is left out. The true reward is one cold start too, at τ = ${PENDULUM_TEMPERATURE}: something to compare with, no upper bound`,
    ),
    charts: [outcomeChart(all, 'return')],
  };
}
