import { describe, expect, test } from 'vitest';
import { axisBins } from '../../../src/demonstrations/discretize/axisBins.ts';
import { discretizationError } from '../../../src/demonstrations/discretize/discretizationError.ts';
import type { DiscretizerRule } from '../../../src/demonstrations/discretize/discretizer.ts';
import { gridCells } from '../../../src/demonstrations/discretize/gridCells.ts';
import { hexCells } from '../../../src/demonstrations/discretize/hexCells.ts';
import { kMeansCells } from '../../../src/demonstrations/discretize/kMeansCells.ts';
import { restoreDiscretizer } from '../../../src/demonstrations/discretize/registry.ts';
import { tileCoding } from '../../../src/demonstrations/discretize/tileCoding.ts';
import { createRng } from '../../../src/numeric/rng.ts';

/** Points of a square of side 6 around the origin, more of them to the right. */
function scattered(count: number, stream: string): Float64Array {
  const rng = createRng(1, stream);
  const points = new Float64Array(2 * count);
  for (let i = 0; i < count; i++) points.set([6 * Math.sqrt(rng()) - 3, 6 * rng() - 3], 2 * i);
  return points;
}

const training = scattered(800, 'training');
const others = scattered(400, 'others');

const rules: Readonly<Record<string, DiscretizerRule>> = {
  'grid of visited cells': gridCells({ size: [0.5, 0.75], origin: [0.1, -0.2], unit: 'm' }),
  'grid of the whole box': gridCells({ size: 0.7, states: 'box' }),
  'grid that reaches out': gridCells({ size: 0.4, reach: 1 }),
  'uniform bins': axisBins({ kind: 'uniform', bins: [7, 5], dimension: 2 }),
  'quantile bins': axisBins({ kind: 'quantile', bins: 6, dimension: 2, beyond: 'none' }),
  tiles: tileCoding({ tilings: 8, width: [2, 1.5] }),
  'k-means': kMeansCells({ cells: 25 }),
  hexagons: hexCells({ width: 0.6, origin: [0.1, 0.3] }),
};

describe.each(Object.entries(rules))('%s', (_, rule) => {
  const learned = rule.learn(training);

  test('learn gives every point that it saw a state', () => {
    expect(learned.stateCount).toBeGreaterThan(1);
    const error = discretizationError(learned, training);
    expect(error.outside).toBe(0);
    expect(error.points).toBe(800);
  });

  test('stateOf finds every state at its own centre, and names differ', () => {
    const center = new Float64Array(2);
    const names = new Set<string>();
    for (let s = 0; s < learned.stateCount; s++) {
      learned.center(s, center);
      expect(learned.stateOf(center)).toBe(s);
      names.add(learned.stateName(s));
    }
    expect(names.size).toBe(learned.stateCount);
  });

  test('restoreDiscretizer answers as the one that was saved as JSON, of points it never saw', () => {
    const restored = restoreDiscretizer(JSON.parse(JSON.stringify(learned.saved)));
    expect(restored.name).toBe(learned.name);
    expect(restored.stateCount).toBe(learned.stateCount);
    const [a, b] = [new Float64Array(2), new Float64Array(2)];
    for (let i = 0; i < others.length; i += 2) {
      const point = others.subarray(i, i + 2);
      const state = learned.stateOf(point);
      expect(restored.stateOf(point)).toBe(state);
      if (state < 0) continue;
      learned.center(state, a);
      restored.center(state, b);
      expect(b).toEqual(a);
      expect(restored.stateName(state)).toBe(learned.stateName(state));
    }
  });

  test('learn gives the same states for the same points', () => {
    expect(JSON.stringify(rule.learn(training.slice()).saved)).toBe(JSON.stringify(learned.saved));
  });

  test('learn refuses no points, half a point and a point that is not finite', () => {
    expect(() => rule.learn(new Float64Array())).toThrow(/wanted points of 2 coordinates/);
    expect(() => rule.learn(training.subarray(0, 3))).toThrow(/wanted points of 2 coordinates/);
    expect(() => rule.learn(Float64Array.of(1, 2, 3, Number.NaN))).toThrow(/NaN in point 2/);
  });

  test('stateOf puts a point that is not a number nowhere', () => {
    expect(learned.stateOf([Number.NaN, 0])).toBe(-1);
  });
});

