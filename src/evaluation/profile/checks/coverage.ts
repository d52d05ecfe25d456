/** How much of the world was ever seen, and by how many. */

import { count, percent } from '../../report/words.ts';
import type { Checked, Finding } from '../finding.ts';
import { type Profiled, whoOf, whoWord } from '../profiled.ts';

export interface CoverageMeasures {
  readonly states: number;
  /** States that somebody was in. */
  readonly visited: number;
  readonly pairs: number;
  /** Pairs that somebody chose. */
  readonly taken: number;
  /** Pairs of states where something was decided. */
  readonly offered: number;
  /** Of the visited states, those with one trajectory, and with one person. */
  readonly byOneTrajectory: number;
  readonly byOnePerson: number | null;
  /** Trajectories per visited state, in the middle. */
  readonly medianTrajectories: number | null;
  readonly persons: number | null;
  /** States by visits: never, once, 2–3, 4–7, …; rows count, last ones too. */
  readonly visits: readonly {
    readonly low: number;
    readonly high: number;
    readonly count: number;
  }[];
}

export function coverage(data: Profiled): Checked<CoverageMeasures> {
  const { world, trajectories, recording } = data;
  const { mdp } = world;
  const { who, names } = whoOf(data);
  const visits = visitsOf(data);
  const trajectoriesIn = new Int32Array(mdp.stateCount);
  const peopleIn = new Int32Array(mdp.stateCount);
  const lastTrajectory = new Int32Array(mdp.stateCount).fill(-1);
  const lastPerson = new Int32Array(mdp.stateCount).fill(-1);
  const isTaken = new Uint8Array(mdp.pairCount);
  const decided = new Uint8Array(mdp.stateCount);
  const byPerson = Int32Array.from(who, (_, i) => i).sort((a, b) => who[a] - who[b]);
  for (const i of byPerson)
    for (let row = trajectories.rowStart[i]; row < trajectories.rowStart[i + 1]; row++) {
      const s = trajectories.state[row];
      if (s >= mdp.stateCount) continue;
      if (lastTrajectory[s] !== i) trajectoriesIn[s]++;
      if (lastPerson[s] !== who[i]) peopleIn[s]++;
      lastTrajectory[s] = i;
      lastPerson[s] = who[i];
      if (trajectories.pair[row] < 0) continue;
      isTaken[trajectories.pair[row]] = 1;
      decided[s] = 1;
    }
  const seen = trajectoriesIn.filter((n) => n > 0).sort();
  const sum = (flags: Uint8Array): number => flags.reduce((total, flag) => total + flag, 0);
  let offered = 0;
  for (let s = 0; s < mdp.stateCount; s++)
    if (decided[s]) offered += mdp.pairStart[s + 1] - mdp.pairStart[s];
  const measures: CoverageMeasures = {
    states: mdp.stateCount,
    visited: seen.length,
    pairs: mdp.pairCount,
    taken: sum(isTaken),
    offered,
    byOneTrajectory: seen.filter((n) => n === 1).length,
    byOnePerson: recording.persons ? peopleIn.filter((n) => n === 1).length : null,
    medianTrajectories: seen.length === 0 ? null : seen[(seen.length - 1) >> 1],
    persons: recording.persons ? names.length : null,
    visits: visitBars(visits),
  };
  return { findings: findingsOf(measures, data), measures };
}

function findingsOf(measures: CoverageMeasures, data: Profiled): Finding[] {
  const { states, visited, pairs, taken, byOneTrajectory, byOnePerson, persons } = measures;
  if (visited === 0) return [];
  const once = whoWord(data) === 'person' ? byOnePerson! : byOneTrajectory;
  const found: Finding[] = [];
  if (data.isGiven)
    found.push({
      check: 'coverage',
      level: visited / states < 0.1 ? 'warning' : 'note',
      share: 1 - visited / states,
      found: `${visited.toLocaleString('en-US')} of ${count(states, 'state')} (${percent(visited / states)}) were visited, and ${taken.toLocaleString('en-US')} of ${count(pairs, 'choice')} there are (${percent(taken / pairs)}) were made.`,
      meaning:
        visited === states
          ? 'Every state was seen.'
          : 'A reward on features carries over to what nobody visited; tabular cloning knows nothing there, and is uniform.',
      examples: [],
    });
  if (once > 0 && data.trajectories.count > 1 && persons !== 1)
    found.push({
      check: 'coverage',
      level: once / visited >= 0.5 ? 'warning' : 'note',
      share: once / visited,
      found: `${percent(once / visited)} of the visited states (${once.toLocaleString('en-US')}) were seen by one ${whoWord(data)} alone.`,
      meaning: `Whoever is held out is often where nobody else was: what is predicted there rests on features, not on copying.`,
      examples: [],
    });
  return found;
}

/** [states] rows in each state of the world. */
export function visitsOf({ world, trajectories }: Profiled): Float64Array {
  const visits = new Float64Array(world.mdp.stateCount);
  for (const s of trajectories.state) if (s < visits.length) visits[s]++;
  return visits;
}

function visitBars(visits: Float64Array): { low: number; high: number; count: number }[] {
  const counts: number[] = [];
  for (const n of visits) {
    const bar = n === 0 ? 0 : 1 + Math.floor(Math.log2(n));
    counts[bar] = (counts[bar] ?? 0) + 1;
  }
  return Array.from(counts, (count, bar) => ({
    low: bar === 0 ? 0 : 2 ** (bar - 1),
    high: bar === 0 ? 0 : 2 ** bar - 1,
    count: count ?? 0,
  }));
}
