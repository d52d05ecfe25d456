/**
 * (b) Does soft optimality withstand what was not foreseen?
 *
 * A walker is prepared for an open 7 × 7 grid, from corner to corner at 1 a step. Then cells are
 * blocked without its knowing: a move into one leaves it where it is. It arrives if it does so within
 * 100 steps. The probability of that is computed exactly by following the state distribution; for one
 * and two blocked cells every case is enumerated, for more they are drawn. Cases that leave no way are
 * left out.
 *
 * The hard walker has settled on one best action per cell, drawn among equals. Two more stand beside it,
 * to see whether it is softness that helps: one that chooses among equals anew each time, and the same
 * with random moves now and then. A second map has no equals to choose from: a straight way and a detour.
 */

import {
  type Answer,
  arrivalShares,
  blockStates,
  type Chart,
  type ChartPoint,
  createRng,
  criticalTemperature,
  evaluatePolicy,
  type Goal,
  gridFromMap,
  type Mdp,
  meanInterval,
  permutation,
  type Question,
  type Rng,
  reachableFrom,
  SoftPolicyIteration,
  terminalStop,
  valueIteration,
} from 'revealed';

const STEPS = 100;
const DETOUR = ['.......', '.#####.', 'S.....G'];
/** Blocked cells, and how many cases of them are drawn; null: all. */
interface Blocking {
  readonly cells: number;
  readonly cases: number | null;
}

interface Walker {
  readonly name: string;
  readonly kind: 'settled' | 'anew' | 'noisy' | 'soft';
  /** τ, or the share of random moves. */
  readonly level: number;
  /** Policies [pairs], one for each way to decide between equals; a soft walker has one. */
  readonly policies: readonly Float64Array[];
}

interface Score {
  readonly walker: Walker;
  /** Expected steps and share of arrivals in the grid that it was prepared for. */
  readonly steps: number;
  readonly open: number;
  /** Share of arrivals by blocking, with an interval where cases or ties were drawn. */
  readonly blocked: readonly ChartPoint[];
}

