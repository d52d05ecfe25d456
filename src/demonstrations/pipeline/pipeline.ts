/**
 * From what people recorded to checked trajectories, as a script:
 *
 *   await pipeline(source)
 *     .clean(z.object({ id: field.text(), t: field.time(), x: field.number(), y: field.number() }))
 *     .sessions({ person: (r) => r.id, time: (r) => r.t, point: (r) => [r.x, r.y] }, { gap: 60 })
 *     .split({ folds: 5, test: ['5'] })
 *     .discretize(rule)
 *     .actions({ moves: { within: 0.75 }, jumps: 'insert', stays: 'collapse' })
 *     .goals('last', { unfinished: 'keep' })
 *     .write('tables');
 *
 * Each step returns a new pipeline; nothing is read before `write` or `collect`.
 */

import type { z } from 'zod';
import type { DiscretizerRule } from '../discretize/discretizer.ts';
import type { Source, SourceItem } from '../sources/source.ts';
import type { ActionOptions } from './actions.ts';
import { type CleanRow, clean, type RefuseRules } from './clean.ts';
import { type Collected, collect } from './collect.ts';
import type { DiscretizeOptions } from './discretize.ts';
import type { GoalOptions, GoalRule } from './goals.ts';
import type { Manifest } from './manifest.ts';
import type { MoveFeatures, Moves, Plan } from './plan.ts';
import type { SessionColumns, SessionOptions } from './sessionRules.ts';
import { sessions } from './sessions.ts';
import { type SplitOptions, split } from './split.ts';
import type { Stage } from './stage.ts';
import type { Values } from './track.ts';
import { type PipelineProgress, type WriteOptions, writeFolder } from './writeFolder.ts';

/** Begins a pipeline; see the steps that it offers. */
export function pipeline(source: Source): RecordPipeline {
  return {
    clean: (schema, refuse) => {
      const stage = clean(schema, refuse);
      return {
        sessions: (columns, options) =>
          trackPipeline({
            source,
            clean: stage as Stage<SourceItem, CleanRow<Values>>,
            sessions: sessions(columns, options) as unknown as Plan['sessions'],
            split: null,
            discretize: null,
            actions: { moves: 'recorded' },
            goals: null,
            features: {},
          }) as never,
      };
    },
  };
}

export interface RecordPipeline {
  /** Checks every record against a schema of `field.…()`, then against rules of one's own. */
  readonly clean: <Schema extends z.ZodObject>(
    schema: Schema,
    refuse?: RefuseRules<z.output<Schema>>,
  ) => RowPipeline<z.output<Schema> & Values>;
}

export interface RowPipeline<Row extends Values> {
  /** Puts the rows of each person in order and cuts them into tracks. */
  readonly sessions: (columns: SessionColumns<Row>, options?: SessionOptions) => TrackPipeline<Row>;
}

/** Tracks; the steps may be given in any order, and each of them once or not at all. */
export interface TrackPipeline<Row extends Values> {
  /**
   * Parts people into folds; no state and no share of outcomes is learned from those of `test`. Only
   * what is possible at all is read off every fold (see `recordedWorld.ts`), and the manifest says
   * how much of it nobody else did.
   */
  readonly split: (options: SplitOptions<Row>) => TrackPipeline<Row>;
  /** Makes states of points, by what is learned from the folds that are not held out. */
  readonly discretize: (rule: DiscretizerRule, options?: DiscretizeOptions) => TrackPipeline<Row>;
  /** Says which moves there are, and what becomes of stays and jumps. */
  readonly actions: (options: ActionOptions & { readonly moves?: Moves }) => TrackPipeline<Row>;
  /** Says where tracks are heading. */
  readonly goals: (rule: GoalRule<Row>, options?: GoalOptions) => TrackPipeline<Row>;
  /** What a reward may look at, of every move of the world. */
  readonly features: (features: MoveFeatures) => TrackPipeline<Row>;
  /** Runs it in memory. */
  readonly collect: (options?: { readonly seed?: number }) => Promise<Collected<Row>>;
  /** Runs it to a folder of plain tables; `resume` goes on with an interrupted run. */
  readonly write: (directory: string, options?: WriteOptions) => Promise<Manifest>;
  /** The same, telling how far it is; to stop asking is to interrupt it. */
  readonly writing: (
    directory: string,
    options?: WriteOptions,
  ) => AsyncGenerator<PipelineProgress, Manifest>;
}

function trackPipeline<Row extends Values>(plan: Plan<Row>): TrackPipeline<Row> {
  return {
    split: (options) =>
      trackPipeline({ ...plan, split: { stage: split(options), test: [...(options.test ?? [])] } }),
    discretize: (rule, options = {}) => trackPipeline({ ...plan, discretize: { rule, options } }),
    actions: ({ moves = 'recorded', ...options }) =>
      trackPipeline({ ...plan, actions: { ...options, moves } }),
    goals: (rule, options = {}) => trackPipeline({ ...plan, goals: { rule, options } }),
    features: (features) => trackPipeline({ ...plan, features }),
    collect: ({ seed = 0 } = {}) => collect(plan, seed),
    writing: (directory, options) => writeFolder(plan, directory, options),
    async write(directory, options) {
      const run = writeFolder(plan, directory, options);
      for (let next = await run.next(); ; next = await run.next()) if (next.done) return next.value;
    },
  };
}
