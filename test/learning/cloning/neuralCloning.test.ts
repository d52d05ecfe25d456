/** Cloning with networks: against known truth, held out by trajectory, and gone on with bit for bit. */

import { describe, expect, test } from 'vitest';
import type { Episodes } from '../../../src/demonstrations/sources/episodes.ts';
import { cloneScores } from '../../../src/evaluation/imitation/cloneScores.ts';
import {
  ClonedPolicy,
  loadClonedPolicy,
  saveClonedPolicy,
} from '../../../src/learning/cloning/clonedPolicy.ts';
import type { CloningOptions } from '../../../src/learning/cloning/cloningOptions.ts';
import { type CloningActions, cloningRows } from '../../../src/learning/cloning/cloningRows.ts';
import { cloningSplit } from '../../../src/learning/cloning/cloningSplit.ts';
import {
  type CloningFit,
  cloneBehavior,
  NeuralCloning,
} from '../../../src/learning/cloning/neuralCloning.ts';
import { loadCheckpoint, saveCheckpoint } from '../../../src/networks/checkpoint.ts';
import { kernelEngine } from '../../../src/networks/kernelEngine.ts';
import { createRng, type Rng } from '../../../src/numeric/rng.ts';
import { standardNormal } from '../../../src/numeric/standardNormal.ts';
import { temporaryFolder } from '../../support/commandLine.ts';

/** Episodes of 20 steps with observations uniform on [−1, 1]² and actions as told. */
function episodesOf(
  count: number,
  seed: number,
  kind: 'discrete' | 'box',
  act: (x: number, y: number, rng: Rng) => number,
): Episodes {
  const rng = createRng(seed, 'episodes');
  const steps = 20;
  const start = Int32Array.from({ length: count + 1 }, (_, i) => i * steps);
  const observations = Float64Array.from({ length: 2 * count * steps }, () => 2 * rng() - 1);
  return {
    layout: {
      observations: { kind: 'box', names: ['x', 'y'] },
      actions: kind === 'discrete' ? { kind } : { kind, names: ['a'] },
      hasRewards: false,
    },
    count,
    names: Array.from({ length: count }, (_, i) => `e${i}`),
    stepStart: start,
    observationStart: start,
    observationWidth: 2,
    observations,
    actionWidth: 1,
    actions: Float64Array.from({ length: count * steps }, (_, i) =>
      act(observations[2 * i], observations[2 * i + 1], rng),
    ),
    rewards: null,
    ends: Array.from({ length: count }, () => 'cut-off' as const),
  };
}

const three: CloningActions = { kind: 'discrete', count: 3 };
const line: CloningActions = { kind: 'continuous', size: 1, box: null };
const boxed: CloningActions = { kind: 'continuous', size: 1, box: { low: [-2], high: [2] } };

/** softmax of (2x, −2y, 0) */
function choice(x: number, y: number, rng: Rng): number {
  const [a, b] = [Math.exp(2 * x), Math.exp(-2 * y)];
  const draw = rng() * (a + b + 1);
  return draw < a ? 0 : draw < a + b ? 1 : 2;
}

/** Either side of 0, as likely. */
const fork = (x: number, _y: number, rng: Rng): number =>
  (rng() < 0.5 ? 1 : -1) * (1 + 0.3 * x) + 0.1 * standardNormal(rng);

function run(episodes: Episodes, actions: CloningActions, options: CloningOptions, seed = 0) {
  const engine = kernelEngine('kernels', 64);
  const steps = cloneBehavior(engine, cloningRows(episodes, actions), options, seed);
  let next = steps.next();
  while (!next.done) next = steps.next();
  const fit: CloningFit = next.value;
  return { fit, policy: new ClonedPolicy(engine, fit.policy), engine };
}

const quick: CloningOptions = { hidden: [16], maxUpdates: 3000, patience: 400, rate: 3e-3 };

