/**
 * The planner that meets dynamics in a simulator only and forgets no step of it. Its plan is where soft
 * Q-learning ends that replays all steps until nothing changes: the exact plan in the dynamics that
 * they show. The same steps serve every θ, so that gradients are smooth in θ and their luck is shared
 * (common random numbers); how far luck reaches is told by leaving out a twentieth of the steps,
 *
 *   pseudo-value_b = 20 g − 19 g without block b
 *
 * whose mean is g less its bias, and whose spread is its error. What the plan does is compared with
 * what was demonstrated by rollouts in the simulator, which know nothing of the steps remembered.
 *
 * Reference: Efron & Stein (1981), Annals of Statistics 9 (jackknife).
 */

import { createCoupledRollouts } from '../../learning/walks/coupledRollouts.ts';
import { createExplorer } from '../../learning/walks/exploreSteps.ts';
import { BLOCKS, createStepMemory, type StepMemoryState } from '../../learning/walks/stepMemory.ts';
import { discountOf } from '../../mdp/timeStructure.ts';
import { createRng, type Rng, type RngState, restoreRng } from '../../numeric/rng.ts';
import { rewardAt } from '../../rewards/linearReward.ts';
import type { Problem } from '../problem.ts';
import { type RolledOut, rollOutDecisions } from './decisionRollouts.ts';
import { createExactPlanner, type ExactPlanner } from './exactPlanner.ts';
import { layeredValues } from './layeredValues.ts';
import { createMatchingRollouts } from './matchingRollouts.ts';
import type { SampledPlanner } from './sampledPlanner.ts';
import { demonstratedSums, rowsOfPairs, type SimulatorPlannerOptions } from './simulatorPlanner.ts';
import { steppedProblem } from './steppedProblem.ts';

/** Share of choices at random while exploring. */
const CURIOSITY = 0.2;

const STREAMS = ['acting', 'chance', 'starts', 'choices', 'outcomes'] as const;

/** Where planning stood, as plain JSON. */
interface ReplayState {
  readonly memory: StepMemoryState;
  readonly streams: Readonly<Record<(typeof STREAMS)[number], RngState>>;
  readonly steps: number;
}

export function createReplayPlanner(
  problem: Problem,
  { objective, offset, settings, seed, resume }: SimulatorPlannerOptions,
): SampledPlanner {
  const { time, temperature, features } = problem;
  const { mdp } = problem.world;
  const { world, decisions } = steppedProblem(problem);
  const discount = discountOf(time);
  const size = features.names.length;
  const saved = resume as ReplayState | undefined;
  const streams = Object.fromEntries(
    STREAMS.map((name) => [
      name,
      saved ? restoreRng(saved.streams[name]) : createRng(seed, `replay ${name}`),
    ]),
  ) as Record<(typeof STREAMS)[number], Rng>;
  const started = objective === 'likelihood';
  const lookAhead = time.kind === 'finite' ? time.horizon : Math.ceil(1 / (1 - discount));
  const memory = createStepMemory(mdp.pairCount, saved?.memory);
  const explore = createExplorer(world, memory, {
    temperature,
    curiosity: CURIOSITY,
    episodeLength: started ? lookAhead : 3 * lookAhead,
    begin: (walk, rng) => {
      if (!started) return walk.reset(rng);
      const i = Math.floor(rng() * decisions.weight.length);
      walk.startAt(decisions.layer[i], decisions.state[i]);
    },
    acting: streams.acting,
    chance: streams.chance,
  });
  const actionValue = new Float64Array(world.layers.count * mdp.pairCount);
  const rows = rowsOfPairs(features, world.pairStart);
  const setting = { discount, temperature, actionValue, rows, size };
  const rollOut = started ? rollingOutDecisions() : rollingOutWhole();

  const shown = (without?: number): Problem => ({
    ...problem,
    world: { ...problem.world, mdp: memory.dynamics(mdp, without) },
  });
  const plannerIn = (there: Problem): ExactPlanner => createExactPlanner(there, objective, offset);
  let steps = saved?.steps ?? 0;
  if (!saved) steps += explore(actionValue, settings.learningSteps);
  let there = shown();
  let planner = plannerIn(there);
  let planned: Float64Array = new Float64Array(size);
  let remembered: Pick<ReplayState, 'memory'> | null = null;

  const plan = (theta: Float64Array): void => {
    planned = theta.slice();
    // with no plan before to begin from, so that going on from a checkpoint gives the same bits
    planner = plannerIn(there);
    planner.plan(theta);
  };
  const valuesOfPlan = (): void => {
    const reward = rewardAt(problem, planned).map((r, pair) => r + offset[pair]);
    layeredValues(there, reward, actionValue);
  };

  return {
    plan,
    settle: plan,
    surplus: () => planner.surplus(),
    logLikelihood: () => planner.logLikelihood(),
    steps: () => steps,
    known: () => there,
    replay: {
      doubt() {
        const { gradient, information, informationNoise } = planner.surplus();
        const replicates = Array.from({ length: BLOCKS }, (_, block) => {
          const others = plannerIn(shown(block));
          others.plan(planned);
          const without = others.gradient();
          return gradient.map((g, k) => BLOCKS * g - (BLOCKS - 1) * without[k]);
        });
        const mean = gradient.map(
          (_, k) => replicates.reduce((sum, row) => sum + row[k], 0) / BLOCKS,
        );
        return { gradient: mean, replicates, information, informationNoise };
      },
      rollOut() {
        valuesOfPlan();
        const { steps: taken, ...seen } = rollOut(settings.rollouts);
        steps += taken;
        return seen;
      },
      remembered: () => memory.outcomes.reduce((sum, n) => sum + n, 0),
      explore(more) {
        valuesOfPlan();
        steps += explore(actionValue, more);
        there = shown();
        remembered = null;
      },
    },
    state: () => {
      remembered ??= { memory: memory.state() };
      return {
        ...remembered,
        streams: Object.fromEntries(STREAMS.map((name) => [name, streams[name].state()])),
        steps,
      };
    },
  };

  function rollingOutDecisions(): (rollouts: number) => RolledOut {
    const { pairStart } = world;
    const difference = createCoupledRollouts(world, setting, streams.outcomes);
    const rng = streams.starts;
    return (rollouts) =>
      rollOutDecisions({ decisions, pairStart, difference, size, temperature, rng }, rollouts);
  }

  function rollingOutWhole(): (rollouts: number) => RolledOut {
    return createMatchingRollouts(world, setting, demonstratedSums(problem), streams);
  }
}