export function robustness({
  size = 7,
  tieBreaks = 20,
  drawn = 200,
  temperatures = [0.1, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7],
  noises = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6],
} = {}): Question {
  return {
    name: 'robustness',
    title: 'Does soft optimality withstand what was not foreseen?',
    *ask(seed): Generator<number, Answer> {
      const blockings: Blocking[] = [
        { cells: 1, cases: null },
        { cells: 2, cases: null },
        { cells: 4, cases: drawn },
        { cells: 8, cases: drawn },
      ];
      const grid = gridOf(openRows(size));
      const critical = criticalTemperature(grid.mdp, grid.goal, grid.reward).temperature;
      const walkers = walkersOf(grid, temperatures, noises, tieBreaks, createRng(seed, 'ties'));
      const cases = blockings.map(({ cells, cases }) =>
        blockedGrids(grid, cells, cases, createRng(seed, `${cells} blocked cells`)),
      );
      const scores: Score[] = [];
      for (const walker of walkers) {
        scores.push(score(grid, walker, blockings, cases));
        yield scores.length / (walkers.length + 1);
      }
      const detour = gridOf(DETOUR);
      const onDetour = walkersOf(detour, temperatures, noises, 1, createRng(seed, 'detour')).map(
        (walker) => score(detour, walker, [blockings[0]], [blockedGrids(detour, 1, null)]),
      );
      yield 1;

      const [settled, anew] = scores;
      const soft = scores.filter(({ walker }) => walker.kind === 'soft');
      const noisy = scores.filter(
        ({ walker }) => walker.kind === 'anew' || walker.kind === 'noisy',
      );
      const better = soft.filter((own) => own.blocked[0].y > settled.blocked[0].y);
      const softer = soft.filter((own) => own.blocked[0].y > anew.blocked[0].y);
      const best = highest(soft, 0);
      const most = highest(soft, 3);
      const shortest = 2 * (size - 1);
      const free = soft.filter(({ steps }) => steps < shortest + 0.01);
      const duel = compareAtSamePrice(soft, noisy);
      const duelOnDetour = compareAtSamePrice(
        onDetour.filter(({ walker }) => walker.kind === 'soft'),
        onDetour.filter(({ walker }) => walker.kind === 'anew' || walker.kind === 'noisy'),
      );
      const bestOnDetour = highest(
        onDetour.filter(({ walker, open }) => walker.kind === 'soft' && open > 0.99),
        0,
      );
      const cells = size * size - 2;
      const elsewhere = cells - (2 * size - 3);
      const missing = [elsewhere / cells, (elsewhere * (elsewhere - 1)) / 2 / cases[1].length];
      const error = Math.max(
        ...missing.map((wanted, i) => Math.abs(settled.blocked[i].y - wanted)),
      );
      return {
        sentence:
          `On an open grid it does. With one cell blocked a hard walker that has settled on one way arrives in ` +
          `${share(settled.blocked[0].y)} of cases; a soft one at τ = ${best.walker.level} in ${share(best.blocked[0].y)}, ` +
          `and with eight blocked in ${share(most.blocked[3].y)} (τ = ${most.walker.level}) against ` +
          `${share(settled.blocked[3].y)}. Most of that is not owed to the temperature: choosing anew among ` +
          `equally short ways gives ${share(anew.blocked[0].y)} and ${share(anew.blocked[3].y)} and costs no step. ` +
          `The rest costs ${(best.steps - shortest).toFixed(1)} steps more than the ${shortest} that are needed where ` +
          `nothing is blocked. At the same price softness does better than random moves at ${duel.ahead} of ` +
          `${duel.compared} temperatures. Where the only other way is a detour it hardly helps: ` +
          `${share(onDetour[0].blocked[0].y)} for the hard walker, ${share(bestOnDetour.blocked[0].y)} at best ` +
          `(τ = ${bestOnDetour.walker.level}), and random moves of the same price do better at ` +
          `${duelOnDetour.compared - duelOnDetour.ahead} of ${duelOnDetour.compared} temperatures.`,
        findings: [
          {
            claim: 'A hard walker fails exactly when its one way is blocked',
            holds: error < 1e-12,
            evidence:
              `one blocked: ${settled.blocked[0].y.toFixed(6)} = ${elsewhere}/${cells}, two: ${settled.blocked[1].y.toFixed(6)} = ` +
              `${(elsewhere * (elsewhere - 1)) / 2}/${cases[1].length}, whichever shortest way it settled on`,
            law: true,
          },
          {
            claim:
              'Soft walkers arrive more often than one that has settled on a way, one cell blocked',
            holds: better.length === soft.length,
            evidence: `at ${better.length} of ${soft.length} temperatures below the critical ${critical.toFixed(3)}`,
            law: false,
          },
          {
            claim:
              'Soft walkers arrive more often than a hard one that chooses anew among equals, one cell blocked',
            holds: softer.length === soft.length,
            evidence: `at ${softer.length} of ${soft.length} temperatures: ${share(anew.blocked[0].y)} against ${soft
              .map(({ walker, blocked }) => `${share(blocked[0].y)} (τ = ${walker.level})`)
              .join(', ')}`,
            law: false,
          },
          {
            claim: 'Softness costs nothing while nothing is blocked',
            holds: free.includes(best),
            evidence: `less than 0.01 steps at ${free.length} of ${soft.length} temperatures, but ${(best.steps - shortest).toFixed(2)} at τ = ${best.walker.level}, which protects best`,
            law: false,
          },
          {
            claim: 'Softness protects better than random moves that cost as many steps',
            holds: duel.ahead === duel.compared,
            evidence: `one cell blocked, at ${duel.ahead} of ${duel.compared} temperatures (random moves interpolated to the same number of steps)`,
            law: false,
          },
          {
            claim: 'So it does where no other way is as short',
            holds: duelOnDetour.ahead === duelOnDetour.compared,
            evidence: `straight way and detour, one cell blocked, at ${duelOnDetour.ahead} of ${duelOnDetour.compared} temperatures`,
            law: false,
          },
        ],
        tables: [
          {
            title: `Arrivals within ${STEPS} steps`,
            columns: [
              'walker',
              'steps, nothing blocked',
              'arrive, nothing blocked',
              ...blockings.map(({ cells: n }) => `${n} blocked`),
            ],
            rows: scores.map(rowOf),
            note:
              `Cases: ${blockings.map(({ cells: n, cases: m }, i) => `${cases[i].length} of ${n} blocked (${m === null ? 'all that leave a way' : 'drawn among those that leave a way'})`).join(', ')}. ` +
              'Exact within each case. Intervals: 95 % of the mean (Student) over the drawn cases, each with one of ' +
              `${tieBreaks} ways to settle; none where all cases are enumerated: there every way to settle fares alike.`,
          },
          {
            title: 'A straight way of 6 steps and a detour of 10, one cell blocked',
            columns: ['walker', 'steps, nothing blocked', 'arrive, nothing blocked', '1 blocked'],
            rows: onDetour.map(rowOf),
            note: 'All 14 cells are blocked in turn, five of them on the straight way.',
          },
        ],
        charts: [
          {
            name: 'temperature',
            title: `Arrivals within ${STEPS} steps by temperature`,
            caption:
              'Soft walkers, prepared for the open grid, when cells have been blocked since. Lines across: the hard walker ' +
              'that has settled on one way. Intervals: 95 % over drawn cases; one and two cells are enumerated.',
            kind: 'curves',
            x: { label: 'temperature τ' },
            y: { label: 'share that arrive' },
            series: [
              {
                name: 'nothing blocked',
                points: soft.map(({ walker, open }) => ({ x: walker.level, y: open })),
              },
              ...blockings.map(({ cells: n }, i) => ({
                name: `${n} blocked`,
                points: soft.map(({ walker, blocked }) => ({ ...blocked[i], x: walker.level })),
              })),
            ],
            marks: [
              ...blockings.map(({ cells: n }, i) => ({
                axis: 'y' as const,
                at: settled.blocked[i].y,
                label: `hard, ${n} blocked`,
              })),
              { axis: 'x' as const, at: critical, label: 'never ends' },
            ],
          },
          priceChart('price', 'What protection costs on the open grid', scores),
          priceChart(
            'price-detour',
            'What protection costs where there is a detour only',
            onDetour,
          ),
        ],
      };
    },
  };
}

