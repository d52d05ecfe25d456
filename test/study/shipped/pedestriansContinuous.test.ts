/**
 * The shipped study of people in continuous space, with few rounds: enough for the reward to beat choosing
 * at random on people who came later, and to price what it must.
 */

import { expect, test } from 'vitest';
import study from '../../../datasets/pedestrians/pedestrians-continuous.study.ts';
import { readEpisodes } from '../../../src/demonstrations/sources/episodes.ts';
import { simulatedCellsOf } from '../../../src/evaluation/simulated/simulatedResult.ts';
import { runSimulated } from '../../../src/study/simulated/runSimulated.ts';

test('pedestrians-continuous fits those who came first and foretells those who came later', {
  timeout: 120_000,
}, async () => {
  const fit = { ...study.fit, rounds: 8, updates: 80, polish: 2, compared: 20, corrections: 0 };
  const clones = 'behavior-cloning-network';
  const short = { name: clones, method: clones, fit: { maxUpdates: 300 } } as const;
  const methodsOfBoth = ['causal-entropy-simulator', short] as const;
  const { result } = await runSimulated({ ...study, fit, methods: methodsOfBoth }, 1);
  const [{ data, methods, baselines }] = simulatedCellsOf(result);
  expect(data).toMatchObject({
    trajectories: 132,
    decisions: 4656,
    heldOut: { trajectories: 132, decisions: 3924 },
    files: [{ name: 'tracks.csv' }],
  });
  expect(data.warnings?.[0]).toMatch(/^164 of 428 people are left out/);
  // nothing is said of recorded steps that lead elsewhere in this world
  expect(data.warnings?.join()).not.toMatch(/goes elsewhere/);
  expect(baselines.random).toBeNull();
  const { 'causal-entropy-simulator': fitted, 'behavior-cloning-network': clone } = methods;
  expect(fitted.parameters.map(({ name }) => name)).toEqual(Object.keys(study.features));
  for (const { name, estimate } of fitted.parameters)
    if (name !== 'alive') expect(estimate, name).toBeLessThan(0);
  for (const { heldOut, returns } of [fitted, clone]) {
    expect(returns).toBeNull();
    // better than any acceleration of the box being as likely as any other
    expect(heldOut?.logLikelihood).toBeGreaterThan(-3924 * Math.log(8 * 8));
  }
});

test('pedestrians-continuous knows how fast those are who are fitted to', async () => {
  const given = await study.demonstrations();
  if (!('read' in given)) throw new Error('it is no file');
  const { observationStart, observations } = await readEpisodes(given);
  let [sum, count] = [0, 0];
  for (let e = 0; e < 132; e++)
    for (let i = observationStart[e] + 1; i < observationStart[e + 1]; i++, count++)
      sum += Math.hypot(observations[4 * i + 2], observations[4 * i + 3]);
  const usual = Math.round((100 * sum) / count) / 100;
  const at = (speed: number) => study.features['pace²']([], [], [0, 0, speed, 0]);
  expect(at(usual)).toBeCloseTo(0, 12);
  expect(at(usual + 0.5)).toBeCloseTo(0.25, 12);
});
