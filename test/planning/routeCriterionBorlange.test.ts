/**
 * Route choice in Borlänge against the numbers of an independent program: scipy (`splu`) with
 * BFGS (gtol 1e-8), the model and the data of Fosgerau, Frejinger & Karlström (2013).
 */

import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { borlange } from '../../src/demonstrations/recorded/borlange.ts';
import { findDataFile } from '../../src/demonstrations/recorded/dataHome.ts';
import { likelihoodMoments } from '../../src/planning/moments.ts';
import { createRouteCriterion } from '../../src/planning/routeCriterion.ts';
import { linearReward } from '../../src/rewards/linearReward.ts';
import { solveDense } from '../support/denseLinearAlgebra.ts';

const besideProject = '../shared/datasets';
if (!process.env.REVEALED_DATA && existsSync(besideProject))
  process.env.REVEALED_DATA = besideProject;
const isHere = findDataFile('borlange', 'trips.csv') !== null;
const reason = isHere ? '' : ' (SKIPPED: set REVEALED_DATA to the folder that holds borlange/)';

test.skipIf(!isHere)(`routeCriterion reproduces Borlänge${reason}`, async () => {
  const { world, features, goals, trajectories } = await borlange();
  const time = { kind: 'undiscounted' } as const;
  const moments = likelihoodMoments(world.mdp, goals, trajectories, time);
  const criterion = createRouteCriterion(world.mdp, goals, moments, {
    temperature: 1,
    handOver: () => {
      throw new Error('nothing should be handed over');
    },
  });
  const model = linearReward(world.mdp, features);
  const theta = Float64Array.of(-2.4941209, -0.933081, -0.4111231, -4.4588232);
  const reward = new Float64Array(world.mdp.pairCount);
  const surplus = new Float64Array(world.mdp.pairCount);
  const gradient = new Float64Array(4);
  model.evaluate(theta, reward);
  expect(criterion.evaluate(reward, surplus)).toBeCloseTo(-6302.92942, 5);
  model.pullBack(theta, surplus, gradient);

  const curvature = new Float64Array(16);
  criterion.curvature(features, curvature);
  const information = Array.from({ length: 4 }, (_, i) =>
    Array.from({ length: 4 }, (_, j) => -curvature[4 * i + j]),
  );
  // The estimates have 7 decimals: Newton's step from them is smaller than that.
  const step = solveDense(
    information,
    [...gradient].map((g) => [g]),
  );
  for (const [s] of step ?? [[1]]) expect(Math.abs(s)).toBeLessThan(5.1e-8);
  const covariance = solveDense(
    information,
    information.map((_, i) => information.map((__, j) => (i === j ? 1 : 0))),
  );
  const errors = [0.06443, 0.02629, 0.01032, 0.11285];
  errors.forEach((expected, i) => {
    expect(Math.sqrt(covariance?.[i][i] ?? 0)).toBeCloseTo(expected, 5);
  });
});
