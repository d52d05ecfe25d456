import { describe, expect, test } from 'vitest';
import {
  fitSimulated,
  type SimulatedFitOptions,
  type SimulatedProgress,
} from '../../../src/algorithms/simulated/fitSimulated.ts';
import type { SimulatedFit } from '../../../src/algorithms/simulated/simulatedFit.ts';
import type { SimulatedProblem } from '../../../src/algorithms/simulated/simulatedProblem.ts';
import type { SoftAgent } from '../../../src/algorithms/simulated/softAgent.ts';
import { createSoftQAgent } from '../../../src/algorithms/simulated/softQAgent.ts';
import { Pendulum } from '../../../src/environments/classicControl/pendulum.ts';
import { stepFeatures } from '../../../src/features/stepFeatures.ts';
import { kernelEngine } from '../../../src/networks/kernelEngine.ts';
import { CELLS, Ledge, ledgeFeatures, ledgeOdds, ledgeProblem } from '../../support/ledge.ts';

const THETA = [0.3, 0.6];

function agentFor(seed: number, discount = 0.8): SoftAgent {
  const sizes = { observationSize: CELLS, actionCount: 2 };
  const options = {
    hidden: [16],
    batch: 64,
    discount,
    temperature: 1,
    rate: 3e-3,
    smoothing: 0.05,
  };
  return createSoftQAgent(kernelEngine(), sizes, options, seed);
}

function run(
  problem: SimulatedProblem,
  agent: SoftAgent,
  options: SimulatedFitOptions,
  onProgress?: (progress: SimulatedProgress) => void,
): SimulatedFit {
  const steps = fitSimulated(problem, agent, options);
  for (;;) {
    const next = steps.next();
    if (next.done) return next.value;
    onProgress?.(next.value);
  }
}

const short = { rounds: 6, updates: 10, episodes: 4, polish: 2, compared: 8 };

test('fitSimulated finds the reward of soft-optimal walks within its errors', () => {
  const problem = ledgeProblem(THETA, 400);
  const agent = agentFor(1);
  const options = { rounds: 60, updates: 100, episodes: 40, compared: 400, gain: 0.3 };
  const fit = run(problem, agent, { seed: 1, ...options });
  expect(fit.gaps.map(({ name }) => name)).toEqual(['alive', 'last']);
  for (const { gap } of fit.gaps) expect(Math.abs(gap)).toBeLessThan(0.02);
  // 400 walks know θ to about 0.1; the loop's own error comes on top
  fit.parameters.forEach(({ estimate }, k) => {
    expect(Math.abs(estimate - THETA[k])).toBeLessThan(0.3);
  });
  // the agent is left with the soft-optimal policy of the estimate
  const odds = ledgeOdds(
    fit.parameters.map(({ estimate }) => estimate),
    0.8,
  );
  const cells = Float64Array.from({ length: CELLS * CELLS }, (_, i) => (i % (CELLS + 1) ? 0 : 1));
  const logs = new Float64Array(CELLS);
  agent.logLikelihood(cells, new Float64Array(CELLS).fill(1), CELLS, logs);
  odds.forEach((x, i) => {
    expect(Math.exp(logs[i])).toBeCloseTo(1 / (1 + Math.exp(-x)), 1);
  });
});

test('fitSimulated gives the same bits when killed after any round and resumed', () => {
  const problem = ledgeProblem(THETA, 8);
  const kept: unknown[] = [];
  const whole = run(problem, agentFor(3), { seed: 3, ...short }, ({ checkpoint }) => {
    kept.push(JSON.parse(JSON.stringify(checkpoint)));
  });
  for (const at of [0, 3, kept.length - 1]) {
    const resume = kept[at] as SimulatedProgress['checkpoint'];
    // its first parameters are others: all of them come from the checkpoint
    expect(run(problem, agentFor(99), { seed: 3, ...short, resume })).toEqual(whole);
  }
  expect(run(problem, agentFor(3), { seed: 4, ...short }).parameters).not.toEqual(whole.parameters);
});

