import { describe, expect, test } from 'vitest';
import { estimateNoise } from '../../../src/demonstrations/matching/estimateNoise.ts';
import { linkRoutes } from '../../../src/demonstrations/matching/linkRoutes.ts';
import { tripMatcher } from '../../../src/demonstrations/matching/matchTrip.ts';
import { nearbyLinks } from '../../../src/demonstrations/matching/nearbyLinks.ts';
import {
  planeAround,
  type RoadLink,
  type RoadNetwork,
  roadNetwork,
} from '../../../src/demonstrations/matching/roadNetwork.ts';
import { createRng, type Rng } from '../../../src/numeric/rng.ts';

const BLOCK = 100;

/** Streets of a square town in both directions, crossings 100 m apart, no turning back. */
function town(side: number): {
  network: RoadNetwork;
  linkOf: (from: number, to: number) => number;
} {
  const at = (crossing: number) =>
    [BLOCK * (crossing % side), BLOCK * Math.floor(crossing / side)] as const;
  const ends: [from: number, to: number][] = [];
  for (let c = 0; c < side * side; c++)
    for (const [beside, isThere] of [
      [c + 1, c % side < side - 1],
      [c + side, c + side < side * side],
    ] as const)
      if (isThere) ends.push([c, beside], [beside, c]);
  const links = ends.map(
    ([from, to]): RoadLink => ({
      line: [at(from), at(to)],
      next: ends.flatMap(([start, end], link) => (start === to && end !== from ? [link] : [])),
    }),
  );
  return {
    network: roadNetwork(links),
    linkOf: (from, to) => ends.findIndex(([start, end]) => start === from && end === to),
  };
}

/** Positions every so many metres from the middle of the first link to that of the last, with noise. */
function drive(
  { point, pointStart, length }: RoadNetwork,
  links: readonly number[],
  every: number,
  noise: () => number,
): Float64Array {
  const total = links.reduce((sum, link) => sum + length[link], 0);
  const [first, last] = [length[links[0]] / 2, total - length[links[links.length - 1]] / 2];
  const positions: number[] = [];
  for (let metres = first; metres <= last; metres += every) {
    let k = 0;
    let left = metres;
    while (k < links.length - 1 && left > length[links[k]]) left -= length[links[k++]];
    const p = 2 * pointStart[links[k]];
    const share = left / length[links[k]];
    for (const axis of [0, 1])
      positions.push(point[p + axis] + share * (point[p + 2 + axis] - point[p + axis]) + noise());
  }
  return Float64Array.from(positions);
}

function gaussian(rng: Rng, sigma: number): () => number {
  return () => sigma * Math.sqrt(-2 * Math.log(1 - rng())) * Math.cos(2 * Math.PI * rng());
}

const { network, linkOf } = town(5);
/** Right, right, up, up, left, up. */
const trip = [
  [0, 1],
  [1, 2],
  [2, 7],
  [7, 12],
  [12, 11],
  [11, 16],
].map(([from, to]) => linkOf(from, to));

