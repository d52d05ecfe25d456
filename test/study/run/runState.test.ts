import { expect, test } from 'vitest';
import type { MethodState } from '../../../src/study/run/runExperiment.ts';
import { readState, writeState } from '../../../src/study/run/runState.ts';
import { runStudy } from '../../../src/study/run/runStudy.ts';
import { temporaryFolder } from '../../support/commandLine.ts';
import { gridProblem } from '../../support/gridProblem.ts';

test('a saved state gives back every bit of its arrays, infinities and empty ones included', async () => {
  const { world, features, trajectories } = gridProblem({ kind: 'discounted', discount: 0.9 }, 5);
  const data = () => ({ trajectories, files: [] });
  const experiment = { data, world, features: () => features, discount: 0.9 };
  const { result } = await runStudy({ name: 'grid', title: 'A grid', ...experiment });
  if (!('methods' in result)) throw new Error('no result of a single fit');

  const folder = temporaryFolder();
  const odd = Float64Array.of(0.1 + 0.2, Number.NEGATIVE_INFINITY, Infinity, -0, 5e-324, Math.PI);
  const state: MethodState = {
    done: result.methods['causal-entropy'],
    arrays: { odd, none: new Float64Array(0) },
  };
  writeState(folder, 'print', { cell: { 'causal-entropy': state } });
  const read = readState(folder, 'print');
  expect(read).toEqual({ cell: { 'causal-entropy': state } });
  const saved = read?.cell['causal-entropy'];
  if (!saved || !('done' in saved)) throw new Error('the fit that was done is gone');
  // Bit for bit, the order of keys included: a resumed result is the same file.
  expect(JSON.stringify(saved.done)).toBe(JSON.stringify(state.done));
  expect(() => readState(folder, 'another')).toThrow(/other options or other files/);
});
