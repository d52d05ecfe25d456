/** Likelihoods as functions of one number, from `revealed profile`. */

import {
  type CurveProfile,
  type ParameterProfile,
  ProfileFile,
} from '../../inference/profileFile.ts';
import type { Figure } from '../figure.ts';
import { type CurvePoint, curves } from '../figures/curves.ts';
import { type Html, html } from '../html.ts';
import { hasFit, otherResult, strangerNote } from '../otherResults.ts';
import type { Page, Section } from '../section.ts';
import { table } from '../table.ts';
import { orDash, percent, significant, tidy } from '../words.ts';

export const profiles: Section = {
  id: 'profiles',
  title: 'The likelihood, one number at a time',
  write,
};

/** Beyond so many times the threshold a curve says nothing more. */
const SHOWN = 4;

function write(page: Page): Html | null {
  const file = otherResult(page, 'profile', ProfileFile);
  if (!file) return null;
  if (!hasFit(page, file.logLikelihood)) return strangerNote('profile');
  const { place } = page;
  const { parameters = [], curve } = file;
  const height = `twice the fall of the log-likelihood from its maximum (${tidy(file.threshold)} marks the ${percent(file.level, 0)} interval)`;
  return html`<p>How much less likely the recordings become as one number is moved and everything else is fitted again: ${height}. Of ${file.method}.</p>
${curve ? html`${curve.words.map((text) => html`<p>${text}</p>`)}${curveFigure(file, curve).map(place)}` : ''}
${parameters.flatMap((profile) => parameterFigure(file, profile)).map(place)}
${parameters.length === 0 ? '' : intervals(file, parameters)}`;
}

function intervals({ level }: ProfileFile, parameters: readonly ParameterProfile[]): Html {
  const reasons = parameters.flatMap(({ name, reasons }) =>
    [...new Set(Object.values(reasons ?? {}))].map(
      (reason) => html`<p class="note">${name}: ${reason}.</p>`,
    ),
  );
  return html`${table(
    ['parameter', 'estimate', 'profile, low', 'profile, high', 'by the curvature'],
    parameters.map(({ name, estimate, low, high, wald }) => [
      name,
      significant(estimate, 5),
      orDash(low),
      orDash(high),
      wald ? `${significant(wald[0])} to ${significant(wald[1])}` : '–',
    ]),
    {
      caption: `${percent(level, 0)} intervals by the likelihood itself, and by its curvature at the maximum`,
    },
  )}${reasons}`;
}

function parameterFigure(
  file: ProfileFile,
  { name, estimate, low, high, points }: ParameterProfile,
): Figure[] {
  const drawn = fall(points, file.logLikelihood);
  if (drawn.length < 3) return [];
  return [
    {
      name: 'profile',
      title: name,
      caption: `Upright lines: the estimate ${significant(estimate)} and the ends of its interval${low === null || high === null ? ', where it has any' : ''}.`,
      description: `Profile likelihood of ${name}: ${orDash(low)} to ${orDash(high)} around ${tidy(estimate)}`,
      draw: (width) =>
        curves(
          [{ name, points: drawn }],
          {
            x: name,
            y: 'twice the fall',
            upright: [low, estimate, high].filter((at) => at !== null),
            level: file.threshold,
            top: SHOWN * file.threshold,
            smooth: true,
          },
          width,
        ),
    },
  ];
}

function curveFigure(
  file: ProfileFile,
  { of, points, maximum, low, high, fitted }: CurveProfile,
): Figure[] {
  const best = maximum?.logLikelihood ?? file.logLikelihood;
  const drawn = fall(points, best);
  if (drawn.length < 3) return [];
  const range = Math.max(...drawn.map(({ y }) => y));
  return [
    {
      name: `profile-${of}`,
      title: `The ${of}`,
      caption: `Twice the fall of the log-likelihood from the best value of the range; the fit was given ${tidy(fitted)}.`,
      description: `Likelihood as a function of the ${of}, ${points.length} values`,
      draw: (width) =>
        curves(
          [{ name: of, points: drawn }],
          {
            x: of,
            y: 'twice the fall',
            upright: [low, maximum?.value ?? null, high].filter((at) => at !== null),
            ...(range > file.threshold / 4 ? { level: file.threshold } : {}),
          },
          width,
        ),
    },
  ];
}

function fall(
  points: readonly { readonly value: number; readonly logLikelihood: number | null }[],
  best: number,
): CurvePoint[] {
  return points.flatMap(({ value, logLikelihood }) =>
    logLikelihood === null ? [] : [{ x: value, y: Math.max(0, 2 * (best - logLikelihood)) }],
  );
}