describe('tripMatcher', () => {
  test('finds every link of a trip without noise, and where on them it was', () => {
    const positions = drive(network, trip, 30, () => 0);
    const { pieces, breaks } = tripMatcher(network, { sigma: 5 })(positions);
    expect(breaks).toEqual([]);
    expect(pieces).toHaveLength(1);
    expect(pieces[0].links).toEqual(trip);
    for (const { distance } of pieces[0].points) expect(distance).toBeCloseTo(0, 9);
    for (const metres of pieces[0].driven) expect(metres).toBeCloseTo(30, 9);
  });

  test('is the likeliest of all sequences, found by trying every one', () => {
    const rng = createRng(2, 'brute');
    const [sigma, beta, detour] = [30, 25, 250];
    const small = town(3);
    const way = [
      [0, 1],
      [1, 4],
      [4, 5],
    ].map(([from, to]) => small.linkOf(from, to));
    for (let draw = 0; draw < 8; draw++) {
      const positions = drive(small.network, way, 70, gaussian(rng, 25));
      const { pieces } = tripMatcher(small.network, { sigma, beta, detour, radius: 80 })(positions);
      const used = pieces[0].positions;
      expect(pieces).toHaveLength(1);
      const nearby = nearbyLinks(small.network, 80);
      const places = used.map((i) => [positions[2 * i], positions[2 * i + 1]] as const);
      const options = places.map(([x, y]) => nearby(x, y));
      const metres = allDistances(small.network);
      const score = (chosen: readonly (typeof options)[number][number][]): number =>
        chosen.reduce((sum, b, t) => {
          const near = -(b.distance ** 2) / (2 * sigma ** 2);
          if (t === 0) return near;
          const a = chosen[t - 1];
          const straight = Math.hypot(
            places[t][0] - places[t - 1][0],
            places[t][1] - places[t - 1][1],
          );
          const onwards = a.link === b.link && b.offset >= a.offset - 3 * sigma;
          const driven = onwards
            ? Math.max(0, b.offset - a.offset)
            : small.network.length[a.link] - a.offset + metres(a.link, b.link) + b.offset;
          return driven > straight + detour
            ? Number.NEGATIVE_INFINITY
            : sum + near - Math.abs(driven - straight) / beta;
        }, 0);
      let best = Number.NEGATIVE_INFINITY;
      const tryAll = (chosen: (typeof options)[number]): void => {
        if (chosen.length === options.length) best = Math.max(best, score(chosen));
        else for (const option of options[chosen.length]) tryAll([...chosen, option]);
      };
      tryAll([]);
      expect(score(pieces[0].points)).toBeCloseTo(best, 9);
    }
  });

  test('finds nearly all links in noise, more of them the less there is', () => {
    const shareFound = (sigma: number): number => {
      const noise = gaussian(createRng(5, `noise ${sigma}`), sigma);
      const match = tripMatcher(network, { sigma, beta: 10 });
      let found = 0;
      for (let i = 0; i < 20; i++) {
        const links = match(drive(network, trip, 40, noise)).pieces.flatMap((piece) => piece.links);
        found += trip.filter((link) => links.includes(link)).length / (20 * trip.length);
      }
      return found;
    };
    const [low, high] = [shareFound(3), shareFound(30)];
    expect(low).toBeGreaterThan(0.97);
    expect(high).toBeLessThan(low);
    expect(high).toBeGreaterThan(0.5);
  });

  test('breaks where a position is near no link, and goes on after it', () => {
    const positions = drive(network, trip, 30, () => 0);
    const astray = positions.slice();
    astray.set([5000, 5000], 2 * 7);
    const { pieces, breaks } = tripMatcher(network, { sigma: 5 })(astray);
    expect(breaks).toEqual([{ position: 7, reason: 'no link nearby' }]);
    expect(pieces.map((piece) => piece.positions.at(-1))).toEqual([6, positions.length / 2 - 1]);
    expect(
      pieces.flatMap((piece) => piece.links).filter((link, i, all) => link !== all[i - 1]),
    ).toEqual(trip);
  });

  test('breaks where no way leads on within the detour', () => {
    const oneWay = roadNetwork([
      {
        line: [
          [0, 0],
          [100, 0],
        ],
        next: [1],
      },
      {
        line: [
          [100, 0],
          [200, 0],
        ],
        next: [],
      },
      {
        line: [
          [300, 0],
          [400, 0],
        ],
        next: [],
      },
    ]);
    const positions = Float64Array.of(20, 1, 80, 1, 150, 1, 320, 1, 380, 1);
    const { pieces, breaks } = tripMatcher(oneWay, { sigma: 5 })(positions);
    expect(breaks).toEqual([{ position: 3, reason: 'no way on' }]);
    expect(pieces.map(({ links }) => links)).toEqual([[0, 1], [2]]);
  });

  test('stands still where noise puts a position behind the last one, and passes over near ones', () => {
    const road = roadNetwork([
      {
        line: [
          [0, 0],
          [500, 0],
        ],
        next: [],
      },
    ]);
    const { pieces } = tripMatcher(road, { sigma: 10 })(
      Float64Array.of(100, 3, 105, 0, 160, 0, 138, 2, 250, 0),
    );
    expect(pieces).toHaveLength(1);
    expect(pieces[0].positions).toEqual([0, 2, 3, 4]);
    expect(pieces[0].driven[1]).toBe(0);
    expect(pieces[0].links).toEqual([0]);
  });

  test('has nothing to say of no positions, and refuses broken ones', () => {
    const match = tripMatcher(network);
    expect(match(new Float64Array())).toEqual({ pieces: [], breaks: [] });
    expect(() => match(Float64Array.of(1, 2, 3))).toThrow(/x and y/);
    expect(() => match(Float64Array.of(1, Number.NaN))).toThrow(/finite numbers/);
  });
});

/** Metres from the end of a link to the beginning of another, by sweeps over all pairs. */
function allDistances(roads: RoadNetwork): (from: number, to: number) => number {
  const { linkCount: n, turnStart, turnTo, length } = roads;
  const metres = new Float64Array(n * n).fill(Number.POSITIVE_INFINITY);
  for (let link = 0; link < n; link++)
    for (let turn = turnStart[link]; turn < turnStart[link + 1]; turn++)
      metres[link * n + turnTo[turn]] = 0;
  for (let k = 0; k < n; k++)
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++)
        metres[i * n + j] = Math.min(
          metres[i * n + j],
          metres[i * n + k] + length[k] + metres[k * n + j],
        );
  return (from, to) => metres[from * n + to];
}

