/** Whether the fits arrived: why each stopped, and how exactly. */

import { hasArrived } from '../../../algorithms/algorithm.ts';
import type { CellResult, MethodResult } from '../../resultFile.ts';
import { type Html, html } from '../html.ts';
import type { Page, Section } from '../section.ts';
import { table } from '../table.ts';
import { fixed, orDash, significant } from '../words.ts';

export const convergence: Section = { id: 'convergence', title: 'Convergence and fit', write };

function write({ cells }: Page): Html {
  const fits = cells.flatMap((cell) =>
    Object.entries(cell.methods).map(([name, method]) => ({ cell, name, method })),
  );
  const several = cells.length > 1;
  const failures = fits.filter(({ method }) => !hasArrived(method.stop));
  const hasInformation = fits.some(({ method }) => typeof method.aic === 'number');
  return html`<p>A fit has converged when the largest score per decision (features at unit spread) has vanished and no Newton step is left to make; one from samples has matched when every gap between demonstrated and expected features is within its error. Log-likelihoods are of the decisions used to fit.</p>
${failures.map(({ cell, name, method }) => failure(several ? `${name} (${cell.name})` : name, method))}
${table(
  [
    'method',
    'stop',
    'log-likelihood',
    'per decision',
    'ρ²',
    ...(hasInformation ? ['free', 'AIC', 'BIC'] : []),
    'score',
    'evaluations',
  ],
  fits.flatMap(({ cell, name, method }, i) => [
    ...(several && cell !== fits[i - 1]?.cell ? [{ group: cell.name }] : []),
    [
      name,
      hasArrived(method.stop)
        ? html`<span class="good">${method.stop}</span>`
        : html`<span class="bad">${method.stop}</span>`,
      orDash(method.logLikelihood, (x) => fixed(x, 3)),
      orDash(perDecision(cell, method), significant),
      orDash(method.rhoSquared),
      ...(hasInformation
        ? [
            orDash(method.freeParameters, String),
            orDash(method.aic, (x) => fixed(x, 2)),
            orDash(method.bic, (x) => fixed(x, 2)),
          ]
        : []),
      method.parameters.length === 0 ? '–' : orDash(method.gradientNorm, (x) => significant(x, 1)),
      method.evaluations.toLocaleString('en-US'),
    ],
  ]),
  {
    caption: 'How the fits ended, and how well they explain the decisions they were fitted to',
    text: [1],
    folded: fits.length > 24,
  },
)}
<p class="note">A likelihood of decisions that were used to fit says how well they are described, not how well others are predicted; ρ² is one minus its ratio to that of equal chances.</p>`;
}

function perDecision({ data }: CellResult, { logLikelihood }: MethodResult): number | null {
  return logLikelihood === null || data.decisions === 0 ? null : logLikelihood / data.decisions;
}

function failure(
  name: string,
  { stop, stopReason, spectralRadius, feasibleStart, reasons }: MethodResult,
): Html {
  const start = feasibleStart
    ? ` A feasible start: ${Object.entries(feasibleStart)
        .map(([parameter, value]) => `${parameter} = ${significant(value)}`)
        .join(', ')}.`
    : reasons?.feasibleStart
      ? ` No feasible start: ${reasons.feasibleStart}.`
      : '';
  const radius =
    typeof spectralRadius === 'number'
      ? ` The moves' weights have spectral radius ${significant(spectralRadius, 6)}; a finite value needs less than 1.`
      : '';
  return html`<p class="alarm"><strong>${name}: ${stop}.</strong> ${stopReason ? `${stopReason}.` : ''}${radius}${start}</p>`;
}
