/**
 * A model of people, on recorded decisions: Harold Zurcher's 37 buses of group 4. Soft-optimal choice
 * against optimal choice that now and then slips,
 *
 *   π(a) = (1 − ε) [a optimal] / k + ε / 2
 *
 * each with two numbers of its own: replacement cost and mileage cost; their ratio, and ε. What is
 * optimal depends on the ratio alone and is a mileage from which on an engine is replaced, so that all
 * there is to choose from can be tried. Each bus is predicted from all the others.
 */

import {
  type Answer,
  busEngine,
  type Chart,
  causalEntropy,
  finish,
  optimalChoices,
  type Problem,
  policyIteration,
  type Question,
  replacementPair,
  replacementWorld,
  rewardAt,
  selectTrajectories,
  type Trajectories,
  tabulateFeatures,
  wilsonInterval,
} from 'revealed';
import { compareModels } from './heldOutModels.ts';
import { likeliestReward, type SlipFit, type TriedReward } from './slipModels.ts';

export const busChoices: Question = {
  name: 'people-buses',
  title: 'Is it a model of people? When Harold Zurcher had an engine replaced',
  ask: (seed) => askBuses(seed),
};

const BINS = 90;
const DISCOUNT = 0.9999;
const MILES_PER_BIN = 5000;

/** An optimal policy of the world, by a ratio of costs under which it is optimal. */
export interface Threshold {
  /** The bin from which on engines are replaced; as many as there are bins for never. */
  readonly bin: number;
  /** Replacement cost in units of the mileage cost. */
  readonly ratio: number;
}

async function* askBuses(seed: number): AsyncGenerator<number, Answer, undefined> {
  const { trajectories, firstStage } = await busEngine({ groups: [4], bins: BINS });
  const world = replacementWorld({ bins: BINS, increments: [...firstStage.probabilities] });
  const features = tabulateFeatures(world, {
    'replacement cost': (_bin, action) => (action === 'replace' ? -1 : 0),
    'mileage cost': (bin, action) => (action === 'keep' ? -0.001 * Number(bin) : 0),
  });
  const problem: Problem = {
    world,
    features,
    trajectories,
    goals: [],
    time: { kind: 'discounted', discount: DISCOUNT },
    initial: null,
    temperature: 1,
  };
  const thresholds = optimalThresholds(problem);
  yield 0.2;
  const choices = optimalChoices(problem);
  const { options, trajectory } = choices;
  const tried: TriedReward<Threshold>[] = thresholds.map((reward) => ({
    reward,
    counts: { ...choices.judge(rewardOf(problem, reward.ratio)), options },
  }));
  yield 0.4;

  const units = trajectories.count;
  const sums = {
    called: 'buses',
    decisions: new Float64Array(units),
    soft: new Float64Array(units),
    slips: new Float64Array(units),
    chance: new Float64Array(units),
  };
  const chosen: SlipFit<Threshold>[] = [];
  for (let bus = 0; bus < units; bus++) {
    const others = selectTrajectories(trajectories, (i) => i !== bus);
    const fit = finish(causalEntropy.fit({ ...problem, trajectories: others }, {}));
    fit.predictChoices(
      selectTrajectories(trajectories, (i) => i === bus),
      (_row, logs, taken) => {
        sums.soft[bus] += logs[taken];
      },
    );
    chosen.push(likeliestReward(tried, (d) => trajectory[d] !== bus));
    yield 0.4 + (0.6 * (bus + 1)) / (units + 1);
  }
  trajectory.forEach((bus, d) => {
    sums.decisions[bus]++;
    sums.slips[bus] += chosen[bus].log(d);
    sums.chance[bus] -= Math.log(options[d]);
  });

  const all = likeliestReward(tried);
  const soft = finish(causalEntropy.fit(problem, {}));
  const bins = chosen.map(({ reward }) => reward.bin);
  const [low, high] = [Math.min(...bins), Math.max(...bins)];
  const seen = trajectories.state.reduce((most, bin) => Math.max(most, bin), 0);
  const comparison = compareModels(
    sums,
    all.logLikelihood,
    `How mileage grows is estimated from all 37 buses, for both models. Of ${thresholds.length} optimal policies all were tried; the likeliest replaces from bin ${low}${high > low ? ` to ${high}` : ''} on, and the largest mileage recorded is in bin ${seen}. γ = ${DISCOUNT}, bins of ${MILES_PER_BIN.toLocaleString('en')} miles.`,
    seed,
  );
  return {
    sentence: [
      comparison.finding.holds
        ? 'Soft choice predicts his decisions better'
        : 'Soft choice does not predict his decisions better for certain',
      `than ε-optimal choice, by ${comparison.gain.toFixed(4)} per decision.`,
      low > seen
        ? `The likeliest ε-optimal policy never replaces at any mileage that occurred: every replacement is a slip, with ε = ${all.epsilon.toFixed(3)} whatever the mileage.`
        : `The likeliest ε-optimal policy replaces from ${miles(all.reward.bin)} miles on, with ε = ${all.epsilon.toFixed(3)}.`,
    ].join(' '),
    findings: [comparison.finding],
    tables: [comparison.table],
    charts: [comparison.chart, hazardChart(trajectories, soft.arrays.policy, all)],
  };
}

