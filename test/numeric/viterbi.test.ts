import { expect, test } from 'vitest';
import { createMinQueue } from '../../src/numeric/minQueue.ts';
import { createRng, type Rng } from '../../src/numeric/rng.ts';
import { type TrellisEdges, viterbi } from '../../src/numeric/viterbi.ts';

/** Edges from each of so many states to some of the next stage, with weights in halves: ties happen. */
function randomLayer(from: number, to: number, rng: Rng): TrellisEdges {
  const start = new Int32Array(from + 1);
  const target: number[] = [];
  for (let s = 0; s < from; s++) {
    for (let next = 0; next < to; next++) if (rng() < 0.6) target.push(next);
    start[s + 1] = target.length;
  }
  const weight = Float64Array.from(target, () => Math.round(6 * rng() - 3) / 2);
  return { start, to: Int32Array.from(target), weight };
}

/** Every way from a state of stage t to the end, with its weight. */
function everyWay(
  layers: readonly TrellisEdges[],
  t: number,
  state: number,
): { states: number[]; weight: number }[] {
  if (t === layers.length) return [{ states: [state], weight: 0 }];
  const { start, to, weight } = layers[t];
  return Array.from(
    { length: start[state + 1] - start[state] },
    (_, k) => start[state] + k,
  ).flatMap((edge) =>
    everyWay(layers, t + 1, to[edge]).map((rest) => ({
      states: [state, ...rest.states],
      weight: weight[edge] + rest.weight,
    })),
  );
}

test('viterbi finds the best of all ways, from every state', () => {
  const rng = createRng(1, 'trellis');
  for (let draw = 0; draw < 40; draw++) {
    const sizes = Array.from({ length: 5 }, () => 1 + Math.floor(4 * rng()));
    const layers = sizes.slice(1).map((size, t) => randomLayer(sizes[t], size, rng));
    const { stage, ahead, follow } = viterbi({
      layerCount: layers.length,
      layer: (t) => layers[t],
      lastCount: sizes[4],
      deadEnds: 'spoil',
    });
    for (let t = 0; t < stage; t++)
      for (let s = 0; s < sizes[t]; s++) expect(everyWay(layers, t, s)).toEqual([]);
    for (let s = 0; s < sizes[stage]; s++) {
      const ways = everyWay(layers, stage, s);
      expect(ahead[s]).toBe(
        Math.max(Number.NEGATIVE_INFINITY, ...ways.map(({ weight }) => weight)),
      );
      if (ways.length === 0) continue;
      // Among equals the first: ways are listed in the order of edges.
      const best = ways.find(({ weight }) => weight === ahead[s]);
      expect(follow(s).states).toEqual(best?.states);
    }
  }
});

test('viterbi ends ways at states without edges, or does not, as it is told', () => {
  const layer = {
    start: Int32Array.of(0, 1, 1),
    to: Int32Array.of(0),
    weight: Float64Array.of(-2),
  };
  const of = (deadEnds: 'end' | 'spoil') =>
    viterbi({ layerCount: 1, layer: () => layer, lastCount: 1, deadEnds });
  expect([...of('end').ahead]).toEqual([-2, 0]);
  expect(of('end').follow(1)).toEqual({ states: [1], edges: [] });
  expect([...of('spoil').ahead]).toEqual([-2, Number.NEGATIVE_INFINITY]);
});

test('viterbi says where a trellis is broken', () => {
  const open = { start: Int32Array.of(0, 1), to: Int32Array.of(0), weight: Float64Array.of(1) };
  const shut = { ...open, weight: Float64Array.of(Number.NEGATIVE_INFINITY) };
  const { stage, ahead } = viterbi({
    layerCount: 3,
    layer: (t) => (t === 1 ? shut : open),
    lastCount: 1,
    deadEnds: 'spoil',
  });
  expect(stage).toBe(2);
  expect([...ahead]).toEqual([1]);
});

test('createMinQueue hands out keys in ascending order, whatever was put in between', () => {
  const rng = createRng(3, 'queue');
  const queue = createMinQueue();
  const inside: number[] = [];
  for (let step = 0; step < 3000; step++) {
    if (inside.length === 0 || rng() < 0.55) {
      const key = Math.floor(50 * rng());
      queue.push(1000 + key, key);
      inside.push(key);
    } else {
      const least = Math.min(...inside);
      expect(queue.least()).toBe(least);
      expect(queue.pop()).toBe(1000 + least);
      inside.splice(inside.indexOf(least), 1);
    }
    expect(queue.size()).toBe(inside.length);
  }
});