test.each(['k-means', 'hexagons'])(
  '%s puts every point in the cell whose centre is nearest',
  (name) => {
    const learned = rules[name].learn(training);
    const center = new Float64Array(2);
    for (let i = 0; i < others.length; i += 2) {
      const [x, y] = others.subarray(i, i + 2);
      const distances = Array.from({ length: learned.stateCount }, (_, s) => {
        learned.center(s, center);
        return Math.hypot(x - center[0], y - center[1]);
      });
      const state = learned.stateOf([x, y]);
      if (state >= 0) expect(distances[state]).toBeCloseTo(Math.min(...distances), 12);
      // A hexagon that nobody visited is no state; then no centre is nearer than its own would be.
      else expect(Math.min(...distances)).toBeGreaterThan(0.3);
    }
  },
);

test('gridCells puts a point within half a width of its centre on each axis', () => {
  const learned = rules['grid of visited cells'].learn(training);
  const center = new Float64Array(2);
  for (let i = 0; i < training.length; i += 2) {
    learned.center(learned.stateOf(training.subarray(i, i + 2)), center);
    expect(Math.abs(training[i] - center[0])).toBeLessThanOrEqual(0.25 + 1e-12);
    expect(Math.abs(training[i + 1] - center[1])).toBeLessThanOrEqual(0.375 + 1e-12);
  }
});

test('discretizationError of a fine grid tends to that of points spread evenly in a cell', () => {
  const learned = gridCells({ size: 0.6 }).learn(training);
  // Variance of a uniform variable of width w is w² / 12, on each of two axes.
  expect(discretizationError(learned, training).rms).toBeCloseTo(0.6 * Math.sqrt(2 / 12), 1);
});

test('discretizationError counts what is outside, and has no distance where all is', () => {
  const learned = gridCells({ size: 1 }).learn(Float64Array.of(0.25, 0.5));
  const error = discretizationError(learned, Float64Array.of(0.5, 0.9, 0.5, 0.5, 5, 5, 9, 9));
  expect(error).toMatchObject({ points: 4, outside: 0.5, statesSeen: 1, largest: 0.4 });
  expect(error.rms).toBeCloseTo(Math.sqrt(0.08), 12);
  const none = discretizationError(learned, Float64Array.of(5, 5));
  expect(none).toMatchObject({ rms: null, largest: null, outside: 1 });
  expect(discretizationError(learned, new Float64Array()).outside).toBeNull();
});

