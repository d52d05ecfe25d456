/**
 * The referee is an independent program: the same model on the same 10,000 training trips of fold 0,
 * maximised with scipy.
 */

import { expect, test } from 'vitest';
import { routeMatch } from '../../src/evaluation/comparison/routeMatch.ts';
import type { ResultFile } from '../../src/evaluation/resultFile.ts';
import { loadStudy } from '../../src/study/loadStudy.ts';
import { runStudy } from '../../src/study/run/runStudy.ts';
import type { Study } from '../../src/study/study.ts';
import { hasSharedData } from '../support/sharedData.ts';

const REFERENCE = {
  length: -0.310236,
  'left turn': -0.944859,
  'right turn': -0.992874,
  'U-turn': -1.736876,
  'link constant': -0.305386,
};

/** The shipped study, of one fold only. */
async function oneFold(): Promise<Study> {
  const { study } = await loadStudy('shanghai');
  if (study.cells || !study.splits) throw new Error('it has no splits');
  const { splits } = study;
  return {
    ...study,
    splits: async (data) => {
      const all = await splits(data);
      expect(all.splits).toHaveLength(5);
      return { ...all, splits: all.splits.slice(0, 1) };
    },
  };
}

function comparisonOf(result: ResultFile) {
  if (!('cells' in result) || !result.comparison) throw new Error('nothing is compared');
  return { cell: result.cells[0], comparison: result.comparison };
}

test.skipIf(!hasSharedData('shanghai_taxi'))(
  'shanghai finds the reward that an independent program found on fold 0, and predicts with it',
  { timeout: 180_000 },
  async () => {
    const { result, runs } = await runStudy(await oneFold());
    const { cell, comparison } = comparisonOf(result);
    const { data, methods } = cell;
    expect(cell.name).toBe('fold 0');
    expect(data).toMatchObject({
      trajectories: 10_000,
      decisions: 184_821,
      states: 714,
      goals: 608,
      cutOff: 0,
      empty: 0,
    });
    for (const { stop, heldOut, unidentified } of Object.values(methods)) {
      expect(stop).toBe('converged');
      expect(unidentified).toBeUndefined();
      expect(heldOut).toMatchObject({ trajectories: 4_893, decisions: 91_112 });
    }
    const fit = methods['causal-entropy'];
    const estimates = Object.fromEntries(fit.parameters.map((p) => [p.name, p.estimate]));
    expect(Object.keys(estimates)).toEqual(Object.keys(REFERENCE));
    expect(fit.features).toEqual(Object.keys(REFERENCE));
    // The reference is known to six and seven decimals.
    for (const [name, value] of Object.entries(REFERENCE))
      expect(Math.abs((estimates[name] ?? Number.NaN) - value)).toBeLessThan(1e-6);
    const perTrip = (fit.logLikelihood ?? Number.NaN) / data.trajectories;
    expect(Math.abs(perTrip - -4.8358026)).toBeLessThan(1e-7);

    // What sees more fits better, and what was held out says who predicts better.
    const heldOut = (name: string) => comparison.methods[name].perTrajectory ?? Number.NaN;
    expect(methods['causal-entropy with road classes'].logLikelihood).toBeGreaterThan(
      fit.logLikelihood ?? Number.NaN,
    );
    const order = [
      'behavior-cloning-features',
      'behavior-cloning-features with road classes',
      'behavior-cloning',
      'behavior-cloning-per-goal',
      'causal-entropy',
      'causal-entropy with road classes',
    ];
    expect([...order].sort((a, b) => heldOut(a) - heldOut(b))).toEqual(order);
    for (const name of order) expect(result.meaning).toContain(heldOut(name).toFixed(3));
    const metres = Math.round(
      (100 * (estimates['left turn'] ?? Number.NaN)) / (estimates.length ?? Number.NaN),
    );
    expect(result.meaning).toContain(`as much as ${metres} metres`);

    // Whole routes, matched once more here: the reward finds more of them than the shortest way does.
    const run = runs.get('fold 0');
    const heldOutTrips = run?.prepared.heldOut;
    if (!heldOutTrips) throw new Error('nothing is held out');
    const { world, goals, features } = run.prepared.problem;
    const match = (reward: Float64Array) => routeMatch(world.mdp, goals, heldOutTrips, reward);
    const lengths = Float64Array.from(
      { length: world.mdp.pairCount },
      (_, pair) => -features.values[pair * features.names.length],
    );
    const [shortest, seen, classes] = [
      lengths,
      run.arrays['causal-entropy'].reward,
      run.arrays['causal-entropy with road classes'].reward,
    ].map(match);
    expect([shortest, seen, classes].map((m) => m.trajectories)).toEqual([4_893, 4_893, 4_893]);
    expect(comparison.shortest?.by).toBe('length');
    for (const [{ exact, editDistance, nearest }, told] of [
      [shortest, comparison.shortest?.routes],
      [seen, comparison.methods['causal-entropy'].routes],
      [classes, comparison.methods['causal-entropy with road classes'].routes],
    ] as const) {
      expect(told?.predictions).toBe(4_893);
      expect(told?.exact).toBeCloseTo(exact ?? Number.NaN, 12);
      expect(told?.editDistance).toBeCloseTo(editDistance ?? Number.NaN, 12);
      expect(told?.nearest.editDistance).toBeCloseTo(nearest.editDistance ?? Number.NaN, 12);
      expect(result.meaning).toContain(`${(100 * (exact ?? Number.NaN)).toFixed(1)} % (`);
    }
    for (const score of [
      (m: typeof shortest) => m.exact,
      (m: typeof shortest) => 1 - (m.editDistance ?? Number.NaN),
    ]) {
      expect(score(seen)).toBeGreaterThan(score(shortest) ?? Number.NaN);
      expect(score(classes)).toBeGreaterThan(score(seen) ?? Number.NaN);
    }
  },
);
