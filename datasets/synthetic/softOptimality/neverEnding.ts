/**
 * The failure: undiscounted soft optimality that never ends.
 *
 * CliffWalking costs 1 a step and ends at its goal. Soft optimality pays τ log of the freedom of a
 * choice at every step, so above some τ wandering about pays for itself, and no walk is worth ending.
 * Where that happens is found twice by bisection: where the spectral radius of the move weights is 1,
 * and where the gain per step of walks that never end,
 *
 *   g(τ) = max over endless policies of the mean of  r + τ H,
 *
 * is 0. Without slipping the two are one; with it the radius takes luck for choice and is too careful.
 */

import {
  type Answer,
  type ChartSeries,
  cliffWalking,
  createFeasibility,
  createFiniteHorizon,
  criticalTemperature,
  endlessGain,
  evaluatePolicy,
  feasibleStart,
  type Goal,
  goalMatrixFrom,
  type Mdp,
  type Question,
  SoftPolicyIteration,
  taskSupport,
  terminalStop,
} from 'revealed';

interface Walk {
  readonly name: string;
  readonly mdp: Mdp;
  readonly reward: Float64Array;
  readonly goal: Goal;
  readonly start: number;
}

interface Critical {
  readonly walk: Walk;
  /** Where the radius is 1, and where endless walks break even. */
  readonly byRadius: number;
  readonly byGain: number;
  /** Whether the planner arrives at each share of the second, as it should. */
  readonly told: readonly string[];
  readonly mistaken: number;
  readonly lengths: readonly { readonly x: number; readonly y: number }[];
}

/** Shares of the critical temperature at which the planner is asked. */
const ASKED = [0.5, 0.9, 0.99, 0.999, 1.001, 1.01, 1.1, 2];
const SHARES_BELOW = [
  0.01, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999,
];
const SHARES_ABOVE = [1.02, 1.05, 1.1, 1.2, 1.35, 1.5];
/** Temperatures at which walks with a deadline are followed. */
const AROUND = [0.8, 0.98, 1.02, 1.2];

