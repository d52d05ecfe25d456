import { expect, test } from 'vitest';
import { finish } from '../../src/algorithms/algorithm.ts';
import { latentClasses } from '../../src/algorithms/latentClasses.ts';
import type { Problem } from '../../src/algorithms/problem.ts';
import { roadGrid } from '../../src/environments/roadGrid.ts';
import { standardErrors } from '../../src/evaluation/inference/standardErrors.ts';
import { createRng } from '../../src/numeric/rng.ts';
import { goalState } from '../support/randomRoutes.ts';
import { seededRandom } from '../support/seededRandom.ts';
import { simulateClasses } from '../support/simulateClasses.ts';

test('probe', () => {
  const { world, features } = roadGrid({ size: 6, drop: 0 }, createRng(1, 'roads'));
  const goals = [3, 40, 77, 100].map(goalState);
  const truth = {
    theta: [
      [-2.5, -0.3, -0.4, -3],
      [-1, -1.5, -0.4, -3],
    ],
    share: [0.65, 0.35],
  };
  const random = seededRandom(5);
  const { trajectories } = simulateClasses(
    { mdp: world.mdp, features, goals, discount: 1, count: 800, patience: 200 },
    truth,
    random,
  );
  const problem: Problem = {
    world,
    features,
    goals,
    trajectories,
    time: { kind: 'undiscounted' },
    initial: null,
    temperature: 1,
  };
  const t = performance.now();
  const fit = finish(latentClasses.fit(problem, { classes: 2, restarts: 6, seed: 0 }), (p) => {
    if (process.env.V) console.log(p.iteration, p.value, p.gradientNorm);
  });
  console.log(performance.now() - t, fit.stop, fit.stopReason, fit.logLikelihood, fit.gradientNorm);
  const inf = fit.information && standardErrors(fit.information, fit.parameters.length);
  fit.parameters.forEach((p, k) => console.log(p.name, p.estimate, JSON.stringify(inf?.of(k))));
  console.log(JSON.stringify(fit.details, null, 1), fit.freedom);
  expect(1).toBe(1);
});
