/** The search of features finds those that behaviour was simulated from, and says what it may. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { splitsByFold } from '../../../src/demonstrations/splits.ts';
import { slipGrid } from '../../../src/environments/gridworld.ts';
import { SearchResult } from '../../../src/evaluation/comparison/searchResult.ts';
import { summarizeSearch } from '../../../src/evaluation/comparison/searchSummary.ts';
import type { Trajectories } from '../../../src/mdp/trajectories.ts';
import { runStudy } from '../../../src/study/run/runStudy.ts';
import { runSearch, type SearchSettings } from '../../../src/study/search/runSearch.ts';
import type { Study } from '../../../src/study/study.ts';
import { temporaryFolder } from '../../support/commandLine.ts';
import { seededRandom } from '../../support/seededRandom.ts';
import { simulateClasses } from '../../support/simulateClasses.ts';

const NAMES = ['dust', 'warmth', 'echo', 'noise', 'slope'];
const TRUTH = [0, 0.8, 0, -0.6, 0];

/** People who like warmth and mind noise, on a grid that has more to look at; four folds. */
function walks(): Study & { readonly cells?: undefined } {
  const world = slipGrid({ size: 5, slip: 0.2 });
  const { mdp } = world;
  const random = seededRandom(8);
  const features = {
    names: NAMES,
    per: 'state',
    values: Float64Array.from({ length: mdp.stateCount * NAMES.length }, random.normal),
  } as const;
  const { trajectories } = simulateClasses(
    { mdp, features, goals: [], discount: 0.9, count: 160, patience: 12, folds: 4 },
    { theta: [TRUTH], share: [1] },
    random,
  );
  return {
    name: 'walks',
    title: 'What do walkers mind?',
    data: () => ({ trajectories, files: [] }),
    world,
    features: () => features,
    discount: 0.9,
    splits: ({ trajectories: all }) => splitsByFold(all),
  };
}

const settings: SearchSettings = {
  method: 'causal-entropy',
  direction: 'forward',
  rule: 'sure',
  keep: [],
  seed: 0,
  resume: false,
  fingerprint: 'a',
};

describe.each(['forward', 'backward', 'both'] as const)('%s', (direction) => {
  let result: SearchResult;
  beforeAll(async () => {
    result = await runSearch(walks(), { ...settings, direction });
  });

  test('runSearch finds the features that were simulated from', () => {
    expect(result.chosen.features).toEqual(['warmth', 'noise']);
    expect(result.chosen.stop).toBe('converged');
    // What is left was tried and would not help, or would be missed.
    const tried = result.rejected.map(({ action, feature }) => `${action} ${feature}`).sort();
    const others = ['add dust', 'add echo', 'add slope'];
    const own = ['drop noise', 'drop warmth'];
    const wanted = { forward: others, backward: own, both: [...others, ...own] }[direction];
    expect(tried).toEqual(wanted);
    result.chosen.parameters.forEach(({ estimate, standardError }, k) => {
      expect(Math.abs((estimate ?? 0) - [0.8, -0.6][k])).toBeLessThan(3 * (standardError ?? 0));
    });
  });

  test('runSearch keeps to its own schema, and its summary names what was chosen', () => {
    expect(SearchResult.parse(JSON.parse(JSON.stringify(result)))).toEqual(result);
    const text = summarizeSearch(result);
    expect(text).toContain('Chosen: "warmth", "noise"');
    expect(text).toContain('too good');
    expect(text).toContain('--hold-out FOLD');
    expect(text).not.toMatch(/NaN|undefined|null/);
  });
});

test('runSearch scores a set as a comparison of methods does', async () => {
  const study = walks();
  const result = await runSearch(study, settings);
  const steps = result.path.slice(1);
  const { result: compared } = await runStudy({
    ...study,
    methods: steps.map(({ features }, i) => ({
      name: `step ${i}`,
      method: 'causal-entropy',
      features,
    })),
  });
  if (!('comparison' in compared) || !compared.comparison) throw new TypeError('wanted scores');
  const { methods, differences } = compared.comparison;
  expect(steps.length).toBe(2);
  steps.forEach(({ perDecision, perTrajectory }, i) => {
    expect(perDecision).toBeCloseTo(methods[`step ${i}`].perDecision ?? 0, 9);
    expect(perTrajectory).toBeCloseTo(methods[`step ${i}`].perTrajectory ?? 0, 8);
  });
  expect(steps[1].difference?.estimate).toBeCloseTo(differences[0].perDecision?.estimate ?? 0, 9);
});

test('runSearch without features is choosing evenly where steps lead nowhere else', async () => {
  const { path } = await runSearch(walks(), settings);
  // Reward 0 makes all five moves of every cell equally good.
  expect(path[0]).toMatchObject({ action: 'start', features: [] });
  expect(path[0].perDecision).toBeCloseTo(-Math.log(5), 6);
});

