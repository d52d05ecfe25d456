/**
 * (d) Does a soft policy make a better beginning for a task that is not known yet?
 *
 * A plus maze pays at the end of one arm, chosen after the policy has been prepared in a maze where all
 * four pay: not at all, by REINFORCE (hard), by REINFORCE with the entropy of choices in the return
 * (soft, learned), or by exact soft planning, which is what soft learning is to come to. Then all learn by
 * the same REINFORCE without entropy until the chosen arm is reached with probability 0.9, computed
 * exactly after each update. A hard policy has settled on one arm by then: where it is by luck the chosen
 * one it is shown apart.
 *
 * Reference: Haarnoja, Tang, Abbeel & Levine (2017), Reinforcement learning with deep energy-based
 * policies, ICML, §5.2.
 */

import {
  type Answer,
  arrivalShares,
  type Chart,
  type ChartPoint,
  createRng,
  type Finding,
  medianInterval,
  plusMaze,
  policyGradient,
  type Question,
  SoftPolicyIteration,
  softmaxPolicy,
  TabularSimulator,
  type TabularTask,
  terminalStop,
  wilsonInterval,
} from 'revealed';

/** Price of a step; entropy must be cheaper, lest to linger pay more than to arrive. */
const STEP_COST = 0.05;
const TEMPERATURE = STEP_COST / 2;
const TIME_LIMIT = 60;
const WANTED = 0.9;
/** An end that is reached less often than this is lost from sight. */
const OPEN = 0.02;
const EPISODES = 10;
const CHOSEN = [1, 0, 0, 0];

const PREPARATIONS = ['none', 'hard', 'soft, learned', 'soft, planned'] as const;
type Preparation = (typeof PREPARATIONS)[number];

interface Setting {
  readonly arm: number;
  readonly stepSize: number;
}

interface Outcome {
  /** Share of arrivals at any end, and at the chosen one, before fine-tuning. */
  readonly anywhere: number;
  readonly chosen: number;
  /** Ends that are reached with a probability of at least `OPEN`, before fine-tuning. */
  readonly open: number;
  /** Episodes until the chosen one is reached with probability 0.9; infinite where they ran out. */
  readonly episodes: number;
}

interface Group {
  readonly setting: Setting;
  readonly name: string;
  readonly outcomes: readonly Outcome[];
}

