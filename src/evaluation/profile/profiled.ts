/** Recorded behaviour as checks look at it: faults and all, in the coordinates of a world. */

import type { LooseMoves } from '../../demonstrations/looseMoves.ts';
import type { LooseRecording } from '../../demonstrations/tables/looseRecording.ts';
import type { TrackList } from '../../demonstrations/tables/tracksTable.ts';
import type { FeatureMatrix } from '../../features/featureMatrix.ts';
import type { Goal } from '../../mdp/goal.ts';
import type { Layout } from '../../mdp/layout.ts';
import type { TimeStructure } from '../../mdp/timeStructure.ts';
import type { Trajectories } from '../../mdp/trajectories.ts';
import type { World } from '../../mdp/world.ts';

export interface Profiled {
  /** The world of the transitions table; without one, what the recording itself shows. */
  readonly world: World;
  /** Whether there was a transitions table. */
  readonly isGiven: boolean;
  readonly layout: Layout | null;
  readonly recording: LooseRecording;
  readonly moves: LooseMoves;
  /** Pairs are −1 where a row is faulty; states may be beyond those of the world. */
  readonly trajectories: Trajectories;
  readonly goals: readonly Goal[];
  /** Whether goals can be judged: not where a table of exits could not be read. */
  readonly judgesGoals: boolean;
  /** How far ahead people look; null where nothing says. */
  readonly time: TimeStructure | null;
  readonly features: FeatureMatrix | null;
  readonly tracks: TrackList | null;
  /** Why a fit refuses what was recorded, as it says itself; null where it does not. */
  readonly refusal: string | null;
}

/** `person` where the recording says who, else `trajectory`. */
export function whoWord({ recording }: Profiled): 'person' | 'trajectory' {
  return recording.persons ? 'person' : 'trajectory';
}

/** [trajectories] whose each is, as numbers from 0 in order of first appearance; and their names. */
export function whoOf({ recording }: Profiled): { who: Int32Array; names: string[] } {
  const names: string[] = [];
  const number = new Map<string, number>();
  const who = Int32Array.from(recording.persons ?? recording.names, (name) => {
    const known = number.get(name);
    if (known !== undefined) return known;
    number.set(name, names.length);
    return names.push(name) - 1;
  });
  return { who, names };
}

/** [trajectories] decisions of each: rows where something was done, whether or not the world has it. */
export function decisionsOf({ recording, trajectories }: Profiled): Float64Array {
  const { rowStart, action, follows } = recording;
  return Float64Array.from({ length: trajectories.count }, (_, i) => {
    let decisions = trajectories.stopped[i];
    for (let row = rowStart[i]; row < rowStart[i + 1]; row++)
      if (follows[row] || (action !== null && action[row] >= 0)) decisions++;
    return decisions;
  });
}

/** `trajectories.csv:17`. */
export function place({ recording }: Profiled, row: number): string {
  return `${recording.file.name}:${recording.line[row]}`;
}