export function neverEnding({ deadlines = [30, 100, 300, 1000, 3000] } = {}): Question {
  return {
    name: 'never-ending',
    title: 'When does undiscounted soft optimality never end?',
    *ask(): Generator<number, Answer> {
      const walks = [walkOf('CliffWalking', false), walkOf('slippery CliffWalking', true)];
      const criticals: Critical[] = [];
      for (const walk of walks) {
        criticals.push(examine(walk));
        yield criticals.length / 4;
      }
      const radii: ChartSeries[] = [];
      const gains: ChartSeries[] = [];
      for (const { walk, byGain } of criticals) {
        const around = [...SHARES_BELOW.filter((x) => x >= 0.3), 1, ...SHARES_ABOVE];
        const radius = radiusOf(walk);
        radii.push({
          name: walk.name,
          points: around.map((share) => ({ x: share * byGain, y: radius(share * byGain) })),
        });
        gains.push({
          name: walk.name,
          points: around.map((share) => ({ x: share * byGain, y: gainOf(walk, share * byGain) })),
        });
        yield (2 + radii.length) / 5;
      }
      const [dry] = criticals;
      const followed = AROUND.map((share) => follow(dry, share, deadlines));
      yield 1;

      const remedy = remedyFor(dry.walk);
      const agreement = Math.abs(dry.byRadius / dry.byGain - 1);
      const slippery = criticals[1];
      const bend = leastBend(dry.walk);
      const [calm, wild] = [followed[0], followed[followed.length - 1]].map(
        ({ points }) => points[points.length - 1].y,
      );
      const last = deadlines[deadlines.length - 1];
      return {
        sentence:
          `CliffWalking at 1 a step has its critical temperature at τ = ${dry.byGain.toFixed(6)} ` +
          `(slippery: ${slippery.byGain.toFixed(4)}). Above it a step of wandering brings more freedom than it ` +
          `costs and the soft-optimal walk never ends: with ${last} steps to go it takes ${calm.toFixed(1)} ` +
          `of them at ${AROUND[0]} times that temperature and ${wild.toFixed(0)} at ${AROUND[AROUND.length - 1]} times. ` +
          'The planner finds no finite value there and says so. Remedies are a lower temperature, dearer steps, a ' +
          'horizon, or a discount.',
        findings: [
          {
            claim: 'Without slipping, radius 1 and an endless gain of 0 are the same temperature',
            holds: agreement < 1e-6,
            evidence: `${dry.byRadius.toFixed(9)} and ${dry.byGain.toFixed(9)}`,
            law: true,
          },
          {
            claim: 'With slipping a radius below 1 is sufficient',
            holds: slippery.byRadius <= slippery.byGain * (1 + 1e-9),
            evidence: `${slippery.byRadius.toFixed(6)} ≤ ${slippery.byGain.toFixed(6)}`,
            law: true,
          },
          {
            claim: 'With slipping a radius below 1 is also necessary',
            holds: Math.abs(slippery.byRadius / slippery.byGain - 1) < 1e-6,
            evidence: `temperatures between ${slippery.byRadius.toFixed(4)} and ${slippery.byGain.toFixed(4)} end although their radius is up to ${radiusOf(slippery.walk)(slippery.byGain).toFixed(2)}`,
            law: false,
          },
          {
            claim:
              'The planner arrives below the critical temperature and reports infeasible above it',
            holds: criticals.every(({ mistaken }) => mistaken === 0),
            evidence: `asked at ${ASKED.join(', ')} times the critical temperature of both`,
            law: true,
          },
          {
            claim: 'The log radius is convex in the size of the rewards',
            holds: bend > -1e-9,
            evidence: `least second difference ${bend.toExponential(1)} on 40 sizes`,
            law: true,
          },
          {
            claim: 'A feasible start is found from an infeasible one',
            holds: remedy.stop === 'converged',
            evidence: `at τ = 1 every step must cost ${remedy.scale.toFixed(3)} instead of 1: radius ${remedy.radius.toFixed(3)}, planning ${remedy.stop}`,
            law: true,
          },
        ],
        tables: [
          {
            title: 'Critical temperatures',
            columns: [
              'world',
              'radius 1 at τ',
              'endless gain 0 at τ',
              'cost of a step / τ',
              'log of the choices',
            ],
            rows: criticals.map(({ walk, byRadius, byGain }) => [
              walk.name,
              byRadius,
              byGain,
              1 / byGain,
              Math.log(4),
            ]),
            note:
              'By bisection to nine digits. A walk that could always choose freely among four moves would break ' +
              'even where a step costs τ log 4; the cliff, and the goal, which must be avoided for ever, cost some of that freedom.',
          },
          {
            title: 'What the planner says',
            columns: ['world', ...ASKED.map((share) => `${share} × critical`)],
            rows: criticals.map(({ walk, told }) => [walk.name, ...told]),
          },
          {
            title: 'Expected number of steps, by deadline and temperature (CliffWalking)',
            columns: ['at most', ...AROUND.map((share) => `τ = ${share} × critical`)],
            rows: deadlines.map((deadline, i) => [
              deadline,
              ...followed.map(({ points }) => points[i].y),
            ]),
            note:
              'The soft-optimal walk over that many steps, exactly; what has not arrived by then pays nothing more. ' +
              'Below the critical temperature the number settles, above it grows with the deadline.',
          },
        ],
        charts: [
          {
            name: 'radius',
            title: 'Spectral radius of the move weights',
            caption:
              'Below 1 soft values are finite. Without slipping that is exact; with slipping the true critical ' +
              'temperature, marked, lies where the radius is already above 1.',
            kind: 'curves',
            x: { label: 'temperature τ' },
            y: { label: 'spectral radius' },
            series: radii,
            marks: [
              { axis: 'y', at: 1, label: 'radius 1' },
              { axis: 'x', at: dry.byGain, label: 'critical' },
              { axis: 'x', at: slippery.byGain, label: 'critical, slippery' },
            ],
          },
          {
            name: 'gain',
            title: 'What an endless walk gains per step',
            caption:
              'Reward plus τ times entropy per step of the best walk that never ends. Where it passes through 0 ending ' +
              'ceases to be worth anything. Both are straight here: the best endless walk keeps off the cliff, so it pays ' +
              '1 a step at every temperature.',
            kind: 'curves',
            x: { label: 'temperature τ' },
            y: { label: 'gain per step' },
            series: gains,
            marks: [{ axis: 'y', at: 0, label: 'breaks even' }],
          },
          {
            name: 'length',
            title: 'Expected number of steps to the goal',
            caption:
              'Of the soft-optimal walk from the start, solved exactly; it has no bound as the temperature approaches ' +
              'the critical one, and does not exist above.',
            kind: 'curves',
            x: { label: 'temperature, as a share of the critical one' },
            y: { label: 'expected steps', scale: 'log' },
            series: criticals.map(({ walk, lengths }) => ({ name: walk.name, points: lengths })),
            marks: [{ axis: 'x', at: 1, label: 'critical' }],
          },
          {
            name: 'deadline',
            title: 'Expected number of steps with a deadline (CliffWalking)',
            caption:
              'Below the critical temperature it settles; above, the walk goes on for as long as it is let.',
            kind: 'curves',
            x: { label: 'deadline, in steps', scale: 'log' },
            y: { label: 'expected steps', scale: 'log' },
            series: followed,
          },
        ],
      };
    },
  };
}