test('runSearch goes on after an interruption to the same answer, scoring nothing twice', async () => {
  const whole = await runSearch(walks(), settings);
  const out = temporaryFolder();
  let scored = 0;
  const interrupted = runSearch(walks(), {
    ...settings,
    out,
    onScore: () => {
      if (++scored === 5) throw new Error('enough');
    },
  });
  await expect(interrupted).rejects.toThrow('enough');
  const state = JSON.parse(readFileSync(join(out, 'search-state.json'), 'utf8'));
  expect(Object.keys(state.scores).length).toBe(5);
  const counts: number[] = [];
  const resumed = await runSearch(walks(), {
    ...settings,
    out,
    resume: true,
    onScore: (_, count) => {
      counts.push(count);
    },
  });
  expect(resumed).toEqual(whole);
  // The first five were there.
  expect(counts.slice(0, 5)).toEqual([5, 5, 5, 5, 5]);
  expect(() => readFileSync(join(out, 'search-state.json'))).toThrow();
  const other = { ...settings, out, resume: true };
  await expect(
    runSearch(walks(), { ...other, onScore: () => Promise.reject(new Error('stop')) }),
  ).rejects.toThrow('stop');
  await expect(runSearch(walks(), { ...other, fingerprint: 'b' })).rejects.toThrow(
    /belongs to a search with other options/,
  );
});

test('runSearch keeps the outer fold out of the search and judges with it', async () => {
  const study = walks();
  const honest = { ...settings, holdOut: '3' };
  const result = await runSearch(study, honest);
  expect(result.folds).toBe(3);
  expect(result.outer).toMatchObject({ fold: '3', trajectories: 40 });
  expect(result.outer?.chosen).toBeLessThan(0);
  expect(summarizeSearch(result)).toContain('took no part in the search');
  // Other behaviour in that fold changes its own number and nothing else.
  const { trajectories } = await study.data();
  const changed: Trajectories = {
    ...trajectories,
    pair: trajectories.pair.map((pair, row) => {
      const i = trajectories.rowStart.findLastIndex((first) => first <= row);
      return pair >= 0 && trajectories.folds?.[i] === '3' ? pair - (pair % 5) : pair;
    }),
  };
  const again = await runSearch(
    { ...study, data: () => ({ trajectories: changed, files: [] }) },
    honest,
  );
  expect({ ...again, outer: null }).toEqual({ ...result, outer: null });
  expect(again.outer?.chosen).not.toBe(result.outer?.chosen);
});

test('runSearch says so where a set has no fit, and goes on', async () => {
  const study = walks();
  const { trajectories } = await study.data();
  const taken = new Set(trajectories.pair);
  const features = typeof study.features === 'function' ? study.features : null;
  if (!features || typeof study.world === 'function') throw new TypeError('wanted features');
  const { world } = study;
  const { values } = features({ trajectories, files: [] }, world);
  const never = world.mdp.pairStart.findIndex((p) => !taken.has(p));
  const shunned = world.mdp.pairStart[never];
  const wide = new Float64Array(world.mdp.pairCount * 6);
  for (let p = 0; p < world.mdp.pairCount; p++) {
    const s = Math.floor(p / 5);
    wide.set(values.subarray(s * 5, s * 5 + 5), p * 6);
    wide[p * 6 + 5] = p === shunned ? 1 : 0;
  }
  const wider: Study = {
    ...study,
    features: () => ({ names: [...NAMES, 'shunned'], per: 'pair', values: wide }),
  };
  const forward = await runSearch(wider, settings);
  expect(forward.chosen.features).toEqual(['warmth', 'noise']);
  const found = forward.rejected.find(({ feature }) => feature === 'shunned');
  expect(found).toMatchObject({ stop: 'unbounded', perDecision: null, helps: false });
  expect(found?.reasons?.perDecision).toContain('runs away');
  // Backward starts from a set without a fit and leaves it by the only way out.
  const backward = await runSearch(wider, { ...settings, direction: 'backward' });
  expect(backward.path[0]).toMatchObject({ stop: 'unbounded', perDecision: null });
  expect(backward.path[1]).toMatchObject({ action: 'drop', feature: 'shunned' });
  expect(backward.chosen.features).toEqual(['warmth', 'noise']);
});

test('runSearch refuses names and folds that are not there', async () => {
  const run = (more: Partial<SearchSettings>) => runSearch(walks(), { ...settings, ...more });
  await expect(run({ keep: ['warmt'] })).rejects.toThrow(/did you mean "warmth"/);
  await expect(run({ holdOut: '7' })).rejects.toThrow('Cannot hold out fold "7": there are "0"');
  const { keep, ...kept } = { ...(await run({ keep: ['dust'] })), keep: 1 };
  expect(keep).toBe(1);
  expect(kept.chosen.features).toEqual(['dust', 'warmth', 'noise']);
});
