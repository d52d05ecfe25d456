/** Training runs: exact resume, what is kept, what is refused. */

import { describe, expect, test } from 'vitest';
import { Acrobot } from '../../../src/environments/classicControl/acrobot.ts';
import { CartPole } from '../../../src/environments/classicControl/cartPole.ts';
import { Pendulum } from '../../../src/environments/classicControl/pendulum.ts';
import type { Simulator } from '../../../src/environments/simulator.ts';
import type { ControlLearner } from '../../../src/learning/neural/controlLearner.ts';
import {
  type ControlProgress,
  type ControlResult,
  ControlTraining,
  type ControlTrainingOptions,
} from '../../../src/learning/neural/controlTraining.ts';
import { DeepQLearning } from '../../../src/learning/neural/deepQLearning.ts';
import { DiscreteSoftActorCritic } from '../../../src/learning/neural/discreteSoftActorCritic.ts';
import { GreedyEpisodes } from '../../../src/learning/neural/greedyEpisodes.ts';
import { greedyPlayer } from '../../../src/learning/neural/networkPlayer.ts';
import {
  PolicyGradientControl,
  reinforce,
} from '../../../src/learning/neural/policyGradientControl.ts';
import { ReplayControl } from '../../../src/learning/neural/replayControl.ts';
import { loadCheckpoint, saveCheckpoint } from '../../../src/networks/checkpoint.ts';
import { kernelEngine } from '../../../src/networks/kernelEngine.ts';
import type { Engine } from '../../../src/networks/network.ts';
import { createRng } from '../../../src/numeric/rng.ts';
import { temporaryFolder } from '../../support/commandLine.ts';
import { loadableEngines } from '../../support/loadableEngines.ts';

const sizes = { observationSize: 4, actionCount: 2 };
const createCartPole = (): CartPole => new CartPole(60);
const exploration = { kind: 'linear', from: 1, to: 0.1, over: 400 } as const;

const learners: Record<string, (engine: Engine, seed: number) => ControlLearner<number>> = {
  'double DQN': (engine, seed) =>
    new ReplayControl(
      new DeepQLearning(engine, sizes, { hidden: [8], batch: 8 }, createRng(seed, 'networks')),
      createCartPole(),
      { seed, warmUp: 50, capacity: 300, exploration },
    ),
  'soft Q-learning': (engine, seed) =>
    new ReplayControl(
      new DeepQLearning(
        engine,
        sizes,
        { hidden: [8], batch: 8, temperature: 0.1 },
        createRng(seed, 'networks'),
      ),
      createCartPole(),
      { seed, warmUp: 50, capacity: 300, exploration },
    ),
  'discrete soft actor-critic': (engine, seed) =>
    new ReplayControl(
      new DiscreteSoftActorCritic(
        engine,
        sizes,
        { hidden: [8], batch: 8, temperature: 'tuned' },
        createRng(seed, 'networks'),
      ),
      createCartPole(),
      { seed, warmUp: 50, capacity: 300, exploration: 0, rewardScale: 0.1 },
    ),
  'actor-critic': (engine, seed) =>
    new PolicyGradientControl(engine, createCartPole, {
      seed,
      environments: 3,
      horizon: 17,
      hidden: [8],
      valueUpdates: 2,
    }),
  REINFORCE: (engine, seed) =>
    new PolicyGradientControl(engine, createCartPole, {
      ...reinforce,
      seed,
      horizon: 64,
      hidden: [8],
    }),
};

const settings = {
  steps: 900,
  every: 100,
  selectionEpisodes: 3,
  episodes: 5,
  evaluate: 5,
} as const;

type Told = Omit<ControlProgress, 'checkpoint'>;

function finish(training: ControlTraining<number>): { yields: Told[]; result: ControlResult } {
  const run = training.run();
  const yields: Told[] = [];
  for (;;) {
    const next = run.next();
    if (next.done) return { yields, result: next.value };
    const { checkpoint: _, ...told } = next.value;
    yields.push(told);
  }
}

function trainingOf(
  learner: ControlLearner<number>,
  engine: Engine,
  options: ControlTrainingOptions = settings,
  createSimulator: () => Simulator<number> = createCartPole,
): ControlTraining<number> {
  return new ControlTraining(engine, learner, createSimulator, options);
}

