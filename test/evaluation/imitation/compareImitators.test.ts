/** Policies in one table: against what is known of them, and of who acted. */

import { describe, expect, test } from 'vitest';
import type { SimulatedProblem } from '../../../src/algorithms/simulated/simulatedProblem.ts';
import type { Episodes } from '../../../src/demonstrations/sources/episodes.ts';
import { CartPole } from '../../../src/environments/classicControl/cartPole.ts';
import { compareImitators } from '../../../src/evaluation/imitation/compareImitators.ts';
import { imitationScores } from '../../../src/evaluation/imitation/imitationScores.ts';
import { imitatorOf, imitatorOfClone } from '../../../src/evaluation/imitation/imitator.ts';
import { stepFeatures } from '../../../src/features/stepFeatures.ts';
import { ClonedPolicy } from '../../../src/learning/cloning/clonedPolicy.ts';
import {
  type CloningActions,
  type CloningRows,
  cloningRows,
} from '../../../src/learning/cloning/cloningRows.ts';
import { cloneBehavior } from '../../../src/learning/cloning/neuralCloning.ts';
import { kernelEngine } from '../../../src/networks/kernelEngine.ts';
import { createRng, type Rng } from '../../../src/numeric/rng.ts';
import { standardNormal } from '../../../src/numeric/standardNormal.ts';

const two: CloningActions = { kind: 'discrete', count: 2 };

/** Pushes right the likelier the more the pole leans there. */
function leaning(slope: number) {
  const right = (o: ArrayLike<number>, at: number): number =>
    1 / (1 + Math.exp(-slope * (o[at + 2] + 0.3 * o[at + 3])));
  return {
    act(observations: Float64Array, rows: number, rng: Rng | null, out: Float64Array): void {
      for (let i = 0; i < rows; i++)
        out[i] = (rng ? rng() : 0.5) < right(observations, 4 * i) ? 1 : 0;
    },
    logLikelihood(
      observations: Float64Array,
      actions: Float64Array,
      rows: number,
      out: Float64Array,
    ): void {
      for (let i = 0; i < rows; i++) {
        const p = right(observations, 4 * i);
        out[i] = Math.log(actions[i] === 1 ? p : 1 - p);
      }
    },
  };
}

function playedBy(agent: ReturnType<typeof leaning>, count: number): Episodes {
  const [starts, draws] = [createRng(1, 'starts'), createRng(1, 'draws')];
  const world = new CartPole(80);
  const action = new Float64Array(1);
  const [seen, done]: [number[], number[]] = [[], []];
  const stepStart = [0];
  const ends: Episodes['ends'][number][] = [];
  for (let e = 0; e < count; e++) {
    world.reset(starts);
    seen.push(...world.observation);
    while (!world.terminated && !world.truncated) {
      agent.act(world.observation, 1, draws, action);
      world.step(action[0]);
      done.push(action[0]);
      seen.push(...world.observation);
    }
    stepStart.push(done.length);
    ends.push(world.terminated ? 'terminated' : 'truncated');
  }
  return {
    layout: {
      observations: { kind: 'box', names: ['x', 'v', 'angle', 'spin'] },
      actions: { kind: 'discrete' },
      hasRewards: false,
    },
    count,
    names: ends.map((_, e) => `e${e}`),
    stepStart: Int32Array.from(stepStart),
    observationStart: Int32Array.from(stepStart, (first, e) => first + e),
    observationWidth: 4,
    observations: Float64Array.from(seen),
    actionWidth: 1,
    actions: Float64Array.from(done),
    rewards: null,
    ends,
  };
}

