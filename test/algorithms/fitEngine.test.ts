/** Networks of fits run where they are told to, and say where. */

import { afterEach, expect, test, vi } from 'vitest';
import {
  type Algorithm,
  type Fit,
  type FitOptions,
  finish,
} from '../../src/algorithms/algorithm.ts';
import { fitEngine } from '../../src/algorithms/fitEngine.ts';
import { algorithms } from '../../src/algorithms/registry.ts';
import { gridProblem } from '../support/gridProblem.ts';

afterEach(() => vi.unstubAllEnvs());

const problem = gridProblem({ kind: 'finite', horizon: 4, discount: 1 }, 10);
const network = { hidden: [4], maxIterations: 3 };
const sampling = { planner: 'network', rounds: 1, learningSteps: 20, rollouts: 40 } as const;

const cases: [keyof typeof algorithms, FitOptions][] = [
  ['causal-entropy-network', { network }],
  ['behavior-cloning-network', { network }],
  ['causal-entropy-simulator', { sampling }],
];

function toldEngine({ details }: Fit): unknown {
  const told = (details.network ?? details.sampling) as { readonly engine?: string };
  return told.engine;
}

async function fitted(algorithm: Algorithm, options: FitOptions, backend: string): Promise<Fit> {
  vi.stubEnv('REVEALED_BACKEND', backend);
  const engine = await fitEngine(algorithm, options);
  expect(engine?.name).toBe(backend);
  return finish(algorithm.fit(problem, { ...options, ...(engine ? { engine } : {}) }));
}

test.each(cases)('fitEngine opens what %s is told to run on', async (name, options) => {
  const algorithm = await algorithms[name]();
  const plain = await fitted(algorithm, options, 'plain');
  const wasm = await fitted(algorithm, options, 'wasm');
  expect([plain, wasm].map(toldEngine)).toEqual(['plain', 'wasm']);
  // single precision, added up in another order
  plain.parameters.forEach(({ estimate }, k) => {
    expect(Math.abs(wasm.parameters[k].estimate - estimate)).toBeLessThan(0.02);
  });
  vi.stubEnv('REVEALED_BACKEND', 'plain');
  expect(toldEngine(finish(algorithm.fit(problem, options)))).toBe('plain');
  vi.stubEnv('REVEALED_BACKEND', 'wasm');
  expect(() => finish(algorithm.fit(problem, options))).toThrow(
    'Cannot run networks on "wasm" at once: it has to be loaded first; give the engine that openEngine opens',
  );
});

test('fitEngine opens none for fits without a network', async () => {
  expect(await fitEngine(await algorithms['causal-entropy'](), {})).toBeNull();
  expect(await fitEngine(await algorithms['causal-entropy-simulator'](), {})).toBeNull();
});
