/** A fit with a network that was interrupted anywhere ends with the bits of one that was not. */

import { expect, test } from 'vitest';
import {
  type Algorithm,
  type Fit,
  type FitOptions,
  finish,
} from '../../../src/algorithms/algorithm.ts';
import { causalEntropyNetwork } from '../../../src/algorithms/network/causalEntropyNetwork.ts';
import { cloningNetwork } from '../../../src/algorithms/network/cloningNetwork.ts';
import type { Problem } from '../../../src/algorithms/problem.ts';
import { createRng } from '../../../src/numeric/rng.ts';
import type { Checkpoint } from '../../../src/optimizers/minimizer.ts';
import { bentRoads } from '../../support/bentRoads.ts';
import { gridProblem } from '../../support/gridProblem.ts';

const short = { hidden: [5], maxIterations: 24, patience: 7 };
const inBatches = { ...short, goalsPerStep: 2, rate: 0.03 };
const toTheEnd = { heldOut: 0, maxIterations: 13 };
const { problem: roads } = bentRoads(4, 9, 80);

const discounted = gridProblem({ kind: 'discounted', discount: 0.95 }, 30);
const finite = gridProblem({ kind: 'finite', horizon: 8, discount: 1 }, 30);
const slippery = gridProblem({ kind: 'undiscounted' }, 30);

const cases: [string, Algorithm, Problem, FitOptions['network']][] = [
  ['discounted', causalEntropyNetwork, discounted, short],
  ['discounted, to the end', causalEntropyNetwork, discounted, { ...short, ...toTheEnd }],
  ['finite horizon', causalEntropyNetwork, finite, { ...short, ...toTheEnd }],
  ['goals, slippery', causalEntropyNetwork, slippery, { ...short, ...toTheEnd }],
  [
    'goals one at a time, slippery',
    causalEntropyNetwork,
    slippery,
    { ...inBatches, ...toTheEnd, goalsPerStep: 1 },
  ],
  ['roads', causalEntropyNetwork, roads, short],
  ['roads, goals in batches', causalEntropyNetwork, roads, inBatches],
  [
    'roads, goals in batches to the end',
    causalEntropyNetwork,
    roads,
    { ...inBatches, ...toTheEnd },
  ],
  ['choices', cloningNetwork, roads, short],
];

/** What must be the same; functions are told apart by what they are. */
function told(fit: Fit): unknown {
  const { predict, predictChoices, behaviorIn, ...rest } = fit;
  return rest;
}

test.each(cases)('%s', (name, algorithm, problem, network) => {
  const options: FitOptions = { seed: 4, ...(network ? { network } : {}) };
  const checkpoints: Checkpoint[] = [];
  const whole = finish(algorithm.fit(problem, options), ({ checkpoint }) => {
    checkpoints.push(JSON.parse(JSON.stringify(checkpoint)));
  });
  expect((whole.details.network as { iterations: number | null }).iterations).not.toBe(0);
  const moment = createRng(name, 'moment');
  for (let trial = 0; trial < 2; trial++) {
    const resume = checkpoints[Math.floor(moment() * checkpoints.length)];
    const again = finish(algorithm.fit(problem, { ...options, resume }));
    expect(told(again)).toEqual(told(whole));
    // interrupted a second time, after it was gone on with
    const steps = algorithm.fit(problem, { ...options, resume });
    let latest: Checkpoint = resume;
    for (let i = Math.floor(moment() * 12); i >= 0; i--) {
      const next = steps.next();
      if (next.done) break;
      latest = JSON.parse(JSON.stringify(next.value.checkpoint));
    }
    const twice = finish(algorithm.fit(problem, { ...options, resume: latest }));
    expect(told(twice)).toEqual(told(whole));
  }
});

test('what is no checkpoint of it is refused', () => {
  const go = (network: unknown) =>
    finish(causalEntropyNetwork.fit(roads, { network: short, resume: { network } }));
  expect(() => go({ part: 'elsewhere' })).toThrow(/part/);
});
