/**
 * One number per state under a fixed horizon: the constant is open and named, the differences
 * between states are not, and have the covariances of the same model with one state held at 0.
 */

import { expect, test } from 'vitest';
import { finish } from '../../src/algorithms/algorithm.ts';
import { causalEntropy } from '../../src/algorithms/causalEntropy.ts';
import { conditionalLogit } from '../../src/algorithms/conditionalLogit.ts';
import {
  type StandardErrorKind,
  standardErrors,
} from '../../src/evaluation/inference/standardErrors.ts';
import type { FeatureMatrix } from '../../src/features/featureMatrix.ts';
import { fitTables, lines, methodOf, type TableTexts } from '../support/commandLine.ts';
import { denseFit } from '../support/denseFit.ts';
import { gridProblem } from '../support/gridProblem.ts';
import { seededRandom } from '../support/seededRandom.ts';

/** A ring of four places; more time is spent at the first. */
const PLACES = ['n', 'e', 's', 'w'];
const HORIZON = 6;
const MOVES = { on: 1, back: 3, stay: 0 } as const;

function ring(): {
  texts: TableTexts;
  rows: { trajectory: string; step: number; state: string; action: string }[];
} {
  const random = seededRandom(11);
  const rows = [];
  for (let i = 0; i < 80; i++) {
    let at = i % 4;
    for (let step = 0; step < HORIZON; step++) {
      const action = random.chance(at === 0 ? 0.6 : 0.2) ? 'stay' : random.pick(['on', 'back']);
      rows.push({ trajectory: `t${i}`, step, state: PLACES[at], action });
      at = (at + MOVES[action as keyof typeof MOVES]) % 4;
    }
  }
  const pairs = PLACES.flatMap((place, i) =>
    Object.entries(MOVES).map(([move, by]) => [place, move, PLACES[(i + by) % 4]]),
  );
  return {
    rows,
    texts: {
      transitions: lines('state,action,next_state', ...pairs.map((pair) => pair.join(','))),
      features: lines(
        `state,${PLACES.join(',')}`,
        ...PLACES.map((place) => [place, ...PLACES.map((p) => (p === place ? 1 : 0))].join(',')),
      ),
      trajectories: lines(
        'trajectory,step,state,action',
        ...rows.map(
          ({ trajectory, step, state, action }) => `${trajectory},${step},${state},${action}`,
        ),
      ),
    },
  };
}

test('the constant is named and no number is printed for any state alone', async () => {
  const outcome = await fitTables(ring().texts, '--horizon', `${HORIZON}`);
  const fit = methodOf(outcome);
  expect(outcome.code).toBe(1);
  expect(fit.stop).toBe('converged');
  expect(fit.unidentified).toHaveLength(1);
  expect(fit.unidentified?.[0].words).toMatch(
    /^a constant on every state, "n" \+ "e" \+ "s" \+ "w" being the same everywhere/,
  );
  for (const place of PLACES) expect(fit.unidentified?.[0].direction[place]).toBeCloseTo(1, 9);
  for (const { standardErrors: errors, reasons } of fit.parameters) {
    expect(errors).toBeNull();
    expect(reasons?.standardErrors).toMatch(/^not identified: a constant on every state/);
  }
  expect(fit.freeParameters).toBe(3);
  expect(outcome.stdout).toMatch(/Not identified: a constant on every state/);
  expect(outcome.stdout).not.toMatch(/s\.e\./);
});