describe('neural cloning', () => {
  test('comes within sampling error of the policy that acted, and is calibrated', () => {
    const { fit, policy } = run(episodesOf(150, 1, 'discrete', choice), three, quick);
    const others = cloningRows(episodesOf(200, 2, 'discrete', choice), three);
    const scores = cloneScores(policy, others);
    let truth = 0;
    for (let row = 0; row < others.count; row++) {
      const [x, y] = others.observations.subarray(2 * row, 2 * row + 2);
      const z = [2 * x, -2 * y, 0];
      const total = z.reduce((sum, v) => sum + Math.exp(v), 0);
      truth += z[others.taken[row]] - Math.log(total);
    }
    // about 10 parameters matter: half a nat each over 3,000 decisions
    expect(truth / others.count - scores.perDecision).toBeGreaterThan(-0.002);
    expect(truth / others.count - scores.perDecision).toBeLessThan(0.02);
    expect(scores.calibration?.error).toBeLessThan(0.04);
    expect(scores.coverage).toBeNull();
    expect(fit.splitBy).toBe('trajectories');
    expect(fit.heldOutDecisions).toBe(600);
    expect(fit.heldOutLogLikelihood).not.toBeNull();
  });

  test('a mixture is likelier than a Gaussian where people do one of two things', () => {
    const train = episodesOf(60, 3, 'box', fork);
    const others = cloningRows(episodesOf(60, 4, 'box', fork), line);
    const perDecision = (head: CloningOptions['head']) =>
      cloneScores(run(train, line, { ...quick, ...(head ? { head } : {}) }).policy, others)
        .perDecision;
    const [gaussian, mixture] = [perDecision('gaussian'), perDecision('mixture')];
    // entropy: log 2 of the side, and that of a normal with σ = 0.1
    const truth = -(Math.LN2 + Math.log(0.1) + 0.5 * Math.log(2 * Math.PI * Math.E));
    expect(mixture).toBeGreaterThan(gaussian + 0.8);
    expect(mixture).toBeGreaterThan(truth - 0.1);
    expect(mixture).toBeLessThan(truth + 0.05);
  });

  test('a tanh-Gaussian finds the squashed Gaussian that acted', () => {
    const act = (x: number, _y: number, rng: Rng) =>
      2 * Math.tanh(0.8 * x + 0.4 * standardNormal(rng));
    const train = episodesOf(80, 5, 'box', act);
    const { fit, policy } = run(train, boxed, { ...quick, head: 'tanh-gaussian' });
    expect(fit.movedFromEdge).toBe(0);
    const out = new Float64Array(1);
    for (const x of [-0.7, 0, 0.7]) {
      policy.act([x, 0.2], null, out);
      expect(Math.abs(out[0] - 2 * Math.tanh(0.8 * x))).toBeLessThan(0.2);
    }
    const [coverage] =
      cloneScores(policy, cloningRows(episodesOf(80, 6, 'box', act), boxed)).coverage ?? [];
    expect(Math.abs(coverage.half - 0.5)).toBeLessThan(0.06);
    expect(Math.abs(coverage.nineTenths - 0.9)).toBeLessThan(0.04);
    expect(coverage.distance).toBeLessThan(0.06);
  });

  test('balanced classes make a rare action as likely as its odds say without its rarity', () => {
    // what is seen tells nothing: 10 % of action 1
    const rare = episodesOf(60, 7, 'discrete', (_x, _y, rng) => (rng() < 0.1 ? 1 : 0));
    const two: CloningActions = { kind: 'discrete', count: 2 };
    const few = { ...quick, hidden: [2], heldOut: 0, maxUpdates: 600 };
    const meanOf = (classWeights: CloningOptions['classWeights']): number => {
      const { policy } = run(rare, two, { ...few, classWeights });
      const rows = cloningRows(rare, two);
      const asked = { ...rows, taken: new Float64Array(rows.count).fill(1) };
      return Math.exp(cloneScores(policy, asked).perDecision);
    };
    expect(Math.abs(meanOf('none') - 0.1)).toBeLessThan(0.04);
    expect(Math.abs(meanOf('balanced') - 0.5)).toBeLessThan(0.1);
    expect(Math.abs(meanOf([1, 9]) - 0.5)).toBeLessThan(0.1);
  });

  test('weight decay takes a network that has learned by heart towards one that knows nothing', () => {
    const few = episodesOf(5, 8, 'discrete', choice);
    const norm = (weightDecay: number): number =>
      run(few, three, {
        ...quick,
        heldOut: 0,
        maxUpdates: 1500,
        weightDecay,
      }).fit.policy.parameters.reduce((sum, w) => sum + w * w, 0);
    expect(norm(1)).toBeLessThan(0.5 * norm(0));
  });
});

