import { describe, expect, test } from 'vitest';
import {
  type PlanSimulatedOptions,
  planSimulated,
} from '../../../src/algorithms/simulated/planSimulated.ts';
import { createSoftActorCriticAgent } from '../../../src/algorithms/simulated/softActorCriticAgent.ts';
import type { SoftAgent } from '../../../src/algorithms/simulated/softAgent.ts';
import { stepFeatures } from '../../../src/features/stepFeatures.ts';
import type { Checkpoint } from '../../../src/networks/checkpoint.ts';
import { kernelEngine } from '../../../src/networks/kernelEngine.ts';
import { createRng, type Rng } from '../../../src/numeric/rng.ts';
import { Slider } from '../../support/slider.ts';

/** What is paid is to be near 0. */
const features = stepFeatures({ 'x²': (seen) => seen[0] ** 2 });
const sliding = {
  createSimulator: () => new Slider(),
  features,
  theta: [-1],
};

function agentOf(seed: number, discount = 0.8, temperature = 0.05) {
  return createSoftActorCriticAgent(
    kernelEngine('kernels', 32),
    { observationSize: 1, actionSize: 1 },
    { discount, temperature, hidden: [16, 16], batch: 32 },
    seed,
  );
}

/** What four episodes are paid. */
function returnOf(agent: SoftAgent, rng: Rng | null): number {
  const action = new Float64Array(1);
  let sum = 0;
  for (const x of [0.9, -0.9, 0.4, -0.4]) {
    const world = new Slider();
    world.startAt([x]);
    while (!world.truncated) {
      agent.act(world.observation, 1, rng, action);
      sum += world.step(action);
    }
  }
  return sum;
}

const small: PlanSimulatedOptions = { rounds: 6, updates: 30, episodes: 4 };

function planned(options: PlanSimulatedOptions, from?: Checkpoint, world = sliding) {
  const agent = agentOf(1);
  const reports: { readonly round: number; readonly paid: number; checkpoint: Checkpoint }[] = [];
  for (const { round, paid, checkpoint } of planSimulated(world, agent, options, from))
    reports.push({ round, paid, checkpoint: checkpoint() });
  return { agent, reports };
}

describe('planSimulated', () => {
  test('a policy for staying near 0 goes there, and is paid more than chance', () => {
    const { agent, reports } = planned({ rounds: 15, updates: 150, episodes: 8 });
    const [chosen, drawn] = [null, createRng(0, 'actions')].map((rng) => returnOf(agent, rng));
    // never moving
    const resting = -8 * (0.81 + 0.81 + 0.16 + 0.16);
    expect(chosen).toBeGreaterThan(resting + 8);
    expect(drawn).toBeGreaterThan(resting + 5);
    expect(reports[reports.length - 1].paid).toBeGreaterThan(reports[0].paid);
  }, 20_000);

  test('stopped after any round it goes on to the same bits', () => {
    const whole = planned(small);
    const at = Math.floor(createRng(3, 'kill')() * 5);
    const stored = whole.reports[at].checkpoint;
    const rest = planned(small, structuredClone(stored));
    expect(rest.reports.map(({ round, paid }) => [round, paid])).toEqual(
      whole.reports.slice(at + 1).map(({ round, paid }) => [round, paid]),
    );
    expect(rest.agent.state()).toEqual(whole.agent.state());
  });

  test('one seed gives the same plan, another another', () => {
    const paid = (seed: number) =>
      planned({ ...small, rounds: 3, seed }).reports.map((r) => r.paid);
    expect(paid(1)).toEqual(paid(1));
    expect(paid(1)).not.toEqual(paid(2));
  });

  test('what does not fit is refused', () => {
    const { reports } = planned({ ...small, rounds: 2 });
    const other = { ...sliding, theta: [-2] };
    expect(() => planned(small, reports[0].checkpoint, other)).toThrow(/the plan was begun with/);
    expect(() => planned(small, { kind: 'other', state: null, arrays: {} })).toThrow(
      'Cannot go on: the checkpoint is of "other", wanted "plan-simulated"',
    );
    expect(() => planned(small, undefined, { ...sliding, theta: [1, 2] })).toThrow(
      'Cannot plan: the reward has 1 parameters (x²), got 2',
    );
    expect(() => planned(small, undefined, { ...sliding, theta: [Number.NaN] })).toThrow(
      'Cannot plan: "x²" must be finite, got NaN',
    );
    const endless = { ...sliding, createSimulator: () => new Slider(Infinity) };
    expect(() => planned(small, undefined, endless)).toThrow(/no time limit; give maxSteps/);
    expect(() => planned({ ...small, maxSteps: 5 }, undefined, endless)).not.toThrow();
  });
});
