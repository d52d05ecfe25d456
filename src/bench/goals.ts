/** What is promised about speed: one line per goal, with its limit. Ratios are of one run. */

/** A measured number and where it has to lie. */
export interface Goal {
  /** The group of benchmarks that measures it. */
  readonly group: string;
  readonly quantity: string;
  readonly unit: '×' | 's' | 'GB' | 'iterations' | '';
  /** Which side of the limit is good. */
  readonly want: 'at most' | 'at least';
  readonly limit: number;
}

export const goals = {
  'sweep-32': atMost('sweep', 'soft sweep, 32² states, time against C', '×', 2.5),
  'sweep-256': atMost('sweep', 'soft sweep, 256² states, time against C', '×', 2.5),
  'sweep-1024': atMost('sweep', 'soft sweep, 1024² states, time against C', '×', 2.5),
  'newton-0.9': atLeast('newton', 'policy iteration faster than value iteration, γ = 0.9', '×', 10),
  'newton-0.99': atLeast('newton', 'the same, γ = 0.99', '×', 20),
  'newton-0.999': atLeast('newton', 'the same, γ = 0.999', '×', 120),
  'visits-0.99': atLeast('visits', 'visits by a solve faster than by steps, γ = 0.99', '×', 5),
  'visits-0.999': atLeast('visits', 'the same, γ = 0.999', '×', 35),
  'finite-32': atLeast('finite', 'gradient faster than dense arrays, 32² states, T = 50', '×', 30),
  'fit-newton': atLeast('fit', 'whole fit by Newton faster than by L-BFGS, 128² states', '×', 2),
  'fit-iterations': atMost('fit', 'Newton iterations, 128² states', 'iterations', 12),
  'fit-32': atMost('fit', 'whole fit, 32² states, 10 features', 's', 0.3),
  'fit-128': atMost('fit', 'whole fit, 128² states, 10 features', 's', 4),
  'route-critical': atMost('route', 'residual on a nearly infeasible 128² graph', '', 1e-8),
  'route-gradient': atLeast(
    'route',
    'Borlänge likelihood and gradient faster than SuperLU',
    '×',
    20,
  ),
  'route-dense': atLeast('route', 'the same, faster than dense vectors', '×', 5),
  'route-fit': atMost('route', 'whole Borlänge fit from −1.5 each, preparation included', 's', 1.2),
  'large-time': atMost('large', 'plan for a million states, γ = 0.99', 's', 30),
  'large-memory': atMost('large', 'memory of that process', 'GB', 2),
  'simulator-cart-pole': atLeast('simulators', 'CartPole, steps against Gymnasium', '×', 50),
  'simulator-pendulum': atLeast('simulators', 'Pendulum, steps against Gymnasium', '×', 50),
  'simulator-mountain-car': atLeast('simulators', 'MountainCar, steps against Gymnasium', '×', 50),
  'simulator-acrobot': atLeast('simulators', 'Acrobot, steps against Gymnasium', '×', 50),
  'actor-critic-64': atMost('networks', '1,000 steps of soft actor-critic, 64 × 64', 's', 4),
  'actor-critic-256': atMost('networks', 'the same, 256 × 256, on the better engine', 's', 30),
  'cloning-epoch': atMost('networks', 'epoch of cloning, 26,964 decisions, 32 × 32', 's', 0.2),
} as const satisfies Record<string, Goal>;

export type GoalName = keyof typeof goals;

/** A goal with what was measured, or why it was not. */
export interface Verdict extends Goal {
  readonly name: GoalName;
  readonly measured: number | null;
  readonly outcome: 'pass' | 'fail' | 'skipped';
  readonly reason: string | null;
}

/** What a benchmark says about a goal: the number, or why there is none. */
export type Measured = number | { readonly skipped: string };

export function judge(name: GoalName, measured: Measured): Verdict {
  const goal: Goal = goals[name];
  if (typeof measured !== 'number')
    return { ...goal, name, measured: null, outcome: 'skipped', reason: measured.skipped };
  // Written so that NaN fails.
  const good = goal.want === 'at most' ? measured <= goal.limit : measured >= goal.limit;
  return { ...goal, name, measured, outcome: good ? 'pass' : 'fail', reason: null };
}

/** The goals that a group is to measure. */
export function goalsOf(group: string): GoalName[] {
  return (Object.keys(goals) as GoalName[]).filter((name) => goals[name].group === group);
}

function atMost(group: string, quantity: string, unit: Goal['unit'], limit: number): Goal {
  return { group, quantity, unit, want: 'at most', limit };
}

function atLeast(group: string, quantity: string, unit: Goal['unit'], limit: number): Goal {
  return { group, quantity, unit, want: 'at least', limit };
}