describe('going on', () => {
  const rows = () => cloningRows(episodesOf(12, 9, 'box', fork), line);
  const options: CloningOptions = {
    ...quick,
    head: 'gaussian-one-spread',
    patience: 30,
    maxUpdates: 200,
  };

  test('a run that was stored at any epoch ends in the same bits', () => {
    const build = () => new NeuralCloning(kernelEngine('kernels', 16), rows(), options, 3);
    const whole = build();
    const stored: ReturnType<NeuralCloning['state']>[] = [whole.state()];
    const parts: string[] = [];
    while (!whole.done) {
      parts.push(whole.epoch().part);
      stored.push(whole.state());
    }
    expect(new Set(parts)).toEqual(new Set(['search', 'final']));
    const rng = createRng(5, 'interruptions');
    const moments = [0, parts.indexOf('final'), ...Array.from({ length: 6 }, () => rng())].map(
      (m) => (m < 1 && m > 0 ? Math.floor(m * stored.length) : m),
    );
    for (const moment of moments) {
      const folder = `${temporaryFolder()}/cloning`;
      const { numbers, arrays } = stored[moment];
      saveCheckpoint(folder, { kind: 'cloning', state: numbers, arrays });
      const checkpoint = loadCheckpoint(folder, 'cloning');
      const again = build();
      again.restore(checkpoint, checkpoint.state as typeof numbers);
      while (!again.done) again.epoch();
      expect(again.result()).toEqual(whole.result());
    }
  });

  test('a checkpoint of another shape or head is refused', () => {
    const engine = kernelEngine('kernels', 16);
    const { numbers, arrays } = new NeuralCloning(engine, rows(), options).state();
    const checkpoint = { kind: 'cloning', state: numbers, arrays };
    const wide = new NeuralCloning(engine, rows(), { ...options, hidden: [8] });
    expect(() => wide.restore(checkpoint, numbers)).toThrow(/networks of another shape/);
    const other = new NeuralCloning(engine, rows(), { ...options, head: 'gaussian' });
    expect(() => other.restore(checkpoint, numbers)).toThrow(/made with another head/);
  });

  test('epochs take no memory that is not given back', () => {
    const engine = kernelEngine('kernels', 16);
    const cloning = new NeuralCloning(engine, rows(), { ...options, heldOut: 0, maxUpdates: 1000 });
    cloning.epoch();
    const held = engine.held();
    while (!cloning.done) cloning.epoch();
    expect(engine.held()).toBe(held);
  });

  test('a policy that was stored acts as before', () => {
    const { fit, policy, engine } = run(episodesOf(12, 9, 'box', fork), line, {
      ...options,
      head: 'mixture',
    });
    const folder = `${temporaryFolder()}/policy`;
    saveClonedPolicy(folder, fit.policy);
    expect(loadClonedPolicy(folder)).toEqual(fit.policy);
    const again = new ClonedPolicy(engine, loadClonedPolicy(folder));
    const [a, b] = [new Float64Array(1), new Float64Array(1)];
    policy.act([0.1, 0.2], createRng(1, 'act'), a);
    again.act([0.1, 0.2], createRng(1, 'act'), b);
    expect(b).toEqual(a);
  });
});