export function fineTuning({
  seeds = 20,
  settings = [
    { arm: 4, stepSize: 0.2 },
    { arm: 8, stepSize: 0.2 },
    { arm: 12, stepSize: 0.2 },
    { arm: 16, stepSize: 0.2 },
    { arm: 8, stepSize: 0.5 },
  ] as readonly Setting[],
  preparing = 500,
  limit = 2000,
} = {}): Question {
  return {
    name: 'fine-tuning',
    title: 'Does a soft policy make a better beginning for a task that is not known yet?',
    *ask(seed): Generator<number, Answer> {
      const groups: Group[] = [];
      let done = 0;
      for (const setting of settings)
        for (const preparation of PREPARATIONS) {
          const outcomes: Outcome[] = [];
          for (let run = 0; run < seeds; run++) {
            outcomes.push(runOf(setting, preparation, preparing, limit, `${seed}, run ${run}`));
            yield ++done / (seeds * settings.length * PREPARATIONS.length);
          }
          groups.push(...grouped(setting, preparation, outcomes));
        }

      const duels = (own: Preparation, rival: string): Duel[] =>
        settings.map((setting) => ({
          setting,
          verdict: compare(find(groups, setting, own), find(groups, setting, rival)),
        }));
      const plannedOverHard = duels('soft, planned', 'hard, another arm');
      const plannedOverNone = duels('soft, planned', 'none');
      const learnedOverHard = duels('soft, learned', 'hard, another arm');
      const learnedOverNone = duels('soft, learned', 'none');
      const longest = settings.reduce((most, own) => (own.arm > most.arm ? own : most));
      const openArms = (name: string): number =>
        mean(find(groups, longest, name).map(({ open }) => open));
      const lucky = groups.filter(({ name }) => name === 'hard, this arm');
      return {
        sentence:
          `A soft-optimal policy does, next to one that has settled on another arm: it is bent faster in ` +
          `${times(plannedOverHard, 'faster')} settings. Next to no preparation it is faster in ` +
          `${times(plannedOverNone, 'faster')}${listed(plannedOverNone, 'faster')} and slower in ` +
          `${times(plannedOverNone, 'slower')}${listed(plannedOverNone, 'slower')}: where chance finds the end of an arm, a ` +
          'policy without any preferences is the easiest to bend. Soft learning from as many episodes as hard learning had is ' +
          `faster than hard in ${times(learnedOverHard, 'faster')} and than none in ` +
          `${times(learnedOverNone, 'faster')}: on arms of ${longest.arm} it keeps ` +
          `${openArms('soft, learned').toFixed(1)} of four arms open (hard: ${openArms('hard, another arm').toFixed(1)}), as what ` +
          'it has not found yet it cannot keep.',
        findings: [
          finding(
            'A soft-optimal policy is fine-tuned faster than one that settled on another arm',
            plannedOverHard,
          ),
          finding(
            'A soft-optimal policy is fine-tuned faster than one without preparation',
            plannedOverNone,
          ),
          finding(
            'A policy prepared by soft learning is fine-tuned faster than one that settled on another arm',
            learnedOverHard,
          ),
          finding(
            'A policy prepared by soft learning is fine-tuned faster than one without preparation',
            learnedOverNone,
          ),
          {
            claim:
              'A hard policy that preferred the chosen arm by luck needs fewer episodes than a soft-optimal one',
            holds: lucky.every(({ setting, outcomes }) => {
              const soft = medianOf(find(groups, setting, 'soft, planned'));
              return soft !== null && outcomes.every(({ episodes }) => episodes < soft.low);
            }),
            evidence: settings
              .map((setting) => luckOf(setting, find(groups, setting, 'hard, this arm')))
              .join(', '),
            law: false,
          },
        ],
        tables: [
          {
            title: 'Episodes of fine-tuning until 90 % success on the chosen arm',
            columns: [
              'arm',
              'step size',
              'prepared',
              'runs',
              'any arm before',
              'chosen arm before',
              'arms open before',
              'median episodes',
              '95 % interval',
              `within ${limit}`,
              '95 % interval',
            ],
            rows: groups.map(rowOf),
            note:
              `${seeds} seeds each; ${preparing} updates of preparation and of fine-tuning at most ${limit} episodes, ${EPISODES} to ` +
              `an update; a step costs ${STEP_COST}, soft: τ = ${TEMPERATURE}. Medians: interval by order statistics, none from fewer than 6 runs; what had not arrived ` +
              'by the end counts as later than all that did. Shares: Wilson. Open: reached with a probability of 0.02 or more.',
          },
        ],
        charts: settings
          .filter(({ stepSize }) => stepSize === settings[0].stepSize)
          .map((setting) => chartOf(setting, groups, limit)),
      };

      function rowOf({ setting, name, outcomes }: Group): (string | number | null)[] {
        const reached = outcomes.filter(({ episodes }) => episodes < Infinity).length;
        const share = wilsonInterval(reached, outcomes.length);
        const median = medianOf(outcomes);
        return [
          setting.arm,
          setting.stepSize,
          name,
          outcomes.length,
          mean(outcomes.map(({ anywhere }) => anywhere)),
          mean(outcomes.map(({ chosen }) => chosen)),
          mean(outcomes.map(({ open }) => open)),
          median ? written(median.value, limit) : null,
          median ? `${written(median.low, limit)} to ${written(median.high, limit)}` : null,
          share.value,
          `${share.low.toFixed(2)} to ${share.high.toFixed(2)}`,
        ];
      }
    },
  };
}

/** Prepares a policy, then bends it to the chosen arm. */
function runOf(
  { arm, stepSize }: Setting,
  preparation: Preparation,
  preparing: number,
  limit: number,
  seed: string,
): Outcome {
  const shared = { arm, stepCost: STEP_COST, timeLimit: TIME_LIMIT };
  const before = plusMaze(shared);
  const ends = [1, 2, 3, 4].map((k) => k * arm);
  const learning = { episodes: EPISODES, stepSize };
  let theta = new Float64Array(before.world.mdp.pairCount);
  if (preparation === 'soft, planned') theta = softOptimal(before);
  else if (preparation !== 'none') {
    const simulator = new TabularSimulator(before, createRng(seed, 'maze where all ends pay'));
    const temperature = preparation === 'hard' ? 0 : TEMPERATURE;
    const options = { ...learning, updates: preparing, temperature, seed: `${seed}, preparing` };
    for (const progress of policyGradient(simulator, options)) theta = progress.theta.slice();
  }
  const shares = ends.map((end) => arrivals(before, theta, [end]));
  const prepared = {
    anywhere: arrivals(before, theta, ends),
    chosen: shares[0],
    open: shares.filter((share) => share >= OPEN).length,
  };
  if (prepared.chosen >= WANTED) return { ...prepared, episodes: 0 };

  const after = plusMaze({ ...shared, pays: CHOSEN });
  const simulator = new TabularSimulator(after, createRng(seed, 'maze where one end pays'));
  const updates = Math.floor(limit / EPISODES);
  const options = { ...learning, updates, seed: `${seed}, fine-tuning` };
  for (const { update, theta: now } of policyGradient(simulator, options, theta))
    if (arrivals(after, now, [ends[0]]) >= WANTED)
      return { ...prepared, episodes: update * EPISODES };
  return { ...prepared, episodes: Infinity };
}

