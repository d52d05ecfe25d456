/**
 * Where tracks are heading: given, inferred from where they end, or the nearest of known places. A
 * track that has arrived ends there, and what was recorded after is refused by rule.
 */

import { z } from 'zod';
import { INSERTED_REFUSED, type Stage, settingsOf } from './stage.ts';
import { partOfTrack, type Track, type Values } from './track.ts';

export const GoalOptions = z.strictObject({
  passing: z
    .enum(['stop', 'reject'])
    .default('stop')
    .describe('Of a track that goes on after it reached its goal: end it there, or refuse it'),
  unfinished: z
    .enum(['reject', 'keep'])
    .default('reject')
    .describe(
      'Of a track that was cut or truncated, whose last state is therefore no goal: refuse it, or take it for one',
    ),
  unreachable: z
    .enum(['reject', 'keep'])
    .default('reject')
    .describe(
      'Of a track from which the moves there are do not lead to its goal for certain: refuse it, as a fit without discount would, or keep it for one with a discount',
    ),
});
/** What a caller may write. */
export type GoalOptions = z.input<typeof GoalOptions>;

/**
 * `last`: the state in which a track ends. A function: the name of the goal, read off a track; null
 * where it has none, and the track is refused.
 */
export type GoalRule<Row extends Values = Values> = 'last' | ((track: Track<Row>) => string | null);

export function goals<Row extends Values>(
  rule: GoalRule<Row>,
  options: GoalOptions = {},
): Stage<Track<Row>, Track<Row>> {
  const rules = GoalOptions.parse(options);
  return {
    name: 'goals',
    settings: { rule: typeof rule === 'function' ? rule.toString() : rule, ...settingsOf(rules) },
    begin(outlet) {
      const refuse = ({ places, name }: Track, from: number, reason: string) => {
        for (const place of places.slice(from))
          outlet.refuse({
            place,
            reason: place > 0 ? reason : INSERTED_REFUSED,
            detail: `track ${name}`,
          });
      };
      return {
        take(track) {
          const states = track.states;
          if (!states)
            throw new RangeError(
              `Cannot find the goal of track "${track.name}": its rows have no states; discretise them first`,
            );
          if (rule === 'last' && track.end !== 'terminated' && rules.unfinished === 'reject')
            return refuse(track, 0, `track is ${track.end}: its goal is not known`);
          const goal = rule === 'last' ? states[states.length - 1] : rule(track);
          if (goal === null || goal === '') return refuse(track, 0, 'track has no goal');
          const arrival = states.indexOf(goal);
          if (arrival < 0) return outlet.emit({ ...track, goal });
          if (arrival < states.length - 1) {
            if (rules.passing === 'reject')
              return refuse(track, 0, 'track goes on after it reached its goal');
            refuse(track, arrival + 1, 'recorded after the goal was reached');
          }
          const arrived = partOfTrack(track, 0, arrival + 1, {
            name: track.name,
            end: 'terminated',
          });
          outlet.emit({
            ...arrived,
            goal,
            actions: arrived.actions && [...arrived.actions.slice(0, -1), null],
          });
        },
        finish() {},
        save: () => null,
      };
    },
  };
}