describe('gridCells', () => {
  const corner = Float64Array.of(0.5, 0.5, 2.5, 0.5, 0.5, 1.5, 0.6, 1.6);

  test('has no state where nobody goes, one everywhere in a box, and none among obstacles', () => {
    const namesOf = (options: Parameters<typeof gridCells>[0]): string[] => {
      const learned = gridCells(options).learn(corner);
      return Array.from({ length: learned.stateCount }, (_, s) => learned.stateName(s));
    };
    expect(namesOf({ size: 1 })).toEqual(['0,0', '2,0', '0,1']);
    expect(namesOf({ size: 1, leastPoints: 2 })).toEqual(['0,1']);
    expect(namesOf({ size: 1, states: 'box' })).toEqual(['0,0', '1,0', '2,0', '0,1', '1,1', '2,1']);
    expect(namesOf({ size: 1, states: 'box', obstacles: [[1, 0]] })).toEqual([
      '0,0',
      '2,0',
      '0,1',
      '1,1',
      '2,1',
    ]);
  });

  test('takes small regions where nobody was for chance, and large ones for obstacles', () => {
    // 7 × 4 cells with a hole of one cell and one of five; corners do not join regions.
    const shut = ['1,1', '3,1', '4,1', '3,2', '4,2', '2,2'];
    const points: number[] = [];
    for (let x = 0; x < 7; x++)
      for (let y = 0; y < 4; y++) if (!shut.includes(`${x},${y}`)) points.push(x + 0.5, y + 0.5);
    const closedOf = (leastObstacle: number): string[] => {
      const learned = gridCells({ size: 1, leastObstacle }).learn(Float64Array.from(points));
      return shut.filter((cell) => {
        const [x, y] = cell.split(',').map(Number);
        return learned.stateOf([x + 0.5, y + 0.5]) < 0;
      });
    };
    expect(closedOf(1)).toEqual(shut);
    expect(closedOf(2)).toEqual(['3,1', '4,1', '3,2', '4,2', '2,2']);
    expect(closedOf(5)).toEqual(['3,1', '4,1', '3,2', '4,2', '2,2']);
    expect(closedOf(6)).toEqual([]);
  });

  test('refuses points too far from the origin to be counted in cells', () => {
    expect(() => gridCells({ size: 1e-6 }).learn(Float64Array.of(1e4, 0))).toThrow(/widths from/);
    expect(
      gridCells({ size: 1e-6 })
        .learn(Float64Array.of(0, 0))
        .stateOf([2 ** 32 / 1e6, 0]),
    ).toBe(-1);
  });

  test('puts a point in the nearest state within its reach alone', () => {
    const near = gridCells({ size: 1, reach: 1.1 }).learn(corner);
    expect(near.stateName(near.stateOf([1.4, 0.5]))).toBe('0,0');
    expect(near.stateName(near.stateOf([1.6, 0.5]))).toBe('2,0');
    expect(near.stateOf([4.5, 0.5])).toBe(-1);
  });

  test('refuses a box of more cells than any world has, and sizes for other axes', () => {
    const far = Float64Array.of(0, 0, 1e6, 1e6);
    expect(() => gridCells({ size: 1, states: 'box' }).learn(far)).toThrow(/units right/);
    expect(() => gridCells({ size: [1, 2, 3] })).toThrow(/must have 2 numbers, got 3/);
  });
});

describe('axisBins', () => {
  const skewed = Float64Array.from({ length: 1000 }, (_, i) => (i / 1000) ** 3);

  test('holds equally many points in quantile bins, and equal widths in uniform ones', () => {
    const counts = (kind: 'quantile' | 'uniform'): number[] => {
      const learned = axisBins({ kind, bins: 4 }).learn(skewed);
      const found = new Array<number>(4).fill(0);
      for (const x of skewed) found[learned.stateOf([x])]++;
      return found;
    };
    expect(counts('quantile')).toEqual([250, 250, 250, 250]);
    // x³ < k/4 of the largest value where x < (k/4)^⅓ of it: 629.3, 792.9 and 907.7 of 999.
    expect(counts('uniform')).toEqual([630, 163, 115, 92]);
  });

  test('makes one bin of equal values, and fewer where quantiles coincide', () => {
    const same = axisBins({ kind: 'uniform', bins: 3 }).learn(Float64Array.of(2, 2, 2));
    expect(same.stateCount).toBe(1);
    expect(same.stateOf([2])).toBe(0);
    const tied = axisBins({ kind: 'quantile', bins: 4 }).learn(
      Float64Array.of(0, 0, 0, 0, 1, 1, 1, 5),
    );
    expect(tied.stateCount).toBe(2);
    expect([0, 1, 5].map((x) => tied.stateOf([x]))).toEqual([0, 1, 1]);
  });

  test('puts values beyond those seen in the outermost bins, or nowhere', () => {
    const clamped = axisBins({ kind: 'quantile', bins: 4 }).learn(skewed);
    expect([clamped.stateOf([-1]), clamped.stateOf([2])]).toEqual([0, 3]);
    const strict = axisBins({ kind: 'quantile', bins: 4, beyond: 'none' }).learn(skewed);
    expect([strict.stateOf([-1]), strict.stateOf([2])]).toEqual([-1, -1]);
  });
});