test('linkRoutes is as short as Floyd and Warshall say, and its links connect', () => {
  const { network: roads } = town(4);
  const routes = linkRoutes(roads);
  const expected = allDistances(roads);
  for (let from = 0; from < roads.linkCount; from++)
    for (let to = 0; to < roads.linkCount; to += 3) {
      for (const bound of [150, 10_000]) {
        const exact = expected(from, to);
        expect(routes.distance(from, to, bound)).toBe(
          exact <= bound ? exact : Number.POSITIVE_INFINITY,
        );
      }
      const way = [from, ...routes.between(from, to, 10_000), to];
      way.slice(1).forEach((link, k) => {
        const turns = roads.turnTo.subarray(roads.turnStart[way[k]], roads.turnStart[way[k] + 1]);
        expect(turns).toContain(link);
      });
    }
});

test('nearbyLinks finds what a look at every link finds', () => {
  const rng = createRng(4, 'nearby');
  const bent = roadNetwork(
    Array.from({ length: 60 }, () => {
      const line = [[1000 * rng(), 1000 * rng()]] as [number, number][];
      for (let k = 0; k < 3; k++)
        line.push([line[k][0] + 200 * (rng() - 0.5), line[k][1] + 200 * (rng() - 0.5)]);
      return { line, next: [] };
    }),
  );
  const nearby = nearbyLinks(bent, 70);
  for (let i = 0; i < 100; i++) {
    const [x, y] = [1000 * rng(), 1000 * rng()];
    const found = new Map(nearby(x, y).map(({ link, distance }) => [link, distance]));
    for (let link = 0; link < bent.linkCount; link++) {
      // Fine steps along the line, instead of a projection.
      let least = Number.POSITIVE_INFINITY;
      for (let p = bent.pointStart[link]; p + 1 < bent.pointStart[link + 1]; p++)
        for (let k = 0; k <= 400; k++) {
          const [ax, ay, bx, by] = bent.point.subarray(2 * p, 2 * p + 4);
          least = Math.min(
            least,
            Math.hypot(x - ax - (k / 400) * (bx - ax), y - ay - (k / 400) * (by - ay)),
          );
        }
      if (least < 69.9) expect(found.get(link)).toBeCloseTo(least, 1);
      if (least > 70.1) expect(found.has(link)).toBe(false);
    }
  }
});

test('estimateNoise comes near the noise that positions were given', () => {
  const noise = gaussian(createRng(6, 'estimate'), 8);
  const trips = Array.from({ length: 60 }, () => drive(network, trip, 40, noise));
  const match = tripMatcher(network, { sigma: 15, beta: 30 });
  const { sigma, beta } = estimateNoise(trips, trips.map(match));
  // The median of the distance to the nearest road is a little low where roads cross.
  expect(sigma).toBeGreaterThan(6);
  expect(sigma).toBeLessThan(9);
  expect(beta).toBeGreaterThan(1);
  expect(beta).toBeLessThan(20);
  expect(() => estimateNoise([], [])).toThrow(/no two positions/);
});

test('planeAround keeps distances on the globe', () => {
  const middle = { latitude: 31.2, longitude: 121.5 };
  const place = planeAround(middle);
  const other = { latitude: 31.24, longitude: 121.56 };
  const [x, y] = place(other);
  // Haversine, Sinnott (1984).
  const rad = Math.PI / 180;
  const h =
    Math.sin((0.04 * rad) / 2) ** 2 +
    Math.cos(31.2 * rad) * Math.cos(31.24 * rad) * Math.sin((0.06 * rad) / 2) ** 2;
  const exact = 2 * 6_371_008.8 * Math.asin(Math.sqrt(h));
  expect(Math.hypot(x, y) / exact).toBeCloseTo(1, 3);
});

test('roadNetwork refuses links that cannot be', () => {
  expect(() => roadNetwork([{ line: [[0, 0]], next: [] }])).toThrow(/line of 2 points/);
  expect(() =>
    roadNetwork([
      {
        line: [
          [0, 0],
          [1, 0],
        ],
        next: [1],
      },
    ]),
  ).toThrow(/from 0 to 0, got 1/);
  expect(() =>
    roadNetwork([
      {
        line: [
          [0, 0],
          [1, 0],
        ],
        next: [],
        length: -1,
      },
    ]),
  ).toThrow(/0 metres/);
  expect(() =>
    roadNetwork([
      {
        line: [
          [0, 0],
          [NaN, 0],
        ],
        next: [],
      },
    ]),
  ).toThrow(/finite/);
});
