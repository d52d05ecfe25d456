/** The second half of a run: points to states, states to moves, and goals; tracks in, tracks out. */

import type { Discretizer } from '../discretize/discretizer.ts';
import { actions } from './actions.ts';
import { DiscretizeOptions, discretize } from './discretize.ts';
import { goals } from './goals.ts';
import { learnedPoints } from './learnedPoints.ts';
import { graphOfEdges, graphWithin, type MoveGraph } from './moveGraph.ts';
import type { Plan } from './plan.ts';
import { type RecordedWorld, recordedWorld } from './recordedWorld.ts';
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
  /** From how many points, of how many, and of which folds; null where nothing was learned. */
  readonly from: {
    readonly points: number;
    readonly of: number;
    readonly folds: readonly string[];
    readonly heldOut: readonly string[];
  } | null;
}

/** Learns what the stages need, from the folds that are not held out. */
export async function learn<Row extends Values>(
  plan: Plan<Row>,
  tracks: AsyncIterable<Track> | Iterable<Track>,
  seed: number,
): Promise<Learned> {
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
  const found = await learnedPoints(tracks, rule.dimension, heldOut, most, seed);
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
  readonly world: RecordedWorld;
}

/** @param onTrack is given every finished track, with states */
export function encode<Row extends Values>(
  plan: Plan<Row>,
  { discretizer, graph }: Learned,
  onTrack: (track: Track<Row>) => void,
  onRefused: (refusal: Refusal, stage: string) => void,
): Encoding<Row> {
  const { moves: _, ...actionOptions } = plan.actions;
  const stages: Stage<Track<Row>, Track<Row>>[] = [
    ...(discretizer && plan.discretize
      ? [discretize<Row>(discretizer, plan.discretize.options)]
      : []),
    actions<Row>(graph, actionOptions),
    ...(plan.goals ? [goals<Row>(plan.goals.rule, plan.goals.options)] : []),
  ];
  const world = recordedWorld(graph, actionOptions.stays !== 'collapse');
  const counts = stages.map(({ name }) => noCounts(name));
  let next = (track: Track<Row>) => {
    world.take(track);
    onTrack(track);
  };
  const runs: StageRun<Track<Row>>[] = [];
  for (let i = stages.length - 1; i >= 0; i--) {
    runs[i] = countedStage(stages[i], counts[i], next, onRefused);
    next = runs[i].take;
  }
  return {
    take: next,
    counts,
    settings: stages.map(({ settings }) => settings),
    measures: () => runs.map((run) => run.measures?.() ?? null),
    world,
  };
}
