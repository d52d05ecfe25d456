/** How trajectories end: where nothing is offered, as their recorder says, or overlapping the next. */

import { quoted } from '../../../demonstrations/tables/tableError.ts';
import { count, listed, percent } from '../../report/words.ts';
import { type Checked, type Finding, MOST_EXAMPLES } from '../finding.ts';
import type { Profiled } from '../profiled.ts';

export interface EndMeasures {
  /** States of the world without actions. */
  readonly deadEnds: number;
  /** Trajectories whose last state is one of them. */
  readonly endingThere: number;
  /** Trajectories by how they end, in the words of a pipeline; null where none says. */
  readonly said: Readonly<Record<string, number>> | null;
  /** Pairs of one person's tracks that lie in the same time; null where times are not known. */
  readonly sameTime: number | null;
  /** Trajectories that end with the very states with which another of the same person begins; null where persons are not known. */
  readonly sameRows: number | null;
}

/** Fewest rows, and different states among them, that two trajectories share to be called overlapping. */
const ROWS = 5;
const STATES = 4;

export function ends(data: Profiled): Checked<EndMeasures> {
  const { world, recording, goals, tracks, time } = data;
  const { mdp } = world;
  const { names, rowStart, state } = recording;
  const isDeadEnd = (s: number): boolean =>
    s < mdp.stateCount && mdp.pairStart[s] === mdp.pairStart[s + 1];
  let deadEnds = 0;
  for (let s = 0; s < mdp.stateCount; s++) if (isDeadEnd(s)) deadEnds++;
  const there = names.flatMap((_, i) => (isDeadEnd(state[rowStart[i + 1] - 1]) ? [i] : []));
  const elsewhere = there.filter((i) => {
    const goal = goals[data.trajectories.goal[i]];
    return goal && !goal.stopState.includes(state[rowStart[i + 1] - 1]);
  });

  const findings: Finding[] = [];
  if (data.isGiven && recording.goals !== null && elsewhere.length > 0)
    findings.push({
      check: 'ends',
      level: 'warning',
      share: elsewhere.length / names.length,
      found: `${count(elsewhere.length, 'trajectory ends', 'trajectories end')} in a dead end that is not the goal.`,
      meaning:
        'From there no goal can be reached, so a fit refuses such trajectories; the transitions may lack moves, as at the edge of what was mapped.',
      examples: elsewhere
        .slice(0, MOST_EXAMPLES)
        .map((i) => `trajectory ${quoted(names[i])}, ${quoted(stateAtEnd(data, i))}`),
    });
  else if (data.isGiven && deadEnds > 0 && recording.goals === null)
    findings.push({
      check: 'ends',
      level: 'note',
      share: there.length / names.length,
      found: `${count(deadEnds, 'state has', 'states have')} no actions, and ${count(there.length, 'trajectory ends', 'trajectories end')} in one.`,
      meaning:
        time?.kind === 'undiscounted'
          ? 'Those states are dead ends.'
          : 'There the task ends with value 0: right where that is an end in itself, wrong where only the recording, or the map, ends.',
      examples: there
        .slice(0, MOST_EXAMPLES)
        .map((i) => `trajectory ${quoted(names[i])}, ${quoted(stateAtEnd(data, i))}`),
    });

  const said = saidEnds(data);
  if (said) {
    const all = Object.values(said).reduce((sum, n) => sum + n, 0);
    const cut = said.cut ?? 0;
    if (cut > 0)
      findings.push({
        check: 'ends',
        level: cut / all >= 0.5 ? 'warning' : 'note',
        share: cut / all,
        found: `${count(cut, 'track was', 'tracks were')} cut at a gap, a jump or a refused row (${percent(cut / all)}): ${listed(Object.entries(said).map(([end, n]) => `${n.toLocaleString('en-US')} ${end}`))}.`,
        meaning:
          'What was one journey counts as several. Starts and ends of parts are no choices of people; look at the rules of cleaning where this is most of them.',
        examples: [],
      });
  }
  const sameTime = tracks ? overlapsInTime(tracks.tracks) : null;
  if (sameTime && sameTime.length > 0)
    findings.push({
      check: 'ends',
      level: 'warning',
      share: Math.min(1, sameTime.length / names.length),
      found: `${count(sameTime.length, 'track begins', 'tracks begin')} before another of the same person has ended.`,
      meaning:
        'One person is in two places, or moves were recorded twice: they count double, and what is held out was partly seen.',
      examples: sameTime.slice(0, MOST_EXAMPLES).map((name) => `trajectory ${quoted(name)}`),
    });
  const sameRows = recording.persons ? overlapsInRows(data) : null;
  if (sameRows && sameRows.length > 0)
    findings.push({
      check: 'ends',
      level: 'warning',
      share: sameRows.length / names.length,
      found: `${count(sameRows.length, 'trajectory ends', 'trajectories end')} with the very rows (${ROWS} or more) with which another of the same person begins.`,
      meaning:
        'Sessions may have been cut with an overlap: those decisions count double, and what is held out was partly seen.',
      examples: sameRows
        .slice(0, MOST_EXAMPLES)
        .map(([a, b]) => `${quoted(names[a])} and ${quoted(names[b])}`),
    });
  return {
    findings,
    measures: {
      deadEnds,
      endingThere: there.length,
      said,
      sameTime: sameTime?.length ?? null,
      sameRows: sameRows?.length ?? null,
    },
  };
}

