/**
 * A model of people, on recorded trips: cars through Borlänge. Soft-optimal choice (the recursive logit)
 * against shortest paths with slips,
 *
 *   π(a) = (1 − ε) [a on a shortest way on] / k + ε / A,   length = time + w₁ left + w₂ links + w₃ U-turns
 *
 * each with four numbers of its own: four weights; three ratios of weights, and ε. The likelihood of
 * slips has steps in the weights, so they are sought by trying: weights drawn at random, the same for
 * all folds, those of the soft fit to the training trips, and then proposals around the best so far.
 * Given the weights ε is exact. Trips are predicted from those of the other folds.
 */

import {
  type Answer,
  borlange,
  causalEntropy,
  createRng,
  dealFolds,
  findDataFile,
  finish,
  optimalChoices,
  type Problem,
  type Question,
  type Rng,
  rewardAt,
  selectTrajectories,
} from 'revealed';
import { compareModels } from './heldOutModels.ts';
import { likeliestReward, type SlipFit, type TriedReward } from './slipModels.ts';

export interface RouteSearch {
  readonly folds: number;
  /** Weights drawn at random, for all folds. */
  readonly drawn: number;
  /** Proposals around the best so far, for each fold. */
  readonly proposals: number;
}

export const routeChoices: Question = {
  name: 'people-routes',
  title: 'Is it a model of people? Which way cars take through Borlänge',
  ask: (seed) => askRoutes({ folds: 4, drawn: 20, proposals: 9 }, seed),
};

/** In minutes: of a left turn, a link, a U-turn. */
type Weights = readonly [left: number, link: number, uTurn: number];

/** Where weights are drawn, evenly in their logarithms. */
const RANGES: readonly (readonly [number, number])[] = [
  [0.03, 3],
  [0.01, 1],
  [0.3, 30],
];
/** Features of the data set, in its order: travel time, left turn, link constant, U-turn. */
const FEATURES = 4;

async function* askRoutes(
  size: RouteSearch,
  seed: number,
): AsyncGenerator<number, Answer, undefined> {
  if (['links', 'transitions', 'trips', 'destinations'].some((file) => !shipped(`${file}.csv`)))
    return withoutData();
  const { world, features, goals, trajectories } = await borlange();
  return yield* predictRoutes(
    {
      world,
      features,
      goals,
      trajectories,
      time: { kind: 'undiscounted' },
      initial: null,
      temperature: 1,
    },
    size,
    seed,
  );
}

function shipped(file: string): boolean {
  return findDataFile('borlange', file) !== null;
}

function withoutData(): Answer {
  return {
    sentence: 'Not asked: the trips through Borlänge are not here.',
    findings: [],
    tables: [
      {
        title: 'Log-likelihood of trips that were held out',
        columns: ['model', 'per decision'],
        rows: [
          ['soft choice', null],
          ['ε-optimal choice', null],
        ],
        note: 'The data set borlange is not shipped with the program. Set REVEALED_DATA to a folder that holds borlange/links.csv, transitions.csv, trips.csv and destinations.csv; datasets/borlange says where they come from.',
      },
    ],
    charts: [],
  };
}