describe('tileCoding', () => {
  const learned = tileCoding({ tilings: 4, width: [2, 1], origin: [0.3, 0] }).learn(training);
  const tilesAt = (point: ArrayLike<number>): string[] =>
    Array.from({ length: 4 }, (_, i) =>
      [
        Math.floor((point[0] - 0.3) / 2 + i / 4),
        Math.floor(point[1] + ((3 * i) % 4) / 4 + Math.floor((3 * i) / 4)),
      ].join(','),
    );

  test('gives every state one tile of each tiling: the one that all its points lie in', () => {
    const { names, values } = learned.features();
    expect(names).toHaveLength(learned.tileCount);
    for (let i = 0; i < training.length; i += 2) {
      const point = training.subarray(i, i + 2);
      const s = learned.stateOf(point);
      const tiles = Array.from(learned.tiles.subarray(4 * s, 4 * s + 4), (tile) => names[tile]);
      expect(tiles).toEqual(tilesAt(point).map((tile, tiling) => `tile ${tiling}: ${tile}`));
      const row = values.subarray(s * names.length, (s + 1) * names.length);
      expect(row.reduce((sum, x) => sum + x, 0)).toBe(4);
      for (const tile of learned.tiles.subarray(4 * s, 4 * s + 4)) expect(row[tile]).toBe(1);
    }
  });

  test('tells apart exactly the points that some tiling tells apart', () => {
    for (let i = 0; i + 4 <= 200; i += 2) {
      const [a, b] = [training.subarray(i, i + 2), training.subarray(i + 2, i + 4)];
      const same = tilesAt(a).join(' ') === tilesAt(b).join(' ');
      expect(learned.stateOf(a) === learned.stateOf(b)).toBe(same);
    }
  });
});

describe('kMeansCells', () => {
  test('finds the middles of clumps that lie far apart', () => {
    const rng = createRng(3, 'clumps');
    const middles = [0, 1, 2, 3].map((k) => [10 * (k % 2), 10 * Math.floor(k / 2)] as const);
    const points = Float64Array.from(
      Array.from({ length: 400 }, (_, i) => middles[i % 4].map((m) => m + rng() - 0.5)).flat(),
    );
    const learned = kMeansCells({ cells: 4 }).learn(points);
    const center = new Float64Array(2);
    const found = middles.map((middle) => learned.stateOf(middle));
    expect(new Set(found).size).toBe(4);
    middles.forEach(([x, y], k) => {
      learned.center(found[k], center);
      expect(Math.hypot(center[0] - x, center[1] - y)).toBeLessThan(0.15);
    });
  });

  test('leaves out points beyond its reach, and refuses more cells than points', () => {
    const points = Float64Array.of(0, 0, 1, 1, 1, 1);
    expect(kMeansCells({ cells: 2, reach: 0.5 }).learn(points).stateOf([5, 5])).toBe(-1);
    expect(() => kMeansCells({ cells: 3 }).learn(points)).toThrow(
      /at least 3 different points, got 2/,
    );
  });
});

test('hexCells has six neighbours at one width, in all six directions', () => {
  const learned = hexCells({ width: 0.6 }).learn(training);
  const middle = learned.stateOf([0.02, 0.03]);
  const center = new Float64Array(2);
  learned.center(middle, center);
  const [x, y] = center;
  const around = new Set<number>();
  for (let k = 0; k < 6; k++) {
    const turn = (Math.PI / 3) * k;
    const state = learned.stateOf([x + 0.6 * Math.cos(turn), y + 0.6 * Math.sin(turn)]);
    learned.center(state, center);
    expect(Math.hypot(center[0] - x, center[1] - y)).toBeCloseTo(0.6, 12);
    around.add(state);
  }
  expect(around.size).toBe(6);
});

test('restoreDiscretizer refuses rules that do not exist and broken ones', () => {
  expect(() => restoreDiscretizer({ rule: 'circles' })).toThrow(/one of grid, bins/);
  expect(() => restoreDiscretizer({ rule: 'toString' })).toThrow(/got "toString"/);
  const bins = { rule: 'bins', name: 'x', beyond: 'clamp', edges: [[1, 0]], middles: [[0]] };
  expect(() => restoreDiscretizer(bins)).toThrow(/ascending edges/);
});
