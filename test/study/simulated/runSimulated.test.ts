import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { expertEpisodes } from '../../../datasets/expert_play/expertCloning/play.ts';
import { linearNetworkReward } from '../../../src/algorithms/simulated/linearNetworkReward.ts';
import { networkStepReward } from '../../../src/algorithms/simulated/networkStepReward.ts';
import { Pendulum } from '../../../src/environments/classicControl/pendulum.ts';
import {
  type SimulatedCell,
  SimulatedFile,
  simulatedCellsOf,
} from '../../../src/evaluation/simulated/simulatedResult.ts';
import { summarizeSimulated } from '../../../src/evaluation/simulated/simulatedSummary.ts';
import { createRng } from '../../../src/numeric/rng.ts';
import { runSimulated, type SimulatedObserver } from '../../../src/study/simulated/runSimulated.ts';
import {
  readSimulated,
  type SavedSimulated,
  writeSimulated,
} from '../../../src/study/simulated/simulatedState.ts';
import type { CreateReward, SimulatedStudy } from '../../../src/study/simulatedStudy.ts';
import { ledgeEpisodes } from '../../support/ledge.ts';
import { LEDGE_DISCOUNT, LEDGE_THETA, ledgeStudy } from '../../support/ledgeStudy.ts';

const METHOD = 'causal-entropy-simulator';
const onlyReward: SimulatedStudy = { ...ledgeStudy, methods: [METHOD] };

/** All but how long it took. */
function bits(result: SimulatedFile): string {
  return JSON.stringify(result, (key, value) => (key === 'seconds' ? 0 : value));
}

async function cellOf(study: SimulatedStudy, seed = 0): Promise<SimulatedCell> {
  return simulatedCellsOf((await runSimulated(study, seed)).result)[0];
}

describe('runSimulated', () => {
  test('takes a network beside the features, made on the engine of the fit', async () => {
    const reward: CreateReward = (engine, features, seed) => {
      expect(engine.name).toBe('plain');
      const network = networkStepReward(engine, { scale: [1, 1, 1, 1], hidden: [3] }, seed);
      return linearNetworkReward(features, network);
    };
    vi.stubEnv('REVEALED_BACKEND', 'plain');
    try {
      const { result } = await runSimulated({ ...onlyReward, fit: { ...onlyReward.fit, reward } });
      expect(result.backend).toBe('plain');
      const { parameters, rounds } = simulatedCellsOf(result)[0].methods[METHOD];
      expect(parameters.map(({ name }) => name)).toEqual(['alive', 'last']);
      for (const { monteCarloError, reasons } of parameters) {
        expect(monteCarloError).toBeNull();
        expect(reasons?.monteCarloError).toMatch(/network beside it/);
      }
      for (const { theta } of rounds ?? []) expect(Object.keys(theta)).toEqual(['alive', 'last']);
    } finally {
      vi.unstubAllEnvs();
    }
  });

  test('gives every method what exists as a number, and the rest with its reason', async () => {
    const { result, fits } = await runSimulated({ ...ledgeStudy, seeds: 2 }, 3);
    expect(SimulatedFile.parse(JSON.parse(JSON.stringify(result)))).toEqual(result);
    const cells = simulatedCellsOf(result);
    expect(cells.map(({ name, seed }) => [name, seed])).toEqual([
      ['seed 3', 3],
      ['seed 4', 4],
    ]);
    for (const { data, methods, baselines } of cells) {
      expect(data).toMatchObject({ trajectories: 16, states: null, actions: 2, goals: 0 });
      expect(data.heldOut?.trajectories).toBe(8);
      expect(baselines.demonstrated).toBeNull();
      expect(baselines.reasons?.demonstrated).toBe('no rewards were recorded');
      expect(Object.keys(methods)).toEqual(['causal-entropy-simulator', 'values', 'clone']);
      for (const method of Object.values(methods)) {
        expect(method.gaps?.map(({ name }) => name)).toEqual(['alive', 'last']);
        expect(method.heldOut?.decisions).toBe(data.heldOut?.decisions);
        expect(method.heldOut?.logLikelihood).toBeLessThan(0);
        expect(method.returns?.greedy.episodes).toBe(20);
        for (const [key, value] of Object.entries(method))
          if (value === null) expect(method.reasons?.[key]).toBeTypeOf('string');
      }
      const { rounds, parameters } = methods['causal-entropy-simulator'];
      expect(rounds?.length).toBe(5);
      expect(rounds?.map((round) => round.returns !== undefined)).toEqual([
        true,
        false,
        true,
        false,
        true,
      ]);
      expect(parameters.map(({ name }) => name)).toEqual(['alive', 'last']);
    }
    expect(
      result.comparison?.differences.map(({ method, reference }) => [method, reference]),
    ).toEqual([
      ['causal-entropy-simulator', 'clone'],
      ['values', 'clone'],
    ]);
    const summary = summarizeSimulated(result);
    expect(summary).toMatch(
      /decisions in 16 episodes; held out: \d+ decisions in 8 episodes, 8 drawn by seed 3\./,
    );
    expect(summary).toMatch(
      /causal-entropy-simulator: every feature is matched within its error in \d of 2 seeds/,
    );
    expect([...fits.keys()]).toEqual(['seed 3', 'seed 4']);
  });

  test('gives the same bits when killed in any round, put on disk and resumed', async () => {
    const whole = await runSimulated(ledgeStudy, 5);
    const folder = mkdtempSync(join(tmpdir(), 'revealed-simulated-'));
    const killed = createRng(11, 'when to kill');
    for (const at of [0, 1 + Math.floor(4 * killed()), 6]) {
      const saved: SavedSimulated = { digest: '', cells: { 'seed 5': {} } };
      let news = 0;
      const dying: SimulatedObserver = {
        resume: (_cell, _method, digest) => {
          saved.digest = digest;
          return undefined;
        },
        async onNews(cell, method, { saved: fit }) {
          if (fit) saved.cells[cell][method] = fit;
          if (news++ === at) throw new Error('killed');
        },
        async onFinished(cell, method, finished) {
          saved.cells[cell][method] = finished;
        },
      };
      await expect(runSimulated(ledgeStudy, 5, dying)).rejects.toThrow('killed');
      writeSimulated(folder, 'run', saved);
      const read = readSimulated(folder, 'run');
      expect(read?.digest).toBe(saved.digest);
      const again = await runSimulated(ledgeStudy, 5, {
        resume: (cell, method) => read?.cells[cell]?.[method],
        onNews: async () => {},
        onFinished: async () => {},
      });
      expect(bits(again.result), `killed after ${at}`).toBe(bits(whole.result));
    }
    rmSync(folder, { recursive: true });
    expect(bits((await runSimulated(ledgeStudy, 6)).result)).not.toBe(bits(whole.result));
  });

  test('does not look at the world’s rewards to fit', async () => {
    const looked = await cellOf(onlyReward);
    const blind = await cellOf({ ...onlyReward, evaluation: null });
    const [one, other] = [looked, blind].map(({ methods }) => methods['causal-entropy-simulator']);
    expect(other.parameters).toEqual(one.parameters);
    expect(other.gaps).toEqual(one.gaps);
    expect(other.returns).toBeNull();
    expect(other.reasons?.returns).toMatch(/rewards of its world mean nothing/);
    expect(other.rounds?.every(({ returns }) => returns === undefined)).toBe(true);
  });

  test('fits a specification with some of the features, and reports the gaps of all', async () => {
    const methods = [
      { name: 'alone', method: 'causal-entropy-simulator', features: ['last'] },
    ] as const;
    const { methods: fits } = await cellOf({ ...ledgeStudy, methods });
    expect(fits.alone.parameters.map(({ name }) => name)).toEqual(['last']);
    expect(fits.alone.features).toEqual(['last']);
    expect(fits.alone.gaps?.map(({ name }) => name)).toEqual(['alive', 'last']);
  });
});

