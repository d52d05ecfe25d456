/**
 * Episodes as a plain table, and back, to the same bits:
 *
 *   trajectory, step, state | obs_…, action | act_…, reward, end
 *
 * One row per decision; a last row without action where the observation that the episode ended in
 * is known. `end` (terminated, truncated or cut-off) stands in the last row of each trajectory.
 * Numbers are the shortest decimals that name the same double; NaN, Infinity and −0 are kept.
 */

import { basename, resolve } from 'node:path';
import { parseDecimal } from '../tables/tableCells.ts';
import { quoted, quotedList, TableError } from '../tables/tableError.ts';
import { csvSource } from './csvSource.ts';
import {
  type Episode,
  type EpisodeEnd,
  type EpisodeFile,
  type EpisodeLayout,
  type EpisodeSpace,
  episodeColumns,
} from './episodes.ts';
import { firstRecord } from './firstRecord.ts';
import { isMalformed, type SourceRecord } from './source.ts';

const ENDS: readonly string[] = ['terminated', 'truncated', 'cut-off'];
const SPECIAL: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
};

/** What has come of an episode so far. */
interface Growing {
  readonly name: string;
  readonly observations: number[];
  readonly actions: number[];
  readonly rewards: number[];
  rows: number;
  /** Whether a row without action has come, after which nothing may. */
  closed: boolean;
}

/** Opens a table of episodes, packed or not; its rows must be in order, trajectory by trajectory. */
export async function openEpisodesTable(path: string): Promise<EpisodeFile> {
  const source = csvSource(path);
  const first = await firstRecord(source);
  const layout = layoutOf(basename(path), Object.keys(first.fields));
  return {
    name: source.name,
    files: [resolve(path)],
    layout,
    warnings: ignored(basename(path), Object.keys(first.fields), layout),
    async *read() {
      let growing: Growing | null = null;
      let last = 1;
      const seen = new Set<string>();
      for await (const batch of source.read())
        for (const item of batch) {
          if (isMalformed(item)) throw new TableError(source.name, item.place, item.problem);
          last = item.place;
          const trajectory = String(item.fields.trajectory);
          if (growing === null) {
            if (seen.has(trajectory))
              throw new TableError(
                source.name,
                item.place,
                `trajectory ${quoted(trajectory)} goes on after its end`,
              );
            seen.add(trajectory);
            growing = start(trajectory);
          }
          const end = takeRow(source.name, growing, item, layout);
          if (end === null) continue;
          yield finished(growing, end, layout);
          growing = null;
        }
      if (growing !== null)
        throw new TableError(
          source.name,
          last,
          `trajectory ${quoted(growing.name)} has no "end" in its last row`,
        );
    },
  };
}

function start(name: string): Growing {
  return { name, observations: [], actions: [], rewards: [], rows: 0, closed: false };
}

function finished(growing: Growing, end: EpisodeEnd, { hasRewards }: EpisodeLayout): Episode {
  const { name, observations, actions, rewards, rows, closed } = growing;
  return {
    name,
    steps: closed ? rows - 1 : rows,
    observations: Float64Array.from(observations),
    actions: Float64Array.from(actions),
    rewards: hasRewards ? Float64Array.from(rewards) : null,
    end,
  };
}

/** Takes one row; returns how the episode ended where this is its last. */
function takeRow(
  file: string,
  growing: Growing,
  { place, fields }: SourceRecord,
  layout: EpisodeLayout,
): EpisodeEnd | null {
  const refuse = (problem: string): never => {
    throw new TableError(file, place, problem);
  };
  const text = (column: string): string => String(fields[column]);
  const number = (column: string): number => {
    const cell = text(column);
    const value = Object.hasOwn(SPECIAL, cell) ? SPECIAL[cell] : parseDecimal(cell);
    if (Number.isNaN(value) && cell !== 'NaN')
      refuse(`${quoted(column)} must be a number, got ${quoted(cell)}`);
    return value;
  };
  if (text('trajectory') !== growing.name)
    refuse(`trajectory ${quoted(growing.name)} has no "end" in its last row, the one before`);
  if (text('step') !== String(growing.rows))
    refuse(`"step" must be ${growing.rows}, got ${quoted(text('step'))}`);
  if (growing.closed) refuse('comes after a row without action, which must be the last');
  for (const column of namesOf(layout.observations, 'state'))
    growing.observations.push(number(column));
  const acted = namesOf(layout.actions, 'action');
  const decided = [...acted, ...(layout.hasRewards ? ['reward'] : [])];
  const empty = decided.filter((column) => text(column) === '');
  if (empty.length === decided.length) growing.closed = true;
  else if (empty.length > 0)
    refuse(
      `${quoted(empty[0])} is empty, but ${quoted(decided.find((column) => !empty.includes(column))!)} is not`,
    );
  else {
    for (const column of acted) growing.actions.push(number(column));
    if (layout.hasRewards) growing.rewards.push(number('reward'));
  }
  growing.rows++;
  const end = text('end');
  if (end === '') return null;
  if (!ENDS.includes(end)) refuse(`"end" must be ${ENDS.join(', ')} or empty, got ${quoted(end)}`);
  return end as EpisodeEnd;
}

function namesOf(space: EpisodeSpace, discrete: string): readonly string[] {
  return space.kind === 'discrete' ? [discrete] : space.names;
}

function ignored(file: string, columns: readonly string[], layout: EpisodeLayout): string[] {
  const known = episodeColumns(layout);
  const others = columns.filter((column) => !known.includes(column));
  return others.length === 0 ? [] : [`${file}: ignores the columns ${quotedList(others, 12)}`];
}

function layoutOf(file: string, columns: readonly string[]): EpisodeLayout {
  const refuse = (problem: string): never => {
    throw new TableError(file, 1, problem);
  };
  for (const column of ['trajectory', 'step', 'end'])
    if (!columns.includes(column))
      refuse(`column ${quoted(column)} is missing; the header has ${quotedList(columns, 12)}`);
  const space = (discrete: string, prefix: string): EpisodeSpace => {
    const names = columns.filter((column) => column.startsWith(prefix));
    if (columns.includes(discrete) === names.length > 0)
      refuse(
        `wanted a column ${quoted(discrete)} or columns ${quoted(`${prefix}…`)}, and not both`,
      );
    return names.length > 0 ? { kind: 'box', names } : { kind: 'discrete' };
  };
  return {
    observations: space('state', 'obs_'),
    actions: space('action', 'act_'),
    hasRewards: columns.includes('reward'),
  };
}
