import {
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  hasCheckpoint,
  loadCheckpoint,
  restoreArray,
  saveCheckpoint,
} from '../../src/networks/checkpoint.ts';
import { createRng, type RngState, restoreRng } from '../../src/numeric/rng.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'revealed-checkpoint-'));
  path = join(folder, 'last');
});
afterEach(() => rmSync(folder, { recursive: true }));

const rng = createRng(0, 'noise');
rng();
const checkpoint = {
  kind: 'walk',
  state: { step: 7, rng: rng.state() },
  arrays: {
    weights: Float32Array.of(0.1, -0, Number.MIN_VALUE, 3e38),
    value: Float64Array.of(Math.PI, -1e-300),
    actions: Int32Array.of(-1, 2 ** 31 - 1),
    ends: Uint8Array.of(0, 1, 255),
    nothing: new Float32Array(0),
  },
};

test('a checkpoint comes back bit for bit, and so does a random stream', () => {
  expect(hasCheckpoint(path)).toBe(false);
  saveCheckpoint(path, checkpoint);
  const loaded = loadCheckpoint(path, 'walk');
  expect({ ...loaded, arrays: { ...loaded.arrays } }).toEqual(checkpoint);
  const { rng: stored } = loaded.state as { rng: RngState };
  expect(restoreRng(stored)()).toBe(rng());
});

test('a checkpoint replaces the one before, and survives a cut between the two renames', () => {
  saveCheckpoint(path, checkpoint);
  saveCheckpoint(path, { ...checkpoint, state: { step: 8 } });
  expect(loadCheckpoint(path, 'walk').state).toEqual({ step: 8 });
  renameSync(path, `${path}.old`);
  expect(hasCheckpoint(path)).toBe(true);
  expect(loadCheckpoint(path, 'walk').state).toEqual({ step: 8 });
});

test('what is not a checkpoint, or another, is refused with the reason', () => {
  expect(() => loadCheckpoint(path, 'walk')).toThrow(/there is no checkpoint.json/);
  saveCheckpoint(path, checkpoint);
  expect(() => loadCheckpoint(path, 'run')).toThrow('it is of "walk", wanted "run"');
  const weights = new Float32Array(5);
  expect(() => restoreArray(loadCheckpoint(path, 'walk'), 'weights', weights)).toThrow(
    'the checkpoint has 4 numbers of "weights", wanted 5',
  );
  expect(() => restoreArray(loadCheckpoint(path, 'walk'), 'toString', weights)).toThrow(
    'the checkpoint has no "toString"',
  );
  truncateSync(join(path, 'arrays.bin'), 20);
  expect(() => loadCheckpoint(path, 'walk')).toThrow(/arrays.bin has 20 bytes, but "value" ends/);
  const manifest = readFileSync(join(path, 'checkpoint.json'), 'utf8');
  writeFileSync(join(path, 'checkpoint.json'), manifest.slice(0, 50));
  expect(() => loadCheckpoint(path, 'walk')).toThrow(/not JSON/);
  writeFileSync(join(path, 'checkpoint.json'), '{}');
  expect(() => loadCheckpoint(path, 'walk')).toThrow(/is not one/);
});