function walkOf(name: string, slippery: boolean): Walk {
  const { world, reward, initial } = cliffWalking({ slippery });
  const { mdp } = world;
  const last = mdp.stateCount - 1;
  const goal: Goal = {
    name: 'goal',
    absorbing: true,
    stopState: Int32Array.of(last),
    stopReward: new Float64Array(1),
  };
  return { name, mdp, reward, goal, start: initial.indexOf(1) };
}

function examine(walk: Walk): Critical {
  const { mdp, goal, reward, start } = walk;
  const from = Int32Array.of(start);
  const byGain = criticalTemperature(mdp, goal, reward, { from }).temperature;
  const radius = radiusOf(walk);
  const byRadius = bisect((temperature) => radius(temperature) < 1, byGain / 10, byGain * 10);
  const told = ASKED.map((share) => plannerOf(walk, share * byGain).stop);
  const mistaken = told.filter((stop, i) => (stop === 'converged') !== ASKED[i] < 1).length;
  const steps = new Float64Array(mdp.pairCount).fill(1);
  const lengths = SHARES_BELOW.map((share) => {
    const { policy } = plannerOf(walk, share * byGain).planner;
    return { x: share, y: evaluatePolicy(mdp, steps, policy, { discount: 1 })[start] };
  });
  return { walk, byRadius, byGain, told, mistaken, lengths };
}

/** Rewards divided by τ at temperature 1 have the matrix of τ. */
function radiusOf({ mdp, goal, reward, start }: Walk): (temperature: number) => number {
  const feasibility = createFeasibility(goalMatrixFrom(mdp, goal, Int32Array.of(start), 1));
  return (temperature) =>
    Math.exp(feasibility.logRadius(reward.map((r) => r / temperature)).logRadius);
}

function gainOf({ mdp, goal, reward }: Walk, temperature: number): number {
  return endlessGain(mdp, reward, temperature, taskSupport(mdp, goal).allowed, { tolerance: 1e-9 })
    .gain;
}

function plannerOf({ mdp, reward }: Walk, temperature: number) {
  const planner = new SoftPolicyIteration({
    mdp,
    stop: terminalStop(mdp),
    discount: 1,
    temperature,
  });
  return { planner, stop: planner.plan(reward) as string };
}

/** Expected number of steps of the soft-optimal walks with each deadline. */
function follow(
  { walk, byGain }: Critical,
  share: number,
  deadlines: readonly number[],
): ChartSeries {
  const { mdp, reward, start } = walk;
  const points = deadlines.map((deadline) => {
    const plan = createFiniteHorizon(mdp, deadline, 1, share * byGain);
    plan.plan(reward);
    const presence = new Float64Array(deadline * mdp.stateCount);
    presence[start] = 1;
    const visits = new Float64Array(mdp.pairCount);
    plan.push(presence, visits);
    return { x: deadline, y: visits.reduce((sum, n) => sum + n, 0) };
  });
  return { name: `τ = ${share} × critical`, points };
}

/** What a fit would do at τ = 1, where steps of price 1 are too cheap: find a price that is feasible. */
function remedyFor(walk: Walk): { scale: number; radius: number; stop: string } {
  const { mdp, goal, reward, start } = walk;
  const matrices = goalMatrixFrom(mdp, goal, Int32Array.of(start), 1);
  const scaling = {
    size: 1,
    evaluate(theta: Float64Array, out: Float64Array) {
      for (let pair = 0; pair < out.length; pair++) out[pair] = theta[0] * reward[pair];
    },
    pullBack(_: Float64Array, surplus: Float64Array, gradient: Float64Array) {
      gradient[0] = surplus.reduce((sum, w, pair) => sum + w * reward[pair], 0);
    },
  };
  const { theta, spectralRadius } = feasibleStart(matrices, scaling, Float64Array.of(1));
  if (!theta)
    return { scale: Number.POSITIVE_INFINITY, radius: spectralRadius, stop: 'infeasible' };
  const { stop } = plannerOf({ ...walk, reward: reward.map((r) => theta[0] * r) }, 1);
  return { scale: theta[0], radius: spectralRadius, stop };
}

/** The least second difference of the log radius over equally spaced sizes of the rewards. */
function leastBend(walk: Walk): number {
  const radius = radiusOf(walk);
  const logs = Array.from({ length: 40 }, (_, i) => Math.log(radius(1 / (0.1 * (i + 1)))));
  return logs
    .slice(2)
    .reduce((least, x, i) => Math.min(least, x - 2 * logs[i + 1] + logs[i]), Infinity);
}

/** Where `isBelow` changes from true to false. */
function bisect(isBelow: (x: number) => boolean, from: number, to: number): number {
  let [low, high] = [from, to];
  while (high - low > 1e-9 * high) {
    const middle = (low + high) / 2;
    if (isBelow(middle)) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
