/** Episodes as the text of a plain table, which `openEpisodesTable` reads to the same bits. */

import {
  type EpisodeSpace,
  type Episodes,
  episodeColumns,
} from '../../demonstrations/sources/episodes.ts';

export function episodesText(episodes: Episodes): string {
  const { count, names, stepStart, observationStart, observations, actions, rewards } = episodes;
  const { observationWidth, actionWidth, ends, layout } = episodes;
  const columns = episodeColumns({
    ...layout,
    observations: columnsFrom(layout.observations, 'obs_'),
    actions: columnsFrom(layout.actions, 'act_'),
  });
  const rows = [columns.join(',')];
  const cells = (values: Float64Array, row: number, width: number): string[] =>
    Array.from(values.subarray(row * width, (row + 1) * width), (x) =>
      Object.is(x, -0) ? '-0' : String(x),
    );
  for (let e = 0; e < count; e++) {
    const steps = stepStart[e + 1] - stepStart[e];
    const seen = observationStart[e + 1] - observationStart[e];
    for (let t = 0; t < seen; t++) {
      const isDecision = t < steps;
      const at = stepStart[e] + t;
      const acted = isDecision
        ? [...cells(actions, at, actionWidth), ...(rewards ? cells(rewards, at, 1) : [])]
        : new Array<string>(actionWidth + (rewards ? 1 : 0)).fill('');
      rows.push(
        [
          names[e],
          t,
          ...cells(observations, observationStart[e] + t, observationWidth),
          ...acted,
          t === seen - 1 ? ends[e] : '',
        ].join(','),
      );
    }
  }
  return `${rows.join('\n')}\n`;
}

/** Coordinates by names that say which side they are on. */
function columnsFrom(space: EpisodeSpace, start: string): EpisodeSpace {
  if (space.kind === 'discrete') return space;
  return {
    kind: 'box',
    names: space.names.map((name) => (name.startsWith(start) ? name : `${start}${name}`)),
  };
}