/** Returns [pairs] the reward with mileage cost 1. */
function rewardOf(problem: Problem, ratio: number): Float64Array {
  return rewardAt(problem, Float64Array.of(ratio, 1));
}

/**
 * Returns all policies that are optimal for some ratio of the costs between 1e-4 and 1e5, by their
 * threshold, ascending; those that are so in less than a millionth of a ratio may be missed.
 */
export function optimalThresholds(problem: Problem): Threshold[] {
  const { mdp } = problem.world;
  const found = new Map<number, Threshold>();
  const thresholdAt = (log: number): number => {
    const ratio = Math.exp(log);
    const { greedy } = policyIteration(mdp, rewardOf(problem, ratio), { discount: DISCOUNT });
    const first = greedy.findIndex((pair, bin) => pair === replacementPair(bin, true));
    const bin = first < 0 ? mdp.stateCount : first;
    if (!found.has(bin)) found.set(bin, { bin, ratio });
    return bin;
  };
  // the threshold grows with the ratio: what lies between two neighbours needs no search
  const search = (low: number, high: number, below: number, above: number): void => {
    if (above - below <= 1 || high - low < 1e-6) return;
    const middle = (low + high) / 2;
    const bin = thresholdAt(middle);
    search(low, middle, below, bin);
    search(middle, high, bin, above);
  };
  const [low, high] = [Math.log(1e-4), Math.log(1e5)];
  search(low, high, thresholdAt(low), thresholdAt(high));
  return [...found.values()].sort((a, b) => a.bin - b.bin);
}

const BINS_PER_BAR = 10;

function hazardChart(
  { state, pair }: Trajectories,
  policy: Float64Array,
  { reward, epsilon }: SlipFit<Threshold>,
): Chart {
  const groups = Array.from({ length: Math.ceil(BINS / BINS_PER_BAR) }, () => ({
    months: 0,
    replaced: 0,
    bins: 0,
  }));
  state.forEach((bin, row) => {
    if (pair[row] < 0) return;
    const group = groups[Math.floor(bin / BINS_PER_BAR)];
    group.months++;
    group.bins += bin;
    if (pair[row] === replacementPair(bin, true)) group.replaced++;
  });
  const at = (bin: number): number => (bin * MILES_PER_BIN) / 1000;
  const seen = state.reduce((most, bin) => Math.max(most, bin), 0);
  const every = Array.from({ length: seen + 1 }, (_, bin) => bin);
  return {
    name: 'hazard',
    title: 'Probability of a replacement, by mileage',
    caption: `Recorded: share of months of 37 buses, by ${miles(BINS_PER_BAR)} miles, at their mean mileage, with Wilson's 95 % intervals. Models: fitted to all buses, up to the largest mileage recorded.`,
    kind: 'curves',
    x: { label: 'thousand miles since the last replacement' },
    y: { label: 'probability in a month' },
    series: [
      {
        name: 'recorded',
        points: groups
          .filter(({ months }) => months > 0)
          .map(({ months, replaced, bins }) => {
            const { value, low, high } = wilsonInterval(replaced, months);
            return { x: at(bins / months), y: value, low, high };
          }),
      },
      {
        name: 'soft choice',
        points: every.map((bin) => ({ x: at(bin), y: policy[replacementPair(bin, true)] })),
      },
      {
        name: 'ε-optimal choice',
        points: every.map((bin) => ({
          x: at(bin),
          y: (bin >= reward.bin ? 1 - epsilon : 0) + epsilon / 2,
        })),
      },
    ],
  };
}

function miles(bins: number): string {
  return (bins * MILES_PER_BIN).toLocaleString('en');
}
