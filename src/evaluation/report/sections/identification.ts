/** What the data cannot say: directions along which nothing changes, and numbers that do not exist. */

import type { MethodResult } from '../../resultFile.ts';
import { type Html, html } from '../html.ts';
import type { Page, Section } from '../section.ts';
import { listed, significant } from '../words.ts';

export const identification: Section = {
  id: 'identification',
  title: 'What the data identify',
  write,
};

const MOST_NAMES = 12;

function write({ cells }: Page): Html | null {
  const fits = cells.flatMap(({ name: cell, methods }) =>
    Object.entries(methods)
      .filter(([, { parameters }]) => parameters.length > 0)
      .map(([name, method]) => ({ method, name: cells.length > 1 ? `${name}, ${cell}` : name })),
  );
  if (fits.length === 0) return null;
  const told = fits.map(({ name, method }) => ({ name, points: points(method) }));
  const open = told.filter(({ points }) => points.length > 0);
  const settled = told.length - open.length;
  const all =
    open.length === 0
      ? told.length === 1
        ? 'Every free parameter is identified: no direction of the coefficients leaves the likelihood as it is.'
        : `In ${told.length === 2 ? 'both' : `all ${told.length}`} fits every free parameter is identified: no direction of the coefficients leaves the likelihood as it is.`
      : settled > 0
        ? `${settled} of ${told.length} fits identify every free parameter.`
        : '';
  return html`${all === '' ? '' : html`<p>${all}</p>`}
${open.map(({ name, points }) => html`<h3>${name}</h3><ul class="points">${points.map((point) => html`<li>${point}</li>`)}</ul>`)}`;
}

function points(method: MethodResult): Html[] {
  const { unidentified = [], unbounded = [], heldByPenalty, parameters, stop } = method;
  const directions = [
    ...unidentified.map((one) => ({ ...one, head: 'Not identified:' })),
    ...(heldByPenalty?.unidentified ?? []).map((one) => ({
      ...one,
      head: 'Held by the penalty alone:',
    })),
  ];
  const found = directions.map(({ words, direction, head }) => {
    const weights = Object.entries(direction);
    const shown = weights
      .slice(0, MOST_NAMES)
      .map(([name, weight]) => `${significant(weight, 3)} · ${name}`);
    const more = weights.length > MOST_NAMES ? [`${weights.length - MOST_NAMES} more`] : [];
    return html`<strong>${head}</strong> ${words}. <span class="muted">The direction is ${listed([...shown, ...more])}.</span>`;
  });
  if (unbounded.length > 0)
    found.push(
      html`<strong>Without an optimum:</strong> ${listed(unbounded)} ${unbounded.length === 1 ? 'runs' : 'run'} to infinity; a penalty (L2) would hold ${unbounded.length === 1 ? 'it' : 'them'}.`,
    );
  const leaning = heldByPenalty?.unbounded ?? [];
  if (leaning.length > 0)
    found.push(
      html`<strong>Held by the penalty alone:</strong> without it, ${listed(leaning)} would run to infinity.`,
    );
  const silent = new Map<string, string[]>();
  for (const { name, standardErrors, reasons, held } of parameters) {
    if (standardErrors !== null || held === 'fixed' || unbounded.includes(name)) continue;
    if (
      unidentified.some(({ direction }) => Object.hasOwn(direction, name)) ||
      stop !== 'converged'
    )
      continue;
    const reason = reasons?.standardErrors ?? 'no reason is recorded';
    silent.set(reason, [...(silent.get(reason) ?? []), name]);
  }
  for (const [reason, names] of silent)
    found.push(
      html`<strong>No standard error:</strong> ${listed(names.slice(0, MOST_NAMES))}: ${reason}.`,
    );
  return found;
}