describe.each(Object.entries(learners))('%s', (name, create) => {
  test('a run that was cut off goes on to the same bits', () => {
    const whole = finish(trainingOf(create(kernelEngine('kernels', 16), 3), kernelEngine('plain')));
    const cut = 1 + Math.floor(createRng(name, 'cut')() * (whole.yields.length - 1));
    const engine = kernelEngine('kernels', 16);
    const killed = trainingOf(create(engine, 3), kernelEngine('plain'));
    const folder = `${temporaryFolder()}/run`;
    const run = killed.run();
    for (let i = 0; i < cut; i++) run.next();
    saveCheckpoint(folder, killed.checkpoint());
    // What came after the checkpoint is lost.
    run.next();
    const again = trainingOf(create(kernelEngine('kernels', 16), 3), kernelEngine('plain'));
    again.restore(loadCheckpoint(folder, killed.checkpoint().kind));
    const rest = finish(again);
    expect(rest.yields).toEqual(whole.yields.slice(cut));
    expect(rest.result).toEqual(whole.result);
  });

  test('one seed gives the same bits, another others; the last checkpoint is at the last step', () => {
    const [one, same, other] = [3, 3, 4].map((seed) =>
      finish(trainingOf(create(kernelEngine('kernels', 16), seed), kernelEngine('plain'))),
    );
    expect(same).toEqual(one);
    expect(other.result.last.policy).not.toEqual(one.result.last.policy);
    expect(one.result.last.step).toBe(one.result.steps);
    expect(one.result.steps).toBeLessThanOrEqual(settings.steps);
    expect(one.result.best.returns).toHaveLength(5);
  });

  test('1,000 updates leak nothing', () => {
    const engine = kernelEngine('kernels', 16);
    const learner = create(engine, 0);
    for (let i = 0; i < 200; i++) learner.advance();
    const before = engine.held();
    for (let i = 0; i < 1_000; i++) learner.advance();
    expect(engine.held()).toBe(before);
  });
});

test.each((await loadableEngines()).filter(([name]) => name === 'wasm' || name === 'tensorflow'))(
  'engine %s: no update leaks a tensor',
  (_, engine) => {
    for (const create of Object.values(learners)) {
      const learner = create(engine, 0);
      // Past the warm-up, and past the first greedy action.
      for (let i = 0; i < 80 && learner.turn === 1; i++) learner.advance();
      learner.advance();
      const before = engine.held();
      for (let i = 0; i < (learner.turn === 1 ? 50 : 5); i++) learner.advance();
      expect(engine.held()).toBe(before);
    }
    engine.release();
  },
);