function stateAtEnd({ recording }: Profiled, i: number): string {
  return recording.stateNames[recording.state[recording.rowStart[i + 1] - 1]];
}

function saidEnds({ tracks, recording }: Profiled): Record<string, number> | null {
  if (!tracks) return null;
  const known = new Set(recording.names);
  const said: Record<string, number> = {};
  for (const { trajectory, end } of tracks.tracks)
    if (known.has(trajectory)) said[end] = (said[end] ?? 0) + 1;
  return said;
}

/** Names of the tracks that begin while an earlier one of the same person goes on; null without times. */
function overlapsInTime(tracks: NonNullable<Profiled['tracks']>['tracks']): string[] | null {
  const timed = tracks.flatMap(({ trajectory, person, first, last }) =>
    first === null || last === null ? [] : [{ trajectory, person, first, last }],
  );
  if (timed.length === 0) return null;
  timed.sort((a, b) =>
    a.person === b.person ? a.first - b.first || a.last - b.last : a.person < b.person ? -1 : 1,
  );
  const found: string[] = [];
  let [person, until] = ['', Number.NEGATIVE_INFINITY];
  for (const [k, track] of timed.entries()) {
    if (k === 0 || track.person !== person) until = Number.NEGATIVE_INFINITY;
    if (track.first < until) found.push(track.trajectory);
    person = track.person;
    until = Math.max(until, track.last);
  }
  return found;
}

/** Pairs of trajectories of one person: the last rows of the first are the first rows of the second. */
function overlapsInRows({ recording }: Profiled): (readonly [number, number])[] {
  const { names, persons, rowStart, state } = recording;
  const key = (i: number, from: number): string =>
    `${persons?.[i]}\n${state.subarray(from, from + ROWS).join()}`;
  const beginnings = new Map<string, number[]>();
  for (let i = 0; i < names.length; i++) {
    if (rowStart[i + 1] - rowStart[i] < ROWS) continue;
    const own = key(i, rowStart[i]);
    beginnings.set(own, [...(beginnings.get(own) ?? []), i]);
  }
  const found: (readonly [number, number])[] = [];
  for (let a = 0; a < names.length; a++) {
    const end = rowStart[a + 1];
    const partner = (): number | null => {
      // Not from its first row: that would be a copy, or the beginning of a longer one.
      for (let from = rowStart[a] + 1; from + ROWS <= end; from++) {
        if (new Set(state.subarray(from, end)).size < STATES) break;
        for (const b of beginnings.get(key(a, from)) ?? [])
          if (b !== a && beginsWith(recording, b, from, end)) return b;
      }
      return null;
    };
    const b = partner();
    if (b !== null) found.push([a, b]);
  }
  return found;
}

function beginsWith(
  { rowStart, state }: Profiled['recording'],
  b: number,
  from: number,
  end: number,
): boolean {
  if (rowStart[b + 1] - rowStart[b] < end - from) return false;
  for (let k = 0; k < end - from; k++) if (state[from + k] !== state[rowStart[b] + k]) return false;
  return true;
}
