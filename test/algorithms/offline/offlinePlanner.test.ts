import { describe, expect, test } from 'vitest';
import { finish } from '../../../src/algorithms/algorithm.ts';
import { createOfflinePlanner } from '../../../src/algorithms/offline/offlinePlanner.ts';
import { parameterSpace } from '../../../src/algorithms/parameters.ts';
import { causalEntropyLog } from '../../../src/algorithms/sampled/causalEntropyLog.ts';
import { sampledLoop } from '../../../src/algorithms/sampled/sampledLoop.ts';
import type { Episodes } from '../../../src/demonstrations/sources/episodes.ts';
import { polynomialBasis } from '../../../src/learning/offline/stateBasis.ts';
import { expectClose } from '../../support/closeness.ts';
import { jacobianRows } from '../../support/differences.ts';
import { garnetProblem } from '../../support/garnetProblem.ts';
import { logOf, onLine, pushes } from '../../support/offlineProblem.ts';

const temperature = 0.7;

const settings = {
  rounds: 50,
  rollouts: 2,
  planner: 'rollouts',
  learningSteps: 1,
  precision: null,
  entropy: 'nats',
  unseen: 'error',
} as const;

describe('createOfflinePlanner', () => {
  test('with an indicator per state the loop ends where the fit on counts does', () => {
    const problem = garnetProblem({ states: 6, actions: 2, successors: 3, discount: 0.9 });
    const counted = finish(causalEntropyLog.fit(problem, { tolerance: 1e-10 }));
    expect(counted.stop).toBe('converged');
    const planner = createOfflinePlanner(logOf(problem), {
      objective: 'likelihood',
      regression: 'least-squares',
      ridge: 0,
    });
    const space = parameterSpace(problem.world.mdp, problem.features, problem.temperature, {});
    const loop = sampledLoop(planner, space, {
      settings,
      tolerance: 1e-10,
      maxRounds: 50,
      l2: 0,
      decisions: planner.decisions,
    });
    const end = finish(loop);
    expect(end.stop).toBe('converged');
    expect(end.rounds).toBeLessThan(20);
    const estimates = counted.parameters.map(({ estimate }) => estimate);
    expectClose([...end.theta], estimates, 1e-7);
    // the indicators of the log plan as it does, whatever zero of entropy is counted from
    const { ownLogLikelihood } = counted.details.log as { ownLogLikelihood: number };
    expect(end.ownLogLikelihood).toBeCloseTo(ownLogLikelihood, 7);
  });

  test('the gradient is that of the likelihood of what was chosen', () => {
    const planner = createOfflinePlanner(onLine, {
      objective: 'likelihood',
      regression: 'least-squares',
      ridge: 1e-6,
    });
    const theta = Float64Array.of(0.4, -0.8, 0.2);
    const numeric = jacobianRows((x) => {
      planner.plan(x);
      return [planner.logLikelihood() / planner.decisions];
    }, theta);
    planner.plan(theta);
    expectClose([...planner.surplus().gradient], [...numeric], 1e-7);
  });

  test.each(['likelihood', 'feature-matching'] as const)(
    'knows how fast it falls: %s',
    (objective) => {
      const planner = createOfflinePlanner(onLine, {
        objective,
        regression: 'least-squares',
        ridge: 1e-6,
      });
      const theta = Float64Array.of(0.4, -0.8, 0.2);
      const numeric = jacobianRows((x) => {
        planner.plan(x);
        return planner.surplus().gradient.map((g) => -g);
      }, theta);
      planner.plan(theta);
      expectClose([...planner.surplus().information!], [...numeric], 1e-6);
    },
  );

  test('matching compares from the first states, and goes on where episodes were cut off', () => {
    // discount 0: one step each, what was chosen against what the first states make one choose
    const planner = createOfflinePlanner(
      { ...onLine, discount: 0, basis: (log) => polynomialBasis(log, 1) },
      { objective: 'feature-matching', regression: 'least-squares', ridge: 0 },
    );
    planner.plan(Float64Array.of(0, 0, 0.3));
    const { demonstrations: shown } = onLine;
    const chance = 1 / (1 + Math.exp(-0.3 / temperature));
    let gap = 0;
    for (let e = 0; e < shown.count; e++)
      gap += (shown.actions[shown.stepStart[e]] - chance) / shown.count / temperature;
    expect(planner.surplus().gradient[2]).toBeCloseTo(gap, 10);
  });

  test('goes on from a stored state with the same bits', () => {
    const options = { objective: 'likelihood', regression: 'least-squares', ridge: 1e-6 } as const;
    const whole = createOfflinePlanner(onLine, options);
    whole.plan(Float64Array.of(0.4, -0.8, 0.2));
    const stored = JSON.parse(JSON.stringify(whole.state()));
    const other = createOfflinePlanner(onLine, { ...options, resume: stored });
    for (const planner of [whole, other]) planner.plan(Float64Array.of(0.5, -1, 0.2));
    expect(other.surplus()).toEqual(whole.surplus());
  });

  test('refuses other play of another world, and says where no fixed point is found', () => {
    const wide: Episodes = {
      ...pushes(2),
      observationWidth: 2,
      observationStart: pushes(2).observationStart.map((n) => Math.floor(n / 2)),
    };
    expect(() =>
      createOfflinePlanner(
        { ...onLine, others: wide },
        { objective: 'likelihood', regression: 'least-squares', ridge: 0 },
      ),
    ).toThrow(/observations of the demonstrations have 1 numbers, those of other play 2|no step/);
    const never: Episodes = {
      ...onLine.demonstrations,
      actions: onLine.demonstrations.actions.map(() => 0),
    };
    const { others: _, ...alone } = onLine;
    const planner = createOfflinePlanner(
      { ...alone, demonstrations: never },
      { objective: 'likelihood', regression: 'least-squares', ridge: 0 },
    );
    expect(() => planner.plan(Float64Array.of(1, 0, 0))).toThrow('has no fixed point');
  });
});
