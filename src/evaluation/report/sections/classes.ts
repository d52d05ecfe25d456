/** Classes of demonstrators: how large they are, how sure it is who belongs where, and how many. */

import type { MethodResult } from '../../resultFile.ts';
import type { Figure } from '../figure.ts';
import { bars } from '../figures/bars.ts';
import { type Html, html } from '../html.ts';
import type { Page, Section } from '../section.ts';
import { table } from '../table.ts';
import { count, fixed, listed, orDash, percent, significant } from '../words.ts';

export const classes: Section = { id: 'classes', title: 'Who is alike', write };

function write({ cells, place }: Page): Html | null {
  const fits = cells.flatMap(({ name: cell, methods }) =>
    Object.entries(methods).flatMap(([name, method]) =>
      method.classes ? [{ name: cells.length > 1 ? `${name}, ${cell}` : name, method }] : [],
    ),
  );
  if (fits.length === 0) return null;
  return html`${fits.map(({ name, method }) => one(name, method, place))}`;
}

function one(name: string, method: MethodResult, place: Page['place']): Html {
  const {
    classes = [],
    degenerate = [],
    classCounts,
    restarts,
    restartsAtBest,
    assignmentEntropy,
  } = method;
  return html`<h3><code>${name}</code></h3>
<p>${count(classes.length, 'class', 'classes')} of people, each with a reward of its own.${
    assignmentEntropy === undefined
      ? ''
      : ` Who belongs where is ${assignmentEntropy < 0.1 ? 'nearly certain' : assignmentEntropy < 0.5 ? 'fairly clear' : 'hard to tell'} (uncertainty ${fixed(assignmentEntropy, 2)} on a scale from 0 to 1).`
  }${restarts && restartsAtBest !== undefined ? ` ${restartsAtBest} of ${count(restarts.length, 'start')} of the search ended at the best likelihood.` : ''}</p>
${degenerate.map(({ words }) => html`<p class="alarm">${words}.</p>`)}
${place(shares(name, classes))}
${
  classCounts && classCounts.length > 1
    ? html`${table(
        ['classes', 'stop', 'log-likelihood', 'free', 'AIC', 'BIC', 'held out', 'uncertainty'],
        classCounts.map((of) => [
          String(of.classes),
          of.stop,
          orDash(of.logLikelihood, (x) => significant(x, 7)),
          String(of.freeParameters),
          orDash(of.aic, (x) => significant(x, 7)),
          orDash(of.bic, (x) => significant(x, 7)),
          orDash(of.heldOutLogLikelihood, (x) => significant(x, 7)),
          orDash(of.entropy, (x) => fixed(x, 2)),
        ]),
        { caption: 'With one class less, and one more', text: [1] },
      )}<p>${preferred(method)}</p>`
    : ''
}`;
}

function shares(name: string, classes: NonNullable<MethodResult['classes']>): Figure {
  return {
    name: 'classes',
    title: `How large the classes of ${name} are`,
    caption:
      'Share of the people, and how many trajectories belong to the class more likely than to any other.',
    description: classes.map((of) => `class ${of.class}: ${percent(of.share)}`).join('; '),
    draw: (width) =>
      bars(
        classes.map((of) => ({
          label: `class ${of.class}`,
          value: of.share,
          words: `${percent(of.share)} (${of.likeliestOf.toLocaleString('en-US')})`,
        })),
        width,
      ),
  };
}

const MEASURES: Readonly<Record<string, string>> = {
  aic: 'AIC',
  bic: 'BIC',
  bicTrajectories: 'BIC by trajectories',
  heldOutLogLikelihood: 'what is held out',
};

function preferred({ preferredClasses = {} }: MethodResult): string {
  const by = new Map<number, string[]>();
  for (const [measure, classes] of Object.entries(preferredClasses))
    if (classes !== null)
      by.set(classes, [...(by.get(classes) ?? []), MEASURES[measure] ?? measure]);
  const words = [...by].map(
    ([classes, measures]) =>
      `${listed(measures)} ${measures.length === 1 ? 'prefers' : 'prefer'} ${classes}`,
  );
  return words.length === 0
    ? ''
    : `Which number of classes is best by each measure: ${listed(words)}.`;
}