describe('ControlTraining', () => {
  const engine = kernelEngine('plain');
  const shape = { inputs: 4, hidden: [], outputs: 2, activation: 'relu' } as const;

  /** Takes these actions, turn by turn, whatever it sees. */
  function constant(actions: readonly number[]): ControlLearner<number> {
    const { learned: _, ...learner } = scripted([]);
    let turn = 0;
    return {
      ...learner,
      advance: () => {
        turn++;
      },
      learned: () => {
        const policy = new Float32Array(10);
        policy[8 + actions[turn - 1]] = 1;
        return { policy };
      },
    };
  }

  /** Plays these policies, turn by turn: balances with gain 1, falls at once with gain −1. */
  function scripted(gains: readonly number[]): ControlLearner<number> {
    const policy = engine.network(shape);
    let turn = 0;
    return {
      kind: 'scripted',
      settings: {},
      learned: () => ({ policy: policy.parameters.slice() }),
      player: (given, rows) => greedyPlayer(given, shape, rows, 'policy'),
      turn: 1,
      advance: () => {
        const gain = gains[turn++];
        // Push to where the pole falls.
        policy.parameters.fill(0);
        policy.parameters[2 * 2 + 1] = gain;
        policy.parameters[3 * 2 + 1] = gain;
        policy.changed();
      },
      columns: [],
      report: () => ({}),
      stored: () => ({ state: { turn }, arrays: {} }),
      goOn: () => {},
    };
  }

  test('keeps the best checkpoint of a learner that forgets, and scores best and last', () => {
    const { result } = finish(
      trainingOf(scripted([-1, 1, -1, -1]), engine, { steps: 4, every: 1, episodes: 10 }),
    );
    expect(result.best.step).toBe(2);
    expect(result.best.mean).toBe(60);
    expect(result.last.step).toBe(4);
    expect(result.last.mean).toBeLessThan(20);
    expect(result.curve.map(({ confirmed }) => confirmed === null)).toEqual([
      false,
      false,
      true,
      true,
    ]);
  });

  test('a better policy is found also where the episodes that choose begin from harder states', () => {
    /** One step, which pays 1 for action 1 and up to 100 for where it began. */
    class LuckyStart extends CartPole {
      override step(action: number): number {
        const luck = 1e3 * (this.state[0] + 0.05);
        super.step(action);
        this.terminated = true;
        return luck + action;
      }
    }
    for (let seed = 0; seed < 10; seed++) {
      const options = { steps: 3, every: 1, selectionEpisodes: 4, episodes: 4, seed };
      const create = () => new LuckyStart();
      const training = trainingOf(constant([0, 1, 0]), engine, options, create);
      expect(finish(training).result.best.step, `seed ${seed}`).toBe(2);
    }
  });

  test('stops when a checkpoint is confirmed to be good enough', () => {
    const options = { steps: 4, every: 1, episodes: 10, enough: 59 };
    const { result } = finish(trainingOf(scripted([-1, 1, -1, -1]), engine, options));
    expect(result.steps).toBe(2);
    expect(result.last.policy).toEqual(result.best.policy);
  });

  test('one episode of greedy play is worth what it is alone', () => {
    const parameters = Float32Array.of(0, 0, 0, 0, 0, 1, 0, 0, 0, 0);
    const learner = scripted([]);
    const returns = new GreedyEpisodes(engine, learner, () => new CartPole(), 12).returns(
      { policy: parameters },
      createRng(1, 'starts'),
    );
    const starts = createRng(1, 'starts');
    const world = new CartPole();
    for (let i = 0; i < 12; i++) {
      world.reset(starts);
      let sum = 0;
      while (!world.terminated && !world.truncated) sum += world.step(world.state[2] > 0 ? 1 : 0);
      expect(returns[i]).toBe(sum);
    }
    expect(new Set(returns).size).toBeGreaterThan(1);
  });

  test('a reward that is not a number stops the run and names step and state; what was stored stays', () => {
    let steps = 0;
    class Broken extends CartPole {
      override advance(action: number): number {
        const reward = super.advance(action);
        return ++steps > 250 ? Number.NaN : reward;
      }
    }
    const agent = new DeepQLearning(engine, sizes, { hidden: [4], batch: 4 }, createRng(0, 'n'));
    const training = trainingOf(new ReplayControl(agent, new Broken(60), { warmUp: 20 }), engine);
    const folder = `${temporaryFolder()}/run`;
    expect(() => {
      for (const _ of training.run()) saveCheckpoint(folder, training.checkpoint());
    }).toThrow(
      /^Stopped after 250 steps\. Cannot learn: action [01] in the state \[.+\], \d+ steps after the start, gave the reward NaN/,
    );
    const stored = loadCheckpoint(folder, training.checkpoint().kind);
    const fresh = new DeepQLearning(engine, sizes, { hidden: [4], batch: 4 }, createRng(0, 'n'));
    const again = trainingOf(new ReplayControl(fresh, createCartPole(), { warmUp: 20 }), engine);
    again.restore(stored);
    const [first] = finish(again).yields;
    expect(first.step).toBe(300);
  });

  test('checkpoints of other networks, settings and learners are refused and change nothing', () => {
    const dqn = (hidden: number[], rate = 1e-3, options: ControlTrainingOptions = settings) => {
      const rng = createRng(0, 'networks');
      const agent = new DeepQLearning(engine, sizes, { hidden, batch: 4, rate }, rng);
      return trainingOf(
        new ReplayControl(agent, createCartPole(), { warmUp: 20 }),
        engine,
        options,
      );
    };
    const training = dqn([4]);
    training.run().next();
    const stored = training.checkpoint();
    const wider = dqn([5]);
    const before = wider.checkpoint();
    expect(() => wider.restore(stored)).toThrow(/networks of another shape\?/);
    expect(wider.checkpoint()).toEqual(before);
    expect(() => dqn([4], 1e-2).restore(stored)).toThrow(
      'Cannot go on: the checkpoint was made with learner.agent.rate 0.001, wanted 0.01',
    );
    expect(() => dqn([4]).restore({ ...stored, state: { step: 3 } })).toThrow(
      /Cannot go on: this is no state of a training/,
    );
    expect(() => trainingOf(scripted([]), engine).restore(stored)).toThrow(
      'Cannot go on: the checkpoint is of "training of deep-q-learning", wanted "training of scripted"',
    );
    const longer = dqn([4], 1e-3, { ...settings, steps: 1_000 });
    longer.restore(stored);
    expect(finish(longer).result.steps).toBe(1_000);
  });

  test('worlds that do not fit are refused', () => {
    const agent = new DeepQLearning(engine, sizes, {}, createRng(0, 'networks'));
    expect(() => new ReplayControl(agent, new Acrobot())).toThrow(
      'Cannot learn: the agent takes 4 numbers to 2 actions, the world has 6 and 3',
    );
    const pendulum = new Pendulum() as unknown as Simulator<number>;
    expect(() => new ReplayControl(agent, pendulum)).toThrow(
      'Cannot learn: wanted a world of discrete actions, got a box of 1',
    );
    expect(() => new PolicyGradientControl(engine, () => pendulum)).toThrow(
      'Cannot learn: wanted a world of discrete actions, got a box of 1',
    );
    expect(() => new ReplayControl(agent, new CartPole(Infinity))).toThrow(
      'Cannot learn: the world has no time limit',
    );
    const control = new PolicyGradientControl(engine, createCartPole);
    expect(() => trainingOf(control, engine, { steps: 1_000 })).toThrow(
      'Cannot train: one turn takes 1024 steps, and only 1000 are allowed',
    );
  });
});