describe('what does not fit', () => {
  const episodes = episodesOf(3, 1, 'box', fork);
  const engine = kernelEngine('plain');

  test('a number that is none stops the training, and says where', () => {
    const cloning = new NeuralCloning(engine, cloningRows(episodes, line), {
      ...quick,
      rate: 1e39,
    });
    expect(() => {
      for (let i = 0; i < 50; i++) cloning.epoch();
    }).toThrow(/Cannot go on cloning: the likelihood is .* at update \d+, in epoch \d+/);
    expect(cloning.policy().parameters.every(Number.isFinite)).toBe(true);
  });

  test.each<[string, () => unknown, string | RegExp]>([
    ['another kind of action', () => cloningRows(episodes, three), /wanted numbered actions/],
    [
      'an action outside its box',
      () =>
        cloningRows(episodes, { kind: 'continuous', size: 1, box: { low: [-0.5], high: [0.5] } }),
      /Cannot imitate trajectory "e0" at step 0: coordinate 0 of the action must lie in \[-0.5, 0.5\]/,
    ],
    [
      'an action that there is not',
      () =>
        cloningRows(
          episodesOf(1, 1, 'discrete', () => 3),
          three,
        ),
      'Cannot imitate trajectory "e0" at step 0: an action is one of 0 … 2, got 3',
    ],
    [
      'an observation that is no number',
      () => {
        const broken = episodesOf(2, 1, 'box', fork);
        broken.observations[2 * 25 + 1] = Number.NaN;
        return cloningRows(broken, line);
      },
      'Cannot imitate trajectory "e1" at step 5: wanted a finite number as coordinate 1 of the observation, got NaN',
    ],
    ['an episode that is not there', () => cloningRows(episodes, line, [3]), /there are 3/],
    ['no decision', () => cloningRows(episodes, line, []), /there is no decision/],
    [
      'a categorical head for a line',
      () => new NeuralCloning(engine, cloningRows(episodes, line), { head: 'categorical' }),
      /Cannot clone continuous actions with a categorical head/,
    ],
    [
      'a tanh-Gaussian without a box',
      () => new NeuralCloning(engine, cloningRows(episodes, line), { head: 'tanh-gaussian' }),
      /the actions have no box/,
    ],
    [
      'class weights of another number',
      () =>
        new NeuralCloning(engine, cloningRows(episodesOf(2, 1, 'discrete', choice), three), {
          classWeights: [1, 2],
        }),
      'Cannot weigh classes: wanted 3 weights, one per action, got 2',
    ],
    [
      'an observation of another width',
      () => {
        const { policy } = run(episodes, line, { ...quick, maxUpdates: 1 });
        policy.act([1, 2, 3], null, new Float64Array(1));
      },
      'Cannot act: an observation has 2 numbers, got 3',
    ],
  ])('%s is refused', (_, attempt, message) => {
    expect(attempt).toThrow(message);
  });
});

test('cloningSplit parts whole trajectories, or the steps of a single one', () => {
  const rows = cloningRows(episodesOf(10, 1, 'box', fork), line);
  const split = cloningSplit(rows, 0.2, createRng(0, 'split'));
  const side = (part: Int32Array) => new Set([...part].map((row) => rows.trajectory[row]));
  expect(split.by).toBe('trajectories');
  expect(side(split.heldOut).size).toBe(2);
  expect([...side(split.training)].some((i) => side(split.heldOut).has(i))).toBe(false);
  expect(split.training.length + split.heldOut.length).toBe(rows.count);
  const single = cloningRows(episodesOf(1, 1, 'box', fork), line);
  const steps = cloningSplit(single, 0.2, createRng(0, 'split'));
  expect([steps.by, steps.heldOut.length]).toEqual(['steps', 4]);
  expect(cloningSplit(rows, 0, createRng(0, 'split')).by).toBe('none');
});