/** @param problem whose features are those of Borlänge: travel time, left turn, link constant, U-turn */
export function* predictRoutes(
  problem: Problem,
  { folds, drawn, proposals }: RouteSearch,
  seed: number,
): Generator<number, Answer, undefined> {
  const { trajectories } = problem;
  const choices = optimalChoices(problem);
  const { options, trajectory } = choices;
  const tried: TriedReward<Weights>[] = [];
  const steps = drawn + folds * (proposals + 2) + 1;
  let done = 0;
  const attempt = (weights: Weights): number => {
    const reward = rewardAt(
      problem,
      Float64Array.from([1, ...weights], (w) => -w),
    );
    tried.push({ reward: weights, counts: { ...choices.judge(reward), options } });
    return ++done / steps;
  };

  const random = createRng(seed, 'weights');
  for (let i = 0; i < drawn; i++) yield attempt(drawWeights(random));
  const ofAll = tried.length;

  const fold = dealFolds(trajectories.count, folds, createRng(seed, 'folds'));
  const sums = {
    called: 'trips',
    decisions: new Float64Array(trajectories.count),
    soft: new Float64Array(trajectories.count),
    slips: new Float64Array(trajectories.count),
    chance: new Float64Array(trajectories.count),
  };
  const best: SlipFit<Weights>[] = [];
  const parameters: number[][] = [];
  for (let f = 0; f < folds; f++) {
    const isTraining = (d: number): boolean => fold[trajectory[d]] !== f;
    const training = selectTrajectories(trajectories, (i) => fold[i] !== f);
    const fit = finish(causalEntropy.fit({ ...problem, trajectories: training }, {}));
    const theta = fit.parameters.map(({ estimate }) => estimate);
    parameters.push(theta);
    const testTrips = Array.from(fold.keys()).filter((i) => fold[i] === f);
    const testing = selectTrajectories(trajectories, (i) => fold[i] === f);
    const tripOfRow = (row: number): number =>
      testTrips[testing.rowStart.findLastIndex((start) => start <= row)];
    fit.predictChoices(testing, (row, logs, taken) => {
      sums.soft[tripOfRow(row)] += logs[taken];
    });
    yield ++done / steps;

    // only what training trips of this fold led to, and what no trip did
    const known = tried.slice(0, ofAll);
    const add = (weights: Weights): number => {
      const share = attempt(weights);
      known.push(tried[tried.length - 1]);
      return share;
    };
    yield add(weightsOf(theta));
    const around = createRng(seed, `proposals ${f}`);
    for (let i = 0; i < proposals; i++) {
      const { reward } = likeliestReward(known, isTraining);
      yield add(propose(reward, 1 / (1 + i / 4), around));
    }
    best.push(likeliestReward(known, isTraining));
  }
  trajectory.forEach((trip, d) => {
    sums.decisions[trip]++;
    sums.slips[trip] += best[fold[trip]].log(d);
    sums.chance[trip] -= Math.log(options[d]);
  });

  const all = likeliestReward(tried);
  const comparison = compareModels(
    sums,
    all.logLikelihood,
    `${folds} folds of trips, dealt at random. ε-optimal: ${tried.length} sets of weights tried in all, ${drawn} of them drawn at random; the search may miss better ones, but those in the last row are the best of all that were tried, for all trips.`,
    seed,
  );
  return {
    sentence: [
      comparison.finding.holds
        ? 'Soft choice predicts the trips better'
        : 'Soft choice does not predict the trips better for certain',
      `than shortest paths with slips, by ${comparison.gain.toFixed(3)} per decision; the likeliest ε is ${all.epsilon.toFixed(3)}:`,
      `a turn off the shortest path is as likely wherever it leads, while soft choice makes it the rarer the more it costs.`,
    ].join(' '),
    findings: [comparison.finding],
    tables: [comparison.table, weightsTable(parameters, best)],
    charts: [comparison.chart],
  };
}

function drawWeights(random: Rng): Weights {
  const [left, link, uTurn] = RANGES.map(([low, high]) => low * (high / low) ** random());
  return [left, link, uTurn];
}

/** Ratios to the weight of travel time; a weight that would make something attractive is 0. */
function weightsOf([time, ...others]: readonly number[]): Weights {
  const [left, link, uTurn] = others.map((weight) => Math.max(0, weight / time));
  return [left, link, uTurn];
}

/** Multiplies each weight by exp(reach · Z), about; a weight of 0 begins anew at its least. */
function propose(weights: Weights, reach: number, random: Rng): Weights {
  const [left, link, uTurn] = weights.map((weight, k) => {
    // a sum of three uniform numbers is near enough to normal, with variance 1
    const z = 2 * (random() + random() + random()) - 3;
    return Math.max(weight, RANGES[k][0] / 10) * Math.exp(reach * z);
  });
  return [left, link, uTurn];
}

function weightsTable(
  soft: readonly (readonly number[])[],
  slips: readonly SlipFit<Weights>[],
): Answer['tables'][number] {
  const names = ['left turn', 'link constant', 'U-turn'];
  return {
    title: 'What was fitted, fold by fold: weights in minutes of travel time',
    columns: [
      'fold',
      'weight of a minute, soft',
      ...names.flatMap((name) => [`${name}, soft`, `${name}, ε-optimal`]),
      'ε',
    ],
    rows: soft.map((theta, f) => [
      f + 1,
      -theta[0],
      ...names.flatMap((_, k) => [theta[k + 1] / theta[0], slips[f].reward[k]]),
      slips[f].epsilon,
    ]),
    note: `Soft choice: the weight of a minute is in units of the noise of choices. ε-optimal choice knows shortest paths only, which ${FEATURES - 1} ratios of weights decide.`,
  };
}
