import { expect, test } from 'vitest';
import { factorize } from '../../src/numeric/sparseLu.ts';
import { createGoalMatrices } from '../../src/planning/goalMatrices.ts';
import { fillMoveWeights } from '../../src/planning/moveWeights.ts';
import { layOutRoutes } from '../../src/planning/routeLayout.ts';
import { logResidual } from '../../src/planning/routeResidual.ts';
import { createRouteWork } from '../../src/planning/routeValues.ts';
import { randomRoutes } from '../support/randomRoutes.ts';

test.each([0, 1, 2, 3, 4])(
  'logResidual is round-off, and sees a wrong factor (seed %i)',
  (seed) => {
    const { mdp, goals, moments, temperature, reward } = randomRoutes(seed);
    const matrices = createGoalMatrices(mdp, goals, moments, temperature);
    const { moves, pattern } = matrices;
    const work = createRouteWork(layOutRoutes(matrices, goals, moments.tasks), moves.column.length);
    fillMoveWeights(moves, reward, temperature, null, work.m);
    expect(factorize(work.factors, work.m)).toBe(-1);
    moments.tasks.forEach((_, task) => {
      expect(logResidual(work, task)).toBeLessThan(1e-13);
    });
    work.factors.inversePivot[pattern.size - 1] *= 1 + 1e-6;
    const residuals = moments.tasks.map((_, task) => logResidual(work, task));
    expect(Math.max(...residuals)).toBeGreaterThan(1e-8);
  },
);
