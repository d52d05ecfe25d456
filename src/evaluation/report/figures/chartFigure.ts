/** A figure from a picture that an answer holds as data. */

import type { ChartResult } from '../../inquiry/questionResult.ts';
import type { Figure } from '../figure.ts';
import { tidy } from '../words.ts';
import { categoryBars } from './categoryBars.ts';
import { chartCurves } from './chartCurves.ts';

/** Points of a series that its description names. */
const MOST_NAMED = 40;

/** @param question whose name the file's begins with */
export function chartFigure(question: string, chart: ChartResult): Figure {
  const { name, title, caption, kind, series } = chart;
  const intervals = series.some(({ points }) => points.some(({ low }) => low !== undefined));
  const ends = !intervals ? '' : kind === 'bars' ? ' Whiskers: intervals.' : ' Bands: intervals.';
  return {
    name: `${question}-${name}`,
    title,
    caption: /band|whisker|interval/i.test(caption) ? caption : `${caption}${ends}`,
    description: series
      .map(({ name: of, points }) => {
        const said = points
          .slice(0, MOST_NAMED)
          .map(({ x, y }) => `${typeof x === 'number' ? tidy(x) : x}: ${tidy(y)}`);
        return `${of}: ${said.join(', ')}${points.length > MOST_NAMED ? ', …' : ''}`;
      })
      .join('; '),
    draw: (width) => (kind === 'bars' ? categoryBars(chart, width) : chartCurves(chart, width)),
  };
}