function priceChart(name: string, title: string, scores: readonly Score[]): Chart {
  const pointsOf = (...kinds: readonly Walker['kind'][]): ChartPoint[] =>
    scores
      .filter(({ walker, open }) => kinds.includes(walker.kind) && open > 0.99)
      .map(({ steps, blocked }) => ({ x: steps, y: 1 - blocked[0].y }));
  return {
    name,
    title,
    caption:
      'Share that do not arrive with one cell blocked against the expected number of steps when nothing is. Lower and ' +
      'further left is better. Walkers of whom more than 1 % do not arrive with nothing blocked are left out.',
    kind: 'curves',
    x: { label: 'expected steps, nothing blocked' },
    y: { label: 'share that do not arrive, one cell blocked', scale: 'log' },
    series: [
      { name: 'soft, by temperature', points: pointsOf('soft') },
      {
        name: 'hard, anew among equals, by share of random moves',
        points: pointsOf('anew', 'noisy'),
      },
      { name: 'hard, settled', points: pointsOf('settled') },
    ],
  };
}

function rowOf({ walker, steps, open, blocked }: Score): (string | number)[] {
  const written = blocked.map(({ y, low, high }) =>
    low === undefined || high === undefined
      ? y.toFixed(4)
      : `${y.toFixed(4)} (${low.toFixed(4)} to ${high.toFixed(4)})`,
  );
  return [walker.name, steps, open, ...written];
}

interface Grid {
  readonly mdp: Mdp;
  readonly reward: Float64Array;
  readonly goal: Goal;
  readonly start: Float64Array;
  readonly target: number;
}

function openRows(size: number): string[] {
  const middle = Array.from({ length: size - 2 }, () => '.'.repeat(size));
  return [`S${'.'.repeat(size - 1)}`, ...middle, `${'.'.repeat(size - 1)}G`];
}

/** From S to G at 1 a step. */
function gridOf(rows: string[]): Grid {
  const map = gridFromMap({ rows, stay: false, terminal: 'G' });
  const { mdp } = map.world;
  const [target] = map.statesOf('G');
  const start = new Float64Array(mdp.stateCount);
  start[map.statesOf('S')[0]] = 1;
  return {
    mdp,
    reward: new Float64Array(mdp.pairCount).fill(-1),
    goal: {
      name: 'G',
      absorbing: true,
      stopState: Int32Array.of(target),
      stopReward: new Float64Array(1),
    },
    start,
    target,
  };
}

/** The settled one first, then the one that chooses anew, with more and more random moves. */
function walkersOf(
  grid: Grid,
  temperatures: readonly number[],
  noises: readonly number[],
  tieBreaks: number,
  rng: Rng,
): Walker[] {
  const { mdp, reward, goal } = grid;
  const { actionValue, value } = valueIteration(mdp, reward, { discount: 1 });
  const bestOf = Array.from({ length: mdp.stateCount }, (_, s) => {
    const best: number[] = [];
    for (let pair = mdp.pairStart[s]; pair < mdp.pairStart[s + 1]; pair++)
      if (actionValue[pair] > value[s] - 1e-9) best.push(pair);
    return best;
  });
  const settle = (): Float64Array => {
    const policy = new Float64Array(mdp.pairCount);
    for (const best of bestOf)
      if (best.length > 0) policy[best[Math.floor(rng() * best.length)]] = 1;
    return policy;
  };
  const anew = new Float64Array(mdp.pairCount);
  for (const best of bestOf) for (const pair of best) anew[pair] = 1 / best.length;
  const critical = criticalTemperature(mdp, goal, reward).temperature;
  return [
    {
      name: 'hard, settled on one way',
      kind: 'settled',
      level: 0,
      policies: Array.from({ length: tieBreaks }, settle),
    },
    { name: 'hard, anew among equals', kind: 'anew', level: 0, policies: [anew] },
    ...noises.map(
      (level): Walker => ({
        name: `the same, ${100 * level} % random moves`,
        kind: 'noisy',
        level,
        policies: [anew.map((p) => (1 - level) * p + level / 4)],
      }),
    ),
    ...temperatures.filter((t) => t < critical).map((t) => softWalker(grid, t)),
  ];
}