test('fitSimulated honours start, fixed values, bounds and names what is open', () => {
  const problem = ledgeProblem(THETA, 20);
  const options = { fix: { alive: 0.25 }, bounds: { last: [-0.1, 0.1] } } as const;
  const fit = run(problem, agentFor(5), { seed: 5, ...short, rounds: 12, ...options });
  expect(fit.parameters[0]).toEqual({ name: 'alive', estimate: 0.25, held: 'fixed' });
  expect(Math.abs(fit.parameters[1].estimate)).toBeLessThanOrEqual(0.1);
  const zero = run(problem, agentFor(5), {
    seed: 5,
    ...short,
    compared: 400,
    fix: { alive: 0 },
    bounds: { last: [-0.001, 0.001] },
    start: { last: 0.001 },
  });
  // what a bound holds is no open gap
  expect(zero.parameters[1]).toMatchObject({ name: 'last', held: 'at-bound' });
  const early = run(problem, agentFor(5), { seed: 5, ...short, gain: 1e-9, compared: 400 });
  expect(early.stop).toBe('max-iterations');
  expect(early.stopReason).toMatch(/not matched after 6 rounds: .*"last" \(0\.\d+ ± /);
});

test('fitSimulated keeps the last good reward where the reward runs away, and names the feature', () => {
  const problem = ledgeProblem(THETA, 20);
  const far = run(problem, agentFor(6), { seed: 6, ...short, gain: 1e5 });
  expect(far.stop).toBe('unbounded');
  expect(far.stopReason).toMatch(/the reward along "(alive|last)" ran away/);
  expect(far.parameters.every(({ estimate }) => Math.abs(estimate) < 1000)).toBe(true);
  const agent = agentFor(6);
  let calls = 0;
  const failing: SoftAgent = {
    ...agent,
    update(batch, noise, rate) {
      if (++calls > 25) throw new Error('the loss of Q is NaN');
      return agent.update(batch, noise, rate);
    },
  };
  const rounds: SimulatedProgress[] = [];
  const broken = run(problem, failing, { seed: 6, ...short }, (progress) => rounds.push(progress));
  expect(broken.stop).toBe('not-finite');
  expect(rounds).toHaveLength(2);
  expect(broken.parameters.map(({ estimate }) => estimate)).toEqual(Object.values(rounds[1].theta));
});

describe('fitSimulated refuses', () => {
  const problem = ledgeProblem(THETA, 4);
  const start =
    (changed: Partial<SimulatedProblem>, agent = agentFor(1)) =>
    (): void => {
      run({ ...problem, ...changed }, agent, short);
    };
  const with_ = (features: Parameters<typeof stepFeatures>[0]) => ({
    features: stepFeatures(features),
  });
  const { demonstrations } = problem;

  test.each([
    [
      'observations of another width',
      { demonstrations: { ...demonstrations, observationWidth: 2 } },
      /the world shows 4 numbers, the demonstrations have 2/,
    ],
    [
      'actions of another kind',
      {
        createSimulator: () => new Pendulum() as never,
        stateOf: null,
        demonstrations: { ...demonstrations, observationWidth: 3 },
      },
      /actions of the world are points of a box, those demonstrated are numbered/,
    ],
    [
      'an action that there is not',
      {
        demonstrations: {
          ...demonstrations,
          actions: demonstrations.actions.map((a, i) => (i === 2 ? 7 : a)),
        },
      },
      /actions of the world are 0 … 1, demonstrated is 7 in "walk 0", step 3/,
    ],
    [
      'episodes longer than the world',
      { createSimulator: () => new Ledge(3) },
      /"walk \d" has \d+ steps, but the world ends after 3/,
    ],
    [
      'an end that was not recorded',
      { demonstrations: { ...demonstrations, observationStart: demonstrations.stepStart } },
      /ended in was not recorded/,
    ],
    [
      'a number that is none',
      {
        demonstrations: {
          ...demonstrations,
          observations: demonstrations.observations.map((x, i) => (i === 4 ? Number.NaN : x)),
        },
      },
      /observations must be finite, got NaN in row 2/,
    ],
    ['no episode', { which: [] }, /at least one demonstrated episode/],
    [
      'two constant features',
      with_({ alive: () => 1, too: () => 2, last: (o) => o[3] }),
      /"alive", "too" are constant in all demonstrated steps/,
    ],
    [
      'a feature that is never there',
      with_({ never: () => 0, last: (o) => o[3] }),
      /"never" is 0 in every demonstrated step/,
    ],
    [
      'a discount of 1',
      { discount: 1 },
      /the agent learns with a discount of 0.8, the problem has 1/,
    ],
    [
      'another temperature',
      { temperature: 2 },
      /the agent learns with a temperature of 1, the problem has 2/,
    ],
  ] as [string, Partial<SimulatedProblem>, RegExp][])('%s', (_, changed, words) => {
    expect(start(changed)).toThrow(words);
  });

  test('a checkpoint of networks of another shape', () => {
    let kept: SimulatedProgress['checkpoint'] = {};
    run(problem, agentFor(1), short, ({ checkpoint }) => {
      kept = checkpoint;
    });
    const sizes = { observationSize: CELLS, actionCount: 2 };
    const other = createSoftQAgent(
      kernelEngine(),
      sizes,
      { hidden: [8], discount: 0.8, temperature: 1 },
      1,
    );
    expect(() => run(problem, other, { ...short, resume: kept })).toThrow(/another shape/);
  });
});

test('fitSimulated says where demonstrated episodes end in different ways', () => {
  const problem = ledgeProblem([0.01, 0.02], 40, 0.99);
  expect(new Set(problem.demonstrations.ends)).toEqual(new Set(['terminated', 'truncated']));
  const fit = run(problem, agentFor(1, 0.99), short);
  expect(fit.warnings.join()).toMatch(/demonstrated episodes end in different ways/);
  expect(run(ledgeProblem(THETA, 40), agentFor(1), short).warnings).toEqual([]);
});

test('fitSimulated with reward 0 leaves the choice at random: being alive is worth nothing', () => {
  const problem = ledgeProblem(THETA, 4);
  const agent = agentFor(8);
  run(problem, agent, { ...short, updates: 200, rounds: 10, fix: { alive: 0, last: 0 } });
  const cells = Float64Array.from({ length: CELLS * CELLS }, (_, i) => (i % (CELLS + 1) ? 0 : 1));
  const logs = new Float64Array(CELLS);
  agent.logLikelihood(cells, new Float64Array(CELLS), CELLS, logs);
  for (const log of logs) expect(log).toBeCloseTo(-Math.LN2, 0.5);
  expect(ledgeFeatures.names).toEqual(['alive', 'last']);
});