test('differences between states are those of the dense referee with one held at 0', async () => {
  const { texts, rows } = ring();
  const outcome = await fitTables(texts, '--horizon', `${HORIZON}`);
  const referee = denseFit(
    {
      transitions: texts.transitions
        .trimEnd()
        .split('\n')
        .slice(1)
        .map((row) => row.split(','))
        .map(([state, action, nextState]) => ({ state, action, nextState })),
      features: {
        names: PLACES,
        rows: PLACES.map((state) => ({ state, values: PLACES.map((p) => (p === state ? 1 : 0)) })),
      },
      trajectories: rows,
    },
    { horizon: HORIZON, fixed: new Map([['n', 0]]) },
  );
  if (!referee?.converged) throw new Error('the referee did not arrive');
  const { parameters, logLikelihood } = methodOf(outcome);
  const estimates = parameters.map(({ estimate }) => estimate ?? Number.NaN);
  expect(logLikelihood).toBeCloseTo(referee.logLikelihood, 8);
  PLACES.forEach((_, k) => {
    expect(estimates[k] - estimates[0]).toBeCloseTo(referee.theta[k], 6);
  });
  const held = await fitTables(texts, '--horizon', `${HORIZON}`, '--fix', 'n=0');
  expect(held.code).toBe(0);
  methodOf(held).parameters.forEach(({ standardErrors: errors }, k) => {
    if (k > 0) expect(errors?.hessian).toBeCloseTo(referee.standardErrors[k], 6);
    else expect(errors).toBeNull();
  });
});

test.each([
  ['before a horizon', { kind: 'finite', horizon: 8, discount: 0.95 }],
  ['for ever', { kind: 'discounted', discount: 0.9 }],
] as const)('covariances of all contrasts are those of any state held at 0, %s', (_, time) => {
  const grid = gridProblem(time, 200);
  const { mdp, stateNames } = grid.world;
  const count = mdp.stateCount;
  const values = new Float64Array(count * count);
  for (let s = 0; s < count; s++) values[s * count + s] = 1;
  const features: FeatureMatrix = { names: stateNames, per: 'state', values };
  const problem = { ...grid, features };
  const open = finish(causalEntropy.fit(problem, {}));
  const held = finish(causalEntropy.fit(problem, { fix: { [stateNames[5]]: 0 } }));
  expect([open.stop, held.stop]).toEqual(['converged', 'converged']);
  expect(open.unidentified).toHaveLength(1);
  expect(held.unidentified).toEqual([]);
  if (!open.information || !held.information) throw new Error('nothing to infer from');
  const kinds: StandardErrorKind[] = [
    'hessian',
    'outerProduct',
    'outerProductTrajectory',
    'sandwich',
  ];
  const ofOpen = standardErrors(open.information, count).covariance;
  const ofHeld = standardErrors(held.information, count).covariance;
  for (const kind of kinds) {
    const [a, b] = [ofOpen[kind], ofHeld[kind]];
    if (typeof a === 'string' || typeof b === 'string') throw new Error(`${kind}: ${a} / ${b}`);
    const contrast = (m: Float64Array, i: number, j: number): number =>
      m[i * count + i] + m[j * count + j] - m[i * count + j] - m[j * count + i];
    for (let i = 0; i < count; i++)
      for (let j = 0; j < i; j++) {
        expect(contrast(a, i, j)).toBeGreaterThan(0);
        expect(contrast(a, i, j) / contrast(b, i, j)).toBeCloseTo(1, 5);
      }
  }
  for (let s = 0; s < count; s++)
    expect(open.parameters[s].estimate - open.parameters[5].estimate).toBeCloseTo(
      held.parameters[s].estimate,
      6,
    );
});

test('without look ahead a state has no price at all', () => {
  const grid = gridProblem({ kind: 'discounted', discount: 0 }, 20);
  const { mdp, stateNames } = grid.world;
  const values = new Float64Array(mdp.stateCount ** 2);
  for (let s = 0; s < mdp.stateCount; s++) values[s * mdp.stateCount + s] = 1;
  const problem = { ...grid, features: { names: stateNames, per: 'state', values } as const };
  for (const method of [causalEntropy, conditionalLogit]) {
    const { unidentified, freedom } = finish(method.fit(problem, {}));
    expect(unidentified).toHaveLength(mdp.stateCount);
    expect(freedom).toBe(0);
    const words = unidentified.map((open) => open.words);
    for (const text of words)
      expect(text).toMatch(/constant on every state|between the options of a choice|is 0 wherever/);
    expect(words.filter((text) => /between the options/.test(text)).length).toBeGreaterThan(0);
  }
});
