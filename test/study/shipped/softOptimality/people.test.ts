/** The questions of `soft-optimality` about people: they can go either way, and the models are exact. */

import { describe, expect, test, vi } from 'vitest';
import {
  busChoices,
  optimalThresholds,
} from '../../../../datasets/synthetic/softOptimality/busChoices.ts';
import {
  predictRoutes,
  routeChoices,
} from '../../../../datasets/synthetic/softOptimality/routeChoices.ts';
import {
  likeliestReward,
  type TriedReward,
} from '../../../../datasets/synthetic/softOptimality/slipModels.ts';
import type { Problem } from '../../../../src/algorithms/problem.ts';
import { busEngine } from '../../../../src/demonstrations/recorded/busEngine.ts';
import { replacementPair, replacementWorld } from '../../../../src/environments/replacement.ts';
import { roadGrid } from '../../../../src/environments/roadGrid.ts';
import { simulateTrajectories } from '../../../../src/evaluation/prediction/simulateTrajectories.ts';
import { tabulateFeatures } from '../../../../src/features/tabulateFeatures.ts';
import type { Goal } from '../../../../src/mdp/goal.ts';
import type { Trajectories } from '../../../../src/mdp/trajectories.ts';
import { createRng } from '../../../../src/numeric/rng.ts';
import { mostLikelyRoutes } from '../../../../src/planning/mostLikelyRoutes.ts';
import { valueIteration } from '../../../../src/planning/valueIteration.ts';
import { rewardAt } from '../../../../src/rewards/linearReward.ts';
import { answerTo, columnOf } from '../../../support/askQuestion.ts';

describe('likeliestReward', () => {
  const tried = (hits: readonly (readonly number[])[]): TriedReward<number>[] =>
    hits.map((hit, reward) => ({
      reward,
      counts: {
        options: new Int32Array(hit.length).fill(2),
        optimal: new Int32Array(hit.length).fill(1),
        hit: Uint8Array.from(hit),
      },
    }));

  test('is the one with the most hits, where options are equally many', () => {
    const of = tried([
      [1, 0, 0, 1],
      [1, 1, 0, 1],
      [0, 1, 0, 1],
    ]);
    const best = likeliestReward(of);
    expect(best.reward).toBe(1);
    expect(best.epsilon).toBeCloseTo(0.5, 14);
    expect(best.logLikelihood).toBeCloseTo(3 * Math.log(0.75) + Math.log(0.25), 12);
    expect(best.log(2)).toBeCloseTo(Math.log(0.25), 14);
    // one hit of two is no better than chance, and no hit no worse: all are equal
    expect(likeliestReward(of, (d) => d % 2 === 0)).toMatchObject({ reward: 1, epsilon: 1 });
  });

  test('of equally likely ones is the middle', () => {
    const same = [1, 0, 1];
    expect(likeliestReward(tried([same, same, same, same, same])).reward).toBe(2);
  });
});

describe('people-buses', () => {
  test('all optimal policies are found: every threshold from the first bin to never', () => {
    const world = replacementWorld({ bins: 12, increments: [0.4, 0.6] });
    const features = tabulateFeatures(world, {
      'replacement cost': (_bin, action) => (action === 'replace' ? -1 : 0),
      'mileage cost': (bin, action) => (action === 'keep' ? -0.001 * Number(bin) : 0),
    });
    const problem = { world, features } as Problem;
    const thresholds = optimalThresholds(problem);
    expect(thresholds.map(({ bin }) => bin)).toEqual(
      Array.from({ length: thresholds.length }, (_, i) => i + 1),
    );
    expect(thresholds.at(-1)?.bin).toBe(12);
    // by value iteration, whose policy at a discount this near 1 takes a while to settle
    for (const { bin, ratio } of thresholds.filter((_, i) => i % 4 === 1)) {
      const reward = rewardAt(problem, Float64Array.of(ratio, 1));
      const { greedy } = valueIteration(world.mdp, reward, { discount: 0.9999, tolerance: 1e-9 });
      const replaced = [...greedy].map((pair, b) => pair === replacementPair(b, true));
      expect(replaced).toEqual(replaced.map((_, b) => b >= bin));
    }
  });

  test('ε-optimal choice that never replaces is one share for all months, in closed form', async () => {
    const answer = await answerTo(busChoices, 1);
    const { trajectories } = await busEngine({ groups: [4], bins: 90 });
    const months = trajectories.pair.length;
    const replaced = trajectories.pair.filter((pair) => pair % 2 === 1).length;
    const share = replaced / months;
    const best = share * Math.log(share) + (1 - share) * Math.log(1 - share);
    const perDecision = columnOf(answer.tables[0], 'per decision');
    expect(perDecision.at(-1)).toBeCloseTo(best, 12);
    // held out is worse than in sample, and soft choice held out is near Rust's −163.6 / 4292
    expect(perDecision[1]).toBeLessThan(best);
    expect(perDecision[0]).toBeGreaterThan(-0.0395);
    expect(perDecision[0]).toBeLessThan(-0.0381);
    expect(perDecision[2]).toBeCloseTo(-Math.LN2, 12);
    expect(perDecision[3]).toBeCloseTo(perDecision[0] - perDecision[1], 12);
    expect(answer.findings[0].holds).toBe(true);
  });
});