test('runSimulated fits actions in a box, and judges densities in the units of the world', async () => {
  const study: SimulatedStudy = {
    name: 'swings',
    title: 'Why swing?',
    simulator: { name: 'pendulum' },
    demonstrations: () => expertEpisodes('pendulum'),
    holdOut: { after: 2 },
    features: {
      'angle²': (seen) => Math.atan2(seen[1], seen[0]) ** 2,
      torque: (_, a) => a[0] ** 2,
    },
    discount: 0.9,
    temperature: 0.2,
    stateOf: (seen) => [Math.atan2(seen[1], seen[0]), seen[2]],
    agent: { hidden: [8], batch: 16 },
    fit: { rounds: 2, updates: 5, episodes: 2, polish: 1, compared: 2 },
    methods: [
      'causal-entropy-simulator',
      { name: 'clone', method: 'behavior-cloning-network', fit: { hidden: [16], maxUpdates: 300 } },
    ],
    evaluation: { episodes: 4, starts: [[3, 0]] },
  };
  const { data, simulator, methods, baselines } = await cellOf(study);
  expect(data.actions).toBeNull();
  expect(simulator).toMatchObject({ actions: 'box', actionSize: 1, observationSize: 3 });
  // a controller near the optimum swings up from the bottom for about −230 or more
  for (const { returns, heldOut } of Object.values(methods)) {
    expect(returns?.greedy.value).toBeLessThan(-150);
    expect(heldOut?.accuracy).toBeNull();
    expect(heldOut?.coverage).toHaveLength(1);
    expect(heldOut?.coverage?.[0].decisions).toBe(500);
  }
  expect(baselines.random?.value).toBeLessThan(-700);
  // choosing at random has density 1 / 4 on [−2, 2], and a clone knows more
  const clone = methods.clone.heldOut;
  expect((clone?.logLikelihood ?? 0) / (clone?.decisions ?? 1)).toBeGreaterThan(-Math.log(4));
  await expect(runSimulated({ ...study, methods: ['inverse-soft-bellman'] })).rejects.toThrow(
    'it learns from numbered actions only',
  );
});

