/** The second half of a run: points to states, states to moves, and goals; tracks in, tracks out. */

import type { Discretizer } from '../discretize/discretizer.ts';
import { actions } from './actions.ts';
import { DiscretizeOptions, discretize } from './discretize.ts';
import { GoalOptions, goals } from './goals.ts';
import { inWorld } from './inWorld.ts';
import { learnedPoints } from './learnedPoints.ts';
import { graphOfEdges, graphWithin, type MoveGraph } from './moveGraph.ts';
import type { Plan } from './plan.ts';
import {
  type KnownMoves,
  movesOfGraph,
  recordedSteps,
  type StateVisits,
  stateVisits,
} from './recordedWorld.ts';
import {
  countedStage,
  noCounts,
  type Refusal,
  type Stage,
  type StageCounts,
  type StageRun,
} from './stage.ts';
import type { Track, Values } from './track.ts';

/** What was learned before the first track was encoded. */
export interface Learned {
  /** Null where states were recorded as such. */
  readonly discretizer: Discretizer | null;
  /** Null where every recorded step is a move. */
  readonly graph: MoveGraph | null;
  /** Every move there is. */
  readonly known: KnownMoves;
  /** From how many points, of how many, and of which folds; null where nothing was learned. */
  readonly from: {
    readonly points: number;
    readonly of: number;
    readonly folds: readonly string[];
    readonly heldOut: readonly string[];
  } | null;
}

/**
 * Learns what the stages need, from the folds that are not held out; which steps are possible is
 * read off all.
 *
 * @param tracksOf begins to read the tracks anew
 */
export async function learn<Row extends Values>(
  plan: Plan<Row>,
  tracksOf: () => AsyncIterable<Track<Row>> | Iterable<Track<Row>>,
  seed: number,
): Promise<Learned> {
  const states = await learnStates(plan, tracksOf, seed);
  const { graph } = states;
  if (graph) return { ...states, known: movesOfGraph(graph, plan.actions.stays !== 'collapse') };
  const steps = recordedSteps(plan.split?.test ?? []);
  const { take } = chain(stagesOf(plan, states), steps.take, () => {});
  for await (const track of tracksOf()) take(track);
  return { ...states, known: steps.known() };
}

async function learnStates<Row extends Values>(
  plan: Plan<Row>,
  tracksOf: () => AsyncIterable<Track<Row>> | Iterable<Track<Row>>,
  seed: number,
): Promise<Omit<Learned, 'known'>> {
  const { moves } = plan.actions;
  const edges = typeof moves === 'object' && 'edges' in moves ? graphOfEdges(moves.edges) : null;
  if (!plan.discretize) {
    if (typeof moves === 'object' && 'within' in moves)
      throw new RangeError(
        'Cannot join states within a distance: they were recorded as such and lie nowhere; list the moves',
      );
    return { discretizer: null, graph: edges, from: null };
  }
  const { rule, options } = plan.discretize;
  const heldOut = plan.split?.test ?? [];
  const most = DiscretizeOptions.parse(options).learnFrom;
  const found = await learnedPoints(tracksOf(), rule.dimension, heldOut, most, seed);
  const discretizer = rule.learn(found.points);
  const graph =
    typeof moves === 'object' && 'within' in moves ? graphWithin(discretizer, moves.within) : edges;
  return {
    discretizer,
    graph,
    from: {
      points: found.points.length / rule.dimension,
      of: found.seen,
      folds: found.folds,
      heldOut,
    },
  };
}

export interface Encoding<Row extends Values> {
  readonly take: (track: Track<Row>) => void;
  readonly counts: readonly StageCounts[];
  readonly settings: readonly Readonly<Record<string, unknown>>[];
  /** What each stage found beside counts. */
  readonly measures: () => readonly (Readonly<Record<string, unknown>> | null)[];
  /** Every state that was visited or can be moved to. */
  readonly states: () => readonly StateVisits[];
}

/** @param onTrack is given every finished track, with states */
export function encode<Row extends Values>(
  plan: Plan<Row>,
  learned: Learned,
  onTrack: (track: Track<Row>) => void,
  onRefused: (refusal: Refusal, stage: string) => void,
): Encoding<Row> {
  const { graph, known } = learned;
  const { unreachable } = GoalOptions.parse(plan.goals?.options ?? {});
  const stages = [...stagesOf(plan, learned), inWorld<Row>(known, unreachable)];
  const visits = stateVisits(known.moves, graph?.stateNames ?? []);
  const { counts, runs, take } = chain(
    stages,
    (track) => {
      visits.take(track);
      onTrack(track);
    },
    onRefused,
  );
  return {
    take,
    counts,
    settings: stages.map(({ settings }) => settings),
    measures: () => runs.map((run) => run.measures?.() ?? null),
    states: visits.sorted,
  };
}

function stagesOf<Row extends Values>(
  plan: Plan<Row>,
  { discretizer, graph }: Pick<Learned, 'discretizer' | 'graph'>,
): Stage<Track<Row>, Track<Row>>[] {
  const { moves: _, ...actionOptions } = plan.actions;
  return [
    ...(discretizer && plan.discretize
      ? [discretize<Row>(discretizer, plan.discretize.options)]
      : []),
    actions<Row>(graph, actionOptions),
    ...(plan.goals ? [goals<Row>(plan.goals.rule, plan.goals.options)] : []),
  ];
}

/** Stages one behind the other, each counted. */
function chain<Row extends Values>(
  stages: readonly Stage<Track<Row>, Track<Row>>[],
  onTrack: (track: Track<Row>) => void,
  onRefused: (refusal: Refusal, stage: string) => void,
) {
  const counts: readonly StageCounts[] = stages.map(({ name }) => noCounts(name));
  const runs: StageRun<Track<Row>>[] = [];
  let take = onTrack;
  for (let i = stages.length - 1; i >= 0; i--) {
    runs[i] = countedStage(stages[i], counts[i], take, onRefused);
    take = runs[i].take;
  }
  return { counts, runs, take };
}