describe('people-routes', () => {
  const THETA = Float64Array.of(-3, -0.8, -0.7, -4);

  /** Trips across a grid of roads to three places, as somebody chooses. */
  function tripsOf(simulate: (problem: Problem) => Trajectories): Problem {
    const { world, features } = roadGrid({ size: 5 }, createRng(1, 'roads'));
    const { stateCount } = world.mdp;
    const goals = [3, 20, 41].map(
      (state): Goal => ({
        name: `${state}`,
        absorbing: true,
        stopState: Int32Array.of(state),
        stopReward: Float64Array.of(0),
      }),
    );
    const rng = createRng(2, 'trips');
    const count = 240;
    const goal = Int32Array.from({ length: count }, (_, i) => i % goals.length);
    const start = goal.map((g) => {
      for (;;) {
        const s = Math.floor(rng() * stateCount);
        if (s !== goals[g].stopState[0]) return s;
      }
    });
    const problem: Problem = {
      world,
      features,
      goals,
      // every trip is one to be drawn: its start, and the goal that it reached
      trajectories: {
        count,
        rowStart: Int32Array.from({ length: count + 1 }, (_, i) => 2 * i),
        state: Int32Array.from({ length: 2 * count }, (_, row) =>
          row % 2 === 0 ? start[row / 2] : goals[goal[(row - 1) / 2]].stopState[0],
        ),
        pair: Int32Array.from({ length: 2 * count }, (_, row) =>
          row % 2 === 0 ? world.mdp.pairStart[start[row / 2]] : -1,
        ),
        goal,
        weight: new Float64Array(count).fill(1),
        stopped: new Uint8Array(count),
        names: Array.from({ length: count }, (_, i) => `${i}`),
        folds: null,
      },
      time: { kind: 'undiscounted' },
      initial: null,
      temperature: 1,
    };
    return { ...problem, trajectories: simulate(problem) };
  }

  const slipping =
    (epsilon: number) =>
    ({ world, features, goals, trajectories }: Problem): Trajectories => {
      const { mdp } = world;
      const reward = rewardAt({ world, features }, THETA);
      const routes = goals.map((goal) => mostLikelyRoutes(mdp, goal, reward));
      const rng = createRng(3, 'slips');
      const rowStart = [0];
      const state: number[] = [];
      const pair: number[] = [];
      trajectories.goal.forEach((g, i) => {
        let s = trajectories.state[trajectories.rowStart[i]];
        while (s !== goals[g].stopState[0]) {
          const [first, end] = [mdp.pairStart[s], mdp.pairStart[s + 1]];
          const taken =
            rng() < epsilon ? first + Math.floor(rng() * (end - first)) : routes[g].pair[s];
          state.push(s);
          pair.push(taken);
          s = mdp.nextState[taken];
        }
        state.push(s);
        pair.push(-1);
        rowStart.push(state.length);
      });
      return {
        ...trajectories,
        rowStart: Int32Array.from(rowStart),
        state: Int32Array.from(state),
        pair: Int32Array.from(pair),
      };
    };

  const asked = (problem: Problem) =>
    answerTo({
      name: 'people-routes',
      title: 'Routes',
      ask: (seed) => predictRoutes(problem, { folds: 2, drawn: 30, proposals: 10 }, seed),
    });

  test('finds for soft choice where trips are of soft choice', async () => {
    const problem = tripsOf(
      (prior) => simulateTrajectories(prior, THETA, createRng(4, 'soft')).trajectories,
    );
    const answer = await asked(problem);
    expect(answer.findings[0].holds).toBe(true);
    const [fitted] = columnOf(answer.tables[1], 'weight of a minute, soft');
    expect(fitted).toBeGreaterThan(2.3);
    expect(fitted).toBeLessThan(3.7);
  });

  test('finds for slips where trips are of slips, and how many they are', async () => {
    const answer = await asked(tripsOf(slipping(0.2)));
    expect(answer.findings[0].holds).toBe(false);
    const [soft, slips] = columnOf(answer.tables[0], 'per decision');
    expect(slips).toBeGreaterThan(soft);
    for (const epsilon of columnOf(answer.tables[1], 'ε')) {
      expect(epsilon).toBeGreaterThan(0.15);
      expect(epsilon).toBeLessThan(0.27);
    }
  });

  test('says so where the trips are not here', async () => {
    vi.stubEnv('REVEALED_DATA', '');
    const answer = await answerTo(routeChoices);
    vi.unstubAllEnvs();
    expect(answer.sentence).toContain('not here');
    expect(answer.tables[0].note).toContain('REVEALED_DATA');
    expect(answer.findings).toEqual([]);
  });
});