describe('compareImitators', () => {
  const who = leaning(30);
  const demonstrations = playedBy(who, 40);
  const rows = cloningRows(demonstrations, two);
  const problem: SimulatedProblem = {
    createSimulator: () => new CartPole(80),
    demonstrations,
    features: stepFeatures({
      alive: () => 1,
      'angle²': (seen) => (seen[2] / 0.21) ** 2,
    }),
    discount: 0.97,
    temperature: 1,
    stateOf: (observation) => observation,
  };
  const starts = new Array<null>(50).fill(null);
  const imitators = [
    imitatorOf('who acted', who, two),
    imitatorOf('careless', leaning(2), two),
    imitatorOf('chance', leaning(0), two),
  ];
  const table = compareImitators(imitators, rows, { problem, episodes: 120, starts });

  test('who acted is likeliest, calibrated, matched, and comes to the most', () => {
    const [self, careless, chance] = table;
    expect(self.ahead).toBeNull();
    expect(self.reasons.ahead).toContain('compared with it');
    for (const other of [careless, chance]) {
      expect(other.ahead!.high).toBeLessThan(0);
      expect(other.returns!.drawn.high).toBeLessThan(self.returns!.drawn.low);
    }
    expect(chance.scores.perDecision).toBeCloseTo(Math.log(0.5), 12);
    expect(chance.ahead!.value + self.scores.perTrajectory!.value).toBeCloseTo(Math.log(0.5), 12);
    // about 2,500 decisions in ten bins
    expect(self.scores.calibration!.error).toBeLessThan(0.04);
    expect(careless.scores.calibration!.error).toBeGreaterThan(0.1);
    // what was demonstrated is itself one draw of 40 episodes, as noisy as a third of the others
    for (const { gap, error } of self.gaps!)
      expect(Math.abs(gap)).toBeLessThanOrEqual(3 * 2 * error + 1e-12);
    expect(chance.gaps![0].gap).toBeGreaterThan(0.2);
  });

  test('says what is not known and why', () => {
    const [alone] = compareImitators(imitators.slice(0, 1), cloningRows(demonstrations, two, [3]), {
      problem: { ...problem, which: [3] },
      episodes: 4,
      starts: null,
    });
    expect(alone.returns).toBeNull();
    expect(alone.scores.perTrajectory).toBeNull();
    expect(alone.gaps).toHaveLength(2);
    const [none] = compareImitators(imitators, rows, null);
    expect(none.gaps).toBeNull();
    expect(Object.keys(none.reasons).sort()).toEqual(['ahead', 'gaps', 'returns']);
  });

  test('refuses nobody, and two of one name', () => {
    expect(() => compareImitators([], rows, null)).toThrow('got none');
    expect(() => compareImitators([imitators[0], imitators[0]], rows, null)).toThrow(
      'two imitators are named "who acted"',
    );
  });
});

/** Decisions of a normal action about 0.5 x, in a box. */
function normals(count: number, seed: number): CloningRows {
  const rng = createRng(seed, 'normals');
  const observations = Float64Array.from({ length: count }, () => 2 * rng() - 1);
  return {
    count,
    observationSize: 1,
    observations,
    actions: { kind: 'continuous', size: 1, box: { low: [-2], high: [4] } },
    taken: observations.map((x) => 1 + 0.5 * x + 0.2 * standardNormal(rng)),
    trajectories: ['a', 'b'],
    trajectory: Int32Array.from({ length: count }, (_, i) => i % 2),
    step: Int32Array.from({ length: count }, (_, i) => Math.floor(i / 2)),
  };
}

describe('imitationScores', () => {
  test('ranks among draws tell what distribution functions do', () => {
    const engine = kernelEngine('kernels', 64);
    const steps = cloneBehavior(engine, normals(800, 1), { hidden: [8], maxUpdates: 800 }, 1);
    let next = steps.next();
    while (!next.done) next = steps.next();
    const clone = imitatorOfClone('clone', new ClonedPolicy(engine, next.value.policy));
    const { below: _, ...drawing } = clone;
    const others = normals(600, 2);
    const [known] = imitationScores(clone, others).coverage!;
    const [drawn] = imitationScores(drawing, others).coverage!;
    // ranks among 200 are known to about 0.035
    expect(Math.abs(known.half - drawn.half)).toBeLessThan(0.04);
    expect(Math.abs(known.nineTenths - drawn.nineTenths)).toBeLessThan(0.03);
    expect(Math.abs(known.half - 0.5)).toBeLessThan(0.08);
  });

  test('densities of an agent in [−1, 1] are told in the box', () => {
    const rows = normals(300, 3);
    const anywhere = imitatorOf(
      'anywhere',
      {
        act(_, count, rng, out) {
          for (let i = 0; i < count; i++) out[i] = rng ? 2 * rng() - 1 : 0;
        },
        logLikelihood: (_o, _a, count, out) => out.fill(Math.log(0.5), 0, count),
      },
      rows.actions,
    );
    const scores = imitationScores(anywhere, rows);
    expect(scores.perDecision).toBeCloseTo(Math.log(1 / 6), 12);
    expect(scores.accuracy).toBeNull();
    const middle = new Float64Array(1);
    anywhere.policy.act(Float64Array.of(0), 1, null, middle);
    expect(middle[0]).toBe(1);
    // actions near 1 are all in the middle half of [−2, 4]
    expect(scores.coverage![0].half).toBeGreaterThan(0.97);
    const flat: CloningRows = {
      ...rows,
      taken: rows.taken.map((_, i) => -2 + (6 * (i + 0.5)) / 300),
    };
    const [even] = imitationScores(anywhere, flat).coverage!;
    expect(Math.abs(even.half - 0.5)).toBeLessThan(0.05);
    expect(even.distance).toBeLessThan(0.06);
    const open: CloningActions = { kind: 'continuous', size: 1, box: null };
    expect(() => imitatorOf('x', anywhere.policy, open)).toThrow('the actions have none');
  });
});