describe('runSimulated refuses', () => {
  const episodes = ledgeEpisodes(LEDGE_THETA, LEDGE_DISCOUNT, 4);
  const broken = (at: number, value: number) => {
    const observations = episodes.observations.slice();
    observations[at] = value;
    return { ...episodes, observations };
  };
  const acting = (value: number) => {
    const actions = episodes.actions.slice();
    actions[1] = value;
    return { ...episodes, actions };
  };
  const file = (read: typeof episodes) => ({
    name: 'walks.npz',
    files: [],
    layout: read.layout,
    warnings: [],
    async *read() {
      for (let e = 0; e < read.count; e++) {
        const [from, end] = [read.stepStart[e], read.stepStart[e + 1]];
        const width = read.observationWidth;
        yield {
          name: read.names[e],
          steps: end - from,
          observations: read.observations.slice(
            read.observationStart[e] * width,
            read.observationStart[e + 1] * width,
          ),
          actions: read.actions.slice(from, end),
          rewards: null,
          end: read.ends[e],
        };
      }
    },
  });

  test.each<[string, Partial<SimulatedStudy>, RegExp]>([
    [
      'a number that is none, with file, episode and step',
      { demonstrations: () => file(broken(5, Number.NaN)) },
      /Cannot fit walks\.npz: "cell 1" must be finite, got NaN in episode "walk 0", step 1/,
    ],
    [
      'an action that there is not',
      { demonstrations: () => file(acting(7)) },
      /Cannot fit walks\.npz: actions of the world are 0 … 1, demonstrated is 7 in "walk 0", step 2/,
    ],
    [
      'observations of another width',
      {
        simulator: { name: 'cart-pole' },
        demonstrations: () => ({ ...episodes, observationWidth: 2 }),
      },
      /what was demonstrated: the world shows 4 numbers, the demonstrations have 2/,
    ],
    [
      'actions of another kind',
      {
        simulator: () => new Pendulum(),
        demonstrations: () => ({ ...episodes, observationWidth: 3 }),
      },
      /actions of the world are points of a box, those demonstrated are numbered/,
    ],
    [
      'a world that there is not',
      { simulator: { name: 'cartpole' } },
      /Cannot simulate "cartpole": the worlds are .*did you mean "cart-pole"/,
    ],
    [
      'no episode',
      {
        demonstrations: () => ({
          ...episodes,
          count: 0,
          names: [],
          ends: [],
          stepStart: new Int32Array(1),
          observationStart: new Int32Array(1),
        }),
      },
      /wanted at least one episode with a decision, got no episode/,
    ],
    [
      'states that do not show what was observed',
      { stateOf: () => [2] },
      /Cannot begin where episode "walk 0" .* the state from stateOf shows \[0, 0, 1, 0\], recorded was \[1, 0, 0, 0\]/,
    ],
    [
      'constant features',
      { features: { alive: () => 1, twice: () => 2 } },
      /"alive", "twice" are constant in all demonstrated steps/,
    ],
    [
      'a feature that is no number',
      { features: { log: (seen) => Math.log(seen[0]) } },
      /feature "log" must be finite, got -Infinity on seeing/,
    ],
    [
      'features that there are not',
      { methods: [{ name: 'a', method: 'causal-entropy-simulator', features: ['lst'] }] },
      /there is no feature "lst"; there are alive, last/,
    ],
    [
      'two methods of one name',
      { methods: ['behavior-cloning-network', 'behavior-cloning-network'] },
      /two methods are called "behavior-cloning-network"/,
    ],
    [
      'settings that there are not, of whichever method',
      {
        methods: [
          'causal-entropy-simulator',
          { name: 'values', method: 'inverse-soft-bellman', fit: { updats: 3 } as never },
        ],
      },
      /Cannot fit "values" of study "ledge": Unrecognized key: "updats"/,
    ],
    [
      'units of other numbers than are seen',
      { agent: { observationScale: [1] } },
      /the world shows 4 numbers, observationScale has 1/,
    ],
    [
      'a method that is none',
      { methods: ['causal-entropy' as never] },
      /"causal-entropy" is no method of studies in a simulator/,
    ],
    ['nothing left to fit to', { holdOut: { after: 24 } }, /wanted at least one to hold out/],
    [
      'episodes to hold out that there are not',
      { holdOut: { episodes: ['walk 99'] } },
      /there is no episode "walk 99"/,
    ],
    [
      'no start',
      { evaluation: { starts: [] } },
      /evaluation.starts must be "reset", "demonstrations" or a list of states, got \[\]/,
    ],
    [
      'starts that nobody told',
      { evaluation: { starts: 'demonstrations' }, stateOf: undefined as never },
      /does not say which state was observed/,
    ],
    ['no seed', { seeds: 0 }, /seeds must be a whole number from 1 on, got 0/],
  ])('%s', async (_, changed, message) => {
    await expect(runSimulated({ ...onlyReward, ...changed })).rejects.toThrow(message);
  });
});
