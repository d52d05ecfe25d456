/**
 * How much of a taxi trip is found again from noisy GPS: `npm run map-matching`. Real trips over the
 * roads of central Shanghai (REVEALED_DATA must hold shanghai_taxi) with synthetic positions.
 *
 * What is assumed: a link is a straight line between its crossings, as the data set has no other
 * geometry; a trip runs from the middle of its first link to that of its last; a taxi drives at one
 * speed, drawn for each trip between 6 and 12 m/s, and records a last position where it ends; noise is Gaussian and independent on both axes. σ
 * and β are not told but estimated, from 100 other trips matched with the values it starts from.
 */

import {
  createRng,
  estimateNoise,
  type MatchedTrip,
  permutation,
  planeAround,
  type Rng,
  type RoadNetwork,
  roadNetwork,
  shanghaiTaxi,
  tripMatcher,
} from '../../src/index.ts';
import { linksFound } from './linksFound.ts';

const TRIPS = 1000;
const FOR_ESTIMATES = 100;
const NOISES = [5, 10, 20];
const SECONDS = [5, 15, 30];
const SEED = 0;

const { links, world, trajectories } = await shanghaiTaxi();
const place = planeAround(links[0].from);
const { pairStart, nextState } = world.mdp;
const network = roadNetwork(
  links.map(({ from, to, length }, link) => ({
    line: [place(from), place(to)],
    length,
    next: [...nextState.subarray(pairStart[link], pairStart[link + 1])],
  })),
);
const order = permutation(trajectories.count, createRng(SEED, 'trips'));
const routes = Array.from(order.subarray(0, TRIPS + FOR_ESTIMATES), (trip) => [
  ...trajectories.state.subarray(trajectories.rowStart[trip], trajectories.rowStart[trip + 1]),
]);

const header = [
  'noise m',
  'seconds',
  'positions',
  'σ',
  'β',
  'links found',
  'wrong',
  'whole trips',
  'breaks',
  'ms a trip',
];
process.stdout.write(
  `${TRIPS} trips, ${routes.slice(FOR_ESTIMATES).reduce((sum, route) => sum + route.length, 0)} links\n${header.map((name) => name.padStart(12)).join('')}\n`,
);
const began = performance.now();
for (const noise of NOISES)
  for (const seconds of SECONDS) {
    const rng = createRng(SEED, `positions ${noise} ${seconds}`);
    const recorded = routes.map((route) => positionsOf(route, noise, seconds, rng));
    const few = recorded.slice(0, FOR_ESTIMATES);
    const { sigma, beta } = estimateNoise(few, few.map(tripMatcher(network)));
    const start = performance.now();
    const matched = recorded.slice(FOR_ESTIMATES).map(tripMatcher(network, { sigma, beta }));
    const took = (performance.now() - start) / TRIPS;
    process.stdout.write(`${row(noise, seconds, recorded, matched, sigma, beta, took)}\n`);
  }
process.stdout.write(
  `${NOISES.length * SECONDS.length} times ${TRIPS} trips in ${((performance.now() - began) / 1000).toFixed(1)} s\n`,
);

function row(
  noise: number,
  seconds: number,
  recorded: readonly Float64Array[],
  matched: readonly MatchedTrip[],
  sigma: number,
  beta: number,
  took: number,
): string {
  const scores = matched.map(({ pieces }, i) =>
    linksFound(
      routes[FOR_ESTIMATES + i],
      pieces.flatMap((piece) => piece.links),
    ),
  );
  const sum = (of: (score: (typeof scores)[number]) => number): number =>
    scores.reduce((total, score) => total + of(score), 0);
  const all = sum(({ driven }) => driven);
  const used = recorded.slice(FOR_ESTIMATES).reduce((n, { length }) => n + length / 2, 0);
  const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;
  return [
    `${noise}`,
    `${seconds}`,
    `${used}`,
    sigma.toFixed(1),
    beta.toFixed(1),
    percent(sum(({ found }) => found) / all),
    percent(sum(({ wrong }) => wrong) / all),
    percent(sum(({ driven, found, wrong }) => Number(found === driven && wrong === 0)) / TRIPS),
    `${matched.reduce((total, { breaks }) => total + breaks.length, 0)}`,
    took.toFixed(2),
  ]
    .map((cell) => cell.padStart(12))
    .join('');
}

/** Where a taxi that drives along a route is every so many seconds, as its receiver says. */
function positionsOf(
  route: readonly number[],
  noise: number,
  seconds: number,
  rng: Rng,
): Float64Array {
  const { point, pointStart, length }: RoadNetwork = network;
  const speed = 6 + 6 * rng();
  const total = route.reduce((sum, link) => sum + length[link], 0);
  const end = total - length[route[route.length - 1]] / 2;
  const positions: number[] = [];
  let k = 0;
  let passed = 0;
  const step = seconds * speed;
  const start = length[route[0]] / 2;
  const count = Math.ceil((end - start) / step) + 1;
  for (let i = 0; i < count; i++) {
    const metres = Math.min(end, start + i * step);
    while (metres - passed > length[route[k]]) passed += length[route[k++]];
    const share = (metres - passed) / length[route[k]];
    const p = 2 * pointStart[route[k]];
    for (const axis of [0, 1])
      positions.push(
        point[p + axis] + share * (point[p + 2 + axis] - point[p + axis]) + noise * normal(rng),
      );
  }
  return Float64Array.from(positions);
}

/** Box and Muller (1958). */
function normal(rng: Rng): number {
  return Math.sqrt(-2 * Math.log(1 - rng())) * Math.cos(2 * Math.PI * rng());
}
