/** What a pipeline was asked to do: the stages by name, before any row is read. */

import type { DiscretizerRule } from '../discretize/discretizer.ts';
import type { Source, SourceItem } from '../sources/source.ts';
import type { ActionOptions } from './actions.ts';
import type { CleanRow } from './clean.ts';
import type { DiscretizeOptions } from './discretize.ts';
import type { GoalOptions, GoalRule } from './goals.ts';
import type { Stage } from './stage.ts';
import type { Track, Values } from './track.ts';

/**
 * Which moves there are: `recorded`, every step that somebody took; within a distance of each
 * other's centres; or as listed, from and to.
 */
export type Moves =
  | 'recorded'
  | { readonly within: number }
  | { readonly edges: readonly (readonly [string, string])[] };

/** A move of the world, as a feature sees it. */
export interface SeenMove {
  readonly state: string;
  /** As recorded, or the name of the next state. */
  readonly action: string;
  /** Null where an action may lead to several states. */
  readonly nextState: string | null;
  /** Centre of the state; null where states were recorded as such. */
  readonly from: readonly number[] | null;
  readonly to: readonly number[] | null;
}

export type MoveFeatures = Readonly<Record<string, (move: SeenMove) => number>>;

export interface Plan<Row extends Values = Values> {
  readonly source: Source;
  readonly clean: Stage<SourceItem, CleanRow<Row>>;
  readonly sessions: Stage<CleanRow<Row>, Track<Row>>;
  readonly split: { readonly stage: Stage<Track<Row>, Track<Row>>; readonly test: string[] } | null;
  readonly discretize: {
    readonly rule: DiscretizerRule;
    readonly options: DiscretizeOptions;
  } | null;
  readonly actions: ActionOptions & { readonly moves: Moves };
  readonly goals: { readonly rule: GoalRule<Row>; readonly options: GoalOptions } | null;
  readonly features: MoveFeatures;
}