function softWalker({ mdp, reward }: Grid, temperature: number): Walker {
  const planner = new SoftPolicyIteration({
    mdp,
    stop: terminalStop(mdp),
    discount: 1,
    temperature,
  });
  const stop = planner.plan(reward);
  if (stop !== 'converged') throw new Error(`Cannot walk: planning at τ = ${temperature}: ${stop}`);
  return {
    name: `soft, τ = ${temperature}`,
    kind: 'soft',
    level: temperature,
    policies: [planner.policy],
  };
}

/** Every way to block so many cells that leaves one from start to target, or some of them drawn. */
function blockedGrids(grid: Grid, cells: number, cases: null): Mdp[];
function blockedGrids(grid: Grid, cells: number, cases: number | null, rng: Rng): Mdp[];
function blockedGrids(grid: Grid, cells: number, cases: number | null, rng?: Rng): Mdp[] {
  const { mdp, start, target } = grid;
  const from = start.indexOf(1);
  const candidates = Array.from({ length: mdp.stateCount }, (_, s) => s).filter(
    (s) => s !== from && s !== target,
  );
  const grids: Mdp[] = [];
  const take = (blocked: Iterable<number>): void => {
    const flags = new Uint8Array(mdp.stateCount);
    for (const s of blocked) flags[s] = 1;
    const changed = blockStates(mdp, flags);
    if (reachableFrom(changed, Int32Array.of(from), null)[target]) grids.push(changed);
  };
  if (cases === null || !rng) for (const blocked of subsets(candidates, cells)) take(blocked);
  else
    while (grids.length < cases)
      take(
        permutation(candidates.length, rng)
          .subarray(0, cells)
          .map((i) => candidates[i]),
      );
  return grids;
}

function* subsets(items: readonly number[], size: number): Generator<number[]> {
  if (size === 0) yield [];
  else
    for (let i = 0; i + size <= items.length; i++)
      for (const rest of subsets(items.slice(i + 1), size - 1)) yield [items[i], ...rest];
}

function score(
  { mdp, start, target }: Grid,
  walker: Walker,
  blockings: readonly Blocking[],
  cases: readonly (readonly Mdp[])[],
): Score {
  const { policies, level } = walker;
  const arrive = (world: Mdp, policy: Float64Array): number =>
    arrivalShares(world, policy, start, [target], STEPS)[STEPS];
  const steps = new Float64Array(mdp.pairCount).fill(1);
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, x) => sum + x, 0) / values.length;
  const from = start.indexOf(1);
  const blocked = blockings.map(({ cases: drawn }, i): ChartPoint => {
    const worlds = cases[i];
    // where all cases are known every way to settle meets every case, else each case one of them
    const values =
      drawn === null
        ? policies.map((policy) => mean(worlds.map((world) => arrive(world, policy))))
        : worlds.map((world, k) => arrive(world, policies[k % policies.length]));
    if (values.length < 2 || areEqual(values)) return { x: level, y: mean(values) };
    const { value, low, high } = meanInterval(values);
    return { x: level, y: value, low: Math.max(0, low), high: Math.min(1, high) };
  });
  return {
    walker,
    steps: mean(
      policies.map((policy) => evaluatePolicy(mdp, steps, policy, { discount: 1 })[from]),
    ),
    open: mean(policies.map((policy) => arrive(mdp, policy))),
    blocked,
  };
}

/** Whether it made no difference what was drawn. */
function areEqual(values: readonly number[]): boolean {
  return Math.max(...values) - Math.min(...values) < 1e-9;
}

function highest(scores: readonly Score[], blocking: number): Score {
  return scores.reduce((best, own) =>
    own.blocked[blocking].y > best.blocked[blocking].y ? own : best,
  );
}

/** How often soft walkers do better than what random moves of the same price reach, interpolated. */
function compareAtSamePrice(
  soft: readonly Score[],
  noisy: readonly Score[],
): { ahead: number; compared: number } {
  let [ahead, compared] = [0, 0];
  for (const { steps, blocked } of soft)
    for (let i = 1; i < noisy.length; i++) {
      const [left, right] = [noisy[i - 1], noisy[i]];
      if (steps < left.steps || steps >= right.steps) continue;
      const part = (steps - left.steps) / (right.steps - left.steps);
      const rival = left.blocked[0].y + part * (right.blocked[0].y - left.blocked[0].y);
      compared++;
      if (blocked[0].y > rival) ahead++;
    }
  return { ahead, compared };
}

function share(x: number): string {
  return `${(100 * x).toFixed(2)} %`;
}
