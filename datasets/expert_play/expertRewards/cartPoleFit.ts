/** What is asked of the cart-pole: its features, a fit, and how well the agent then plays. */

import {
  agentReturns,
  CartPole,
  createRng,
  createSoftQAgent,
  type Episodes,
  fitSimulated,
  kernelEngine,
  type SimulatedFit,
  type SimulatedFitOptions,
  type SimulatedProblem,
  type SimulatedProgress,
  type SoftAgent,
  scaledAgent,
  stepFeatures,
} from 'revealed';

const DISCOUNT = 0.97;
const TEMPERATURE = 1;
/** What counts as one: the track's end, a fall, and speeds that are seen. */
export const cartPoleUnits = [2.4, 1.5, 0.21, 1.5] as const;
const UNITS = cartPoleUnits;

/** Being there, and squares of place, speed, angle and turning, in units of about 1. */
export const cartPoleFeatures = stepFeatures({
  alive: () => 1,
  'x²': (seen) => (seen[0] / UNITS[0]) ** 2,
  'ẋ²': (seen) => (seen[1] / UNITS[1]) ** 2,
  'θ²': (seen) => (seen[2] / UNITS[2]) ** 2,
  'θ̇²': (seen) => (seen[3] / UNITS[3]) ** 2,
});

export function cartPoleProblem(
  demonstrations: Episodes,
  which: readonly number[],
): SimulatedProblem {
  return {
    createSimulator: () => new CartPole(),
    demonstrations,
    which,
    features: cartPoleFeatures,
    discount: DISCOUNT,
    temperature: TEMPERATURE,
    stateOf: (observation) => observation,
  };
}

export function cartPoleAgent(seed: number): SoftAgent {
  const sizes = { observationSize: 4, actionCount: 2 };
  const settings = { discount: DISCOUNT, temperature: TEMPERATURE };
  return scaledAgent(createSoftQAgent(kernelEngine('kernels', 128), sizes, settings, seed), UNITS);
}

export interface CartPoleFit {
  readonly fit: SimulatedFit;
  readonly agent: SoftAgent;
}

/** Yields every round, with the agent as it is then. */
export function* cartPoleFit(
  problem: SimulatedProblem,
  options: SimulatedFitOptions,
  seed: number,
): Generator<{ readonly progress: SimulatedProgress; readonly agent: SoftAgent }, CartPoleFit> {
  const agent = cartPoleAgent(seed);
  const steps = fitSimulated(problem, agent, { ...options, seed });
  for (;;) {
    const next = steps.next();
    if (next.done) return { fit: next.value, agent };
    yield { progress: next.value, agent };
  }
}

/** Mean steps of so many episodes. */
export function cartPoleSteps(
  agent: Pick<SoftAgent, 'act' | 'actionSize'>,
  acting: 'drawn' | 'likeliest',
  seed: number,
  episodes = 100,
): number {
  const starts = createRng(seed, 'starts');
  const worlds = Array.from({ length: episodes }, () => {
    const world = new CartPole();
    world.reset(starts);
    return world;
  });
  const draws = acting === 'drawn' ? createRng(seed, 'draws') : null;
  const returns = agentReturns(agent, worlds, draws);
  return returns.reduce((sum, x) => sum + x, 0) / episodes;
}
