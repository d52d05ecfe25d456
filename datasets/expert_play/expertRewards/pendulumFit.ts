/** What is asked of the pendulum: its features, a fit, and how well the agent then swings it up. */

import {
  agentReturns,
  createRng,
  createSoftActorCriticAgent,
  type Episodes,
  fitSimulated,
  kernelEngine,
  Pendulum,
  type PendulumOptions,
  pendulumStarts,
  type SimulatedFit,
  type SimulatedFitOptions,
  type SimulatedProblem,
  type SimulatedProgress,
  type SoftAgent,
  type StepFeatures,
  scaledAgent,
  stepFeatures,
} from 'revealed';

const DISCOUNT = 0.97;
/** τ of the fit: what a reward of torque is worth is measured in it. */
export const PENDULUM_TEMPERATURE = 0.2;
/** What counts as one: cosine, sine, and speeds that are seen. */
export const pendulumUnits = [1, 1, 4] as const;
export const PENDULUM_ROUNDS = { rounds: 50, corrections: 8 };

const speed = (seen: ArrayLike<number>): number => seen[2] ** 2;
const torque = (_seen: ArrayLike<number>, action: ArrayLike<number>): number => action[0] ** 2;
const angleOf = (seen: ArrayLike<number>): number => Math.atan2(seen[1], seen[0]);

/** The terms of the task's own reward, which is −(θ² + 0.1 θ̇² + 0.001 u²). */
export const angleFeatures = stepFeatures({
  'θ²': (seen) => angleOf(seen) ** 2,
  'θ̇²': speed,
  'u²': torque,
});

/** The same with how high it stands in place of the squared angle. */
export const cosineFeatures = stepFeatures({
  'cos θ': (seen) => seen[0],
  'θ̇²': speed,
  'u²': torque,
});

export function pendulumProblem(
  demonstrations: Episodes,
  which: readonly number[],
  features: StepFeatures,
): SimulatedProblem {
  return {
    createSimulator: () => new Pendulum(),
    demonstrations,
    which,
    features,
    discount: DISCOUNT,
    temperature: PENDULUM_TEMPERATURE,
    stateOf: (seen) => [angleOf(seen), seen[2]],
  };
}

export function pendulumAgent(seed: number | string): SoftAgent {
  const sizes = { observationSize: 3, actionSize: 1 };
  const settings = { discount: DISCOUNT, temperature: PENDULUM_TEMPERATURE };
  const engine = kernelEngine('kernels', 64);
  return scaledAgent(createSoftActorCriticAgent(engine, sizes, settings, seed), pendulumUnits);
}

export interface PendulumFit {
  readonly fit: SimulatedFit;
  readonly agent: SoftAgent;
}

/** Yields every round, with the agent as it is then. */
export function* pendulumFit(
  problem: SimulatedProblem,
  options: SimulatedFitOptions,
  seed: number,
): Generator<{ readonly progress: SimulatedProgress; readonly agent: SoftAgent }, PendulumFit> {
  const agent = pendulumAgent(seed);
  const usual = { ...PENDULUM_ROUNDS, updates: 400, gain: 1.5, polish: 6 };
  const steps = fitSimulated(problem, agent, { ...usual, ...options, seed });
  for (;;) {
    const next = steps.next();
    if (next.done) return { fit: next.value, agent };
    yield { progress: next.value, agent };
  }
}

export interface PendulumReturn {
  readonly mean: number;
  /** Starts of a hundred from which it is more than 50 below near-optimal. */
  readonly far: number;
}

/** From the hundred fixed starts, under the reward of the task. */
export function pendulumReturns(
  agent: Pick<SoftAgent, 'act' | 'actionSize'>,
  acting: 'drawn' | 'likeliest',
  world: PendulumOptions = {},
): PendulumReturn {
  const worlds = pendulumStarts.map(([angle, turning]) => {
    const pendulum = new Pendulum(undefined, world);
    pendulum.startAt([angle, turning]);
    return pendulum;
  });
  const returns = agentReturns(agent, worlds, acting === 'drawn' ? createRng(0, 'draws') : null);
  return {
    mean: returns.reduce((sum, x) => sum + x, 0) / returns.length,
    far: pendulumStarts.filter(([, , near], i) => returns[i] < near - 50).length,
  };
}
