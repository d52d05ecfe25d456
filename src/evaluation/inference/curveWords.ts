/** What the likelihood as a function of a discount or a temperature says, in words. */

import { percent, significant } from '../parameterTable.ts';
import type { ProfileCurve } from './profileCurve.ts';

export type CurveOf = 'discount' | 'temperature';

export function curveWords(of: CurveOf, curve: ProfileCurve, level: number): string[] {
  const { points, maximum, atEnd, range, flat, low, high } = curve;
  const first = points[0].value;
  const last = points[points.length - 1].value;
  const words: string[] = [];
  const failed = points.filter(({ logLikelihood }) => logLikelihood === null);
  if (failed.length > 0)
    words.push(
      `${failed.length} of ${points.length} values could not be fitted, the first at ${significant(failed[0].value)}: ${failed[0].reason}.`,
    );
  if (flat)
    words.push(
      of === 'temperature'
        ? 'The likelihood is the same at every temperature: it is only the unit in which the reward is measured, and all that the data know is θ / τ.'
        : 'The likelihood is the same at every discount: the features are rich enough to make any discount explain the same choices, and the data cannot tell.',
    );
  else if (maximum) {
    words.push(
      `The most likely ${of} between ${first} and ${last} is ${significant(maximum.value)}` +
        (atEnd === null ? '.' : `, the ${atEnd} end of the range: the best may lie beyond.`),
    );
    const from = low.value === null ? null : significant(low.value);
    const to = high.value === null ? null : significant(high.value);
    if (from !== null && to !== null)
      words.push(`${percent(level)} interval by the likelihood ratio: ${from} to ${to}.`);
    else if (from !== null) words.push(`At the level of ${percent(level)} it is above ${from}.`);
    else if (to !== null) words.push(`At the level of ${percent(level)} it is below ${to}.`);
    else
      words.push(
        `No ${of} in this range is significantly less likely (twice the log-likelihood differs by ${Number(range.toPrecision(3))} at most): the data cannot tell.`,
      );
  }
  if (of === 'discount' && !flat)
    words.push(
      'A discount is identified only by the form of the reward that was assumed (Rust 1994; Magnac & Thesmar 2002): other features can favour another one.',
    );
  if (of === 'temperature' && !flat)
    words.push(
      'The temperature is more than a unit here because something in the reward has a given size: a parameter that is held or bounded, or what exits pay.',
    );
  return words;
}