/** [pairs] preferences whose policy is soft-optimal. */
function softOptimal({ world, reward }: TabularTask): Float64Array<ArrayBuffer> {
  const { mdp } = world;
  const stop = terminalStop(mdp);
  const planner = new SoftPolicyIteration({ mdp, stop, discount: 1, temperature: TEMPERATURE });
  const outcome = planner.plan(reward);
  if (outcome !== 'converged') throw new Error(`Cannot prepare a policy: planning: ${outcome}`);
  return Float64Array.from(planner.policy, Math.log);
}

function arrivals(
  { world, initial }: TabularTask,
  theta: Float64Array,
  targets: readonly number[],
): number {
  const policy = softmaxPolicy(world.mdp, theta);
  return arrivalShares(world.mdp, policy, initial, targets, TIME_LIMIT)[TIME_LIMIT];
}

/** Hard policies apart by whether the chosen arm is the one they prefer. */
function grouped(
  setting: Setting,
  preparation: Preparation,
  outcomes: readonly Outcome[],
): Group[] {
  if (preparation !== 'hard') return [{ setting, name: preparation, outcomes }];
  const settled = (own: Outcome): boolean => own.chosen > 0.5;
  return [
    { setting, name: 'hard, this arm', outcomes: outcomes.filter(settled) },
    { setting, name: 'hard, another arm', outcomes: outcomes.filter((own) => !settled(own)) },
  ].filter((group) => group.outcomes.length > 0);
}

function find(groups: readonly Group[], setting: Setting, name: string): readonly Outcome[] {
  return groups.find((group) => group.setting === setting && group.name === name)?.outcomes ?? [];
}

type Verdict = 'faster' | 'slower' | 'undecided';

interface Duel {
  readonly setting: Setting;
  readonly verdict: Verdict;
}

/** By medians whose intervals do not overlap. */
function compare(own: readonly Outcome[], rival: readonly Outcome[]): Verdict {
  const [left, right] = [medianOf(own), medianOf(rival)];
  if (!left || !right) return 'undecided';
  return left.high < right.low ? 'faster' : left.low > right.high ? 'slower' : 'undecided';
}

function luckOf(setting: Setting, lucky: readonly Outcome[]): string {
  const most = Math.max(...lucky.map(({ episodes }) => episodes));
  const needed =
    lucky.length === 0 ? 'none preferred it' : `${lucky.length} did, at most ${most} episodes`;
  return `${needed} (${worded(setting)})`;
}

function times(duels: readonly Duel[], verdict: Verdict): string {
  return `${duels.filter((duel) => duel.verdict === verdict).length} of ${duels.length}`;
}

function listed(duels: readonly Duel[], verdict: Verdict): string {
  const found = duels.filter((duel) => duel.verdict === verdict);
  return found.length === 0 ? '' : ` (${found.map(({ setting }) => worded(setting)).join('; ')})`;
}

function finding(claim: string, duels: readonly Duel[]): Finding {
  const told = duels.map(({ setting, verdict }) => `${verdict} (${worded(setting)})`).join(', ');
  return {
    claim,
    holds: duels.every(({ verdict }) => verdict === 'faster'),
    evidence: `by medians whose 95 % intervals do not overlap: ${told}`,
    law: false,
  };
}

function medianOf(outcomes: readonly Outcome[]) {
  return outcomes.length < 6 ? null : medianInterval(outcomes.map(({ episodes }) => episodes));
}

/** Share of runs that have got there by a number of episodes, with Wilson's interval. */
function chartOf(setting: Setting, groups: readonly Group[], limit: number): Chart {
  const times: number[] = [];
  for (let n = 10; n < limit; n *= 1.25) times.push(Math.round(n / EPISODES) * EPISODES);
  times.push(limit);
  const pointsOf = (outcomes: readonly Outcome[]): ChartPoint[] =>
    [...new Set(times)].map((x) => {
      const reached = outcomes.filter(({ episodes }) => episodes <= x).length;
      const { value, low, high } = wilsonInterval(reached, outcomes.length);
      return { x, y: value, low, high };
    });
  return {
    name: `arm-${setting.arm}`,
    title: `Runs that reach 90 % success, arms of ${setting.arm} cells`,
    caption:
      'Share of runs that have reached it within so many episodes of fine-tuning, by how the policy was prepared; ' +
      'bands: 95 % (Wilson).',
    kind: 'curves',
    x: { label: 'episodes of fine-tuning', scale: 'log' },
    y: { label: 'share of runs' },
    series: groups
      .filter((group) => group.setting === setting)
      .map(({ name, outcomes }) => ({ name, points: pointsOf(outcomes) })),
  };
}

function worded({ arm, stepSize }: Setting): string {
  return `arms of ${arm}, step ${stepSize}`;
}

function written(episodes: number, limit: number): string {
  return episodes === Infinity ? `over ${limit}` : String(episodes);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, x) => sum + x, 0) / values.length;
}
