import { expect, test } from 'vitest';
import { packCheckpoint, unpackCheckpoint } from '../../src/networks/packedCheckpoint.ts';

const checkpoint = {
  kind: 'walk',
  state: { round: 3, name: 'ä' },
  arrays: {
    float32: Float32Array.of(1 / 3, Number.NEGATIVE_INFINITY, -0),
    float64: Float64Array.of(Math.PI, Number.MIN_VALUE),
    int32: Int32Array.of(-5),
    uint8: Uint8Array.of(255, 0, 7),
    part: new Float64Array([1, 2, 3]).subarray(1, 2),
    none: new Float32Array(0),
  },
};

test('packCheckpoint is plain JSON that comes back to the last bit', () => {
  const text = JSON.stringify(packCheckpoint(checkpoint));
  expect(unpackCheckpoint(JSON.parse(text), 'walk')).toEqual(checkpoint);
});

test('unpackCheckpoint refuses another kind, and what is no checkpoint', () => {
  const packed = packCheckpoint(checkpoint);
  expect(() => unpackCheckpoint(packed, 'run')).toThrow(/is of "walk", wanted "run"/);
  expect(() => unpackCheckpoint({ kind: 'walk' }, 'walk')).toThrow(/no checkpoint/);
  const arrays = { x: { type: 'float64', bytes: 'AAAA' } };
  expect(() => unpackCheckpoint({ ...packed, arrays }, 'walk')).toThrow(/"x" has 3 bytes/);
});
