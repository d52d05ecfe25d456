/** The estimates: with their intervals as a figure, in full as a table, and in words. */

import { hasArrived } from '../../../algorithms/algorithm.ts';
import type { CellResult, MethodResult, ParameterResult } from '../../resultFile.ts';
import { certaintyOf, kindNames, oddsWords, zeroWords } from '../estimateWords.ts';
import type { Figure } from '../figure.ts';
import { stack } from '../figure.ts';
import { type IntervalPanel, type IntervalRow, intervalPanels } from '../figures/intervalPanels.ts';
import { type Key, legend } from '../figures/lettering.ts';
import { type Html, html } from '../html.ts';
import { ink, seriesColor } from '../palette.ts';
import type { Page, Section } from '../section.ts';
import { table } from '../table.ts';
import { chance, orDash, shortened, significant } from '../words.ts';

export const estimates: Section = { id: 'estimates', title: 'The estimates', write };

/** So many parameters get a sentence, so many a panel of their own. */
const MOST_WORDS = 12;
const MOST_PANELS = 16;

function write({ result, cells, place }: Page): Html | null {
  const methods = [...new Set(cells.flatMap((cell) => Object.keys(cell.methods)))].filter(
    (method) => cells.some((cell) => (cell.methods[method]?.parameters.length ?? 0) > 0),
  );
  if (methods.length === 0) return null;
  if (cells.length === 1) {
    const [cell] = cells;
    return html`${figureOfOne(cell, methods).map(place)}
${methods.map((method) => oneMethod(cell, method))}`;
  }
  return html`${methods.map(
    (method) => html`${methods.length > 1 ? html`<h3><code>${method}</code></h3>` : ''}
${figureOfCells(cells, method).map(place)}
${tableOfCells(cells, method, 'comparison' in result && cells.length > 3)}`,
  )}`;
}

function oneMethod({ methods, model }: CellResult, name: string): Html {
  const method = methods[name];
  const said = method.parameters.slice(0, MOST_WORDS).flatMap((parameter) => {
    const { estimate } = parameter;
    if (estimate === null || !model.features.includes(parameter.name)) return [];
    const certainty = certaintyOf(parameter);
    const sure = certainty
      ? `, ${zeroWords(certainty.z)}`
      : parameter.held === 'fixed'
        ? ', a value that was given'
        : '';
    return [
      html`<li><strong>${parameter.name}</strong> ${significant(estimate)}: ${oddsWords(estimate, model.temperature)}${sure}.</li>`,
    ];
  });
  return html`<h3><code>${name}</code></h3>
${parameterTable(name, method)}
${
  said.length > 0
    ? html`<p>What each means for a choice that is otherwise equal, in what it brings and in what follows:</p><ul class="points">${said}</ul>`
    : ''
}`;
}

const KINDS = ['hessian', 'outerProduct', 'outerProductTrajectory', 'sandwich'] as const;

function parameterTable(name: string, method: MethodResult): Html {
  const notes = method.parameters.map((parameter) => note(method, parameter));
  const hasNotes = notes.some((text) => text !== '');
  const sure = method.parameters.map(certaintyOf);
  const kinds = new Set(
    sure.flatMap((certainty) => (certainty ? [kindNames[certainty.kind]] : [])),
  );
  const by = kinds.size === 1 ? ` (${[...kinds][0]})` : '';
  return table(
    [
      'parameter',
      'estimate',
      `95 % interval${by}`,
      'z',
      'p',
      ...KINDS.map((kind) => html`s.e., ${kindNames[kind]}`),
      ...(hasNotes ? ['note'] : []),
    ],
    method.parameters.map((parameter, k) => [
      parameter.name,
      orDash(parameter.estimate, (x) => significant(x, 5)),
      sure[k] ? `${significant(sure[k].interval[0])} to ${significant(sure[k].interval[1])}` : '–',
      orDash(sure[k]?.z, (z) => significant(z, 3)),
      orDash(sure[k]?.p, chance),
      ...KINDS.map((kind) => orDash(parameter.standardErrors?.[kind])),
      ...(hasNotes ? [notes[k]] : []),
    ]),
    { caption: `Estimates of ${name} and their standard errors (s.e.), of four kinds`, text: [9] },
  );
}

/** Why a parameter has no number, or was not free. */
function note(
  { unidentified, unbounded }: MethodResult,
  { name, held, estimate, standardErrors, reasons }: ParameterResult,
): string {
  const parts = [
    held === 'fixed' ? 'fixed' : held === 'at-bound' ? 'at its bound' : '',
    unbounded?.includes(name) ? 'runs to infinity' : '',
    unidentified?.some(({ direction }) => Object.hasOwn(direction, name)) ? 'not identified' : '',
    estimate === null ? (reasons?.estimate ?? '') : '',
  ].filter((text) => text !== '');
  if (parts.length === 0 && standardErrors === null) return reasons?.standardErrors ?? '';
  return parts.join(', ');
}

function figureOfOne(cell: CellResult, methods: readonly string[]): Figure[] {
  const names = [
    ...new Set(
      methods.flatMap((method) => cell.methods[method].parameters.map(({ name }) => name)),
    ),
  ];
  const panels = names.map(
    (title): IntervalPanel => ({
      title,
      rows: methods.flatMap((method, series): IntervalRow[] => {
        const parameter = cell.methods[method].parameters.find(({ name }) => name === title);
        if (!parameter) return [];
        const label = methods.length > 1 ? method : '';
        const interval = certaintyOf(parameter)?.interval ?? null;
        return [{ label, estimate: parameter.estimate, interval, series }];
      }),
    }),
  );
  return intervalFigure('estimates', panels, '');
}

function figureOfCells(cells: readonly CellResult[], method: string): Figure[] {
  const fits = cells.filter((cell) => cell.methods[method]);
  const names = [
    ...new Set(fits.flatMap((cell) => cell.methods[method].parameters.map(({ name }) => name))),
  ];
  const panels = names.map(
    (title): IntervalPanel => ({
      title,
      rows: fits.flatMap((cell): IntervalRow[] => {
        const parameter = cell.methods[method].parameters.find(({ name }) => name === title);
        if (!parameter) return [];
        const interval = certaintyOf(parameter)?.interval ?? null;
        const printed = cell.published.find(
          ({ quantity, ours }) =>
            ours !== null && ours === parameter.estimate && quantity.includes(title),
        );
        return [
          {
            label: cell.name,
            estimate: parameter.estimate,
            interval,
            published: printed?.published ?? null,
            series: 0,
          },
        ];
      }),
    }),
  );
  return intervalFigure(`estimates-${method}`, panels, ` of ${method}`);
}

function intervalFigure(name: string, panels: readonly IntervalPanel[], whose: string): Figure[] {
  const rows = panels.flatMap((panel) => panel.rows);
  if (rows.every(({ estimate }) => estimate === null)) return [];
  const tooMany = panels.length > MOST_PANELS;
  const shown = tooMany ? [inStandardErrors(panels)] : panels;
  const printed =
    !tooMany && rows.some(({ published }) => published !== null && published !== undefined);
  const keys: Key[] = printed
    ? [
        { name: 'ours, with 95 % interval', color: seriesColor(0), mark: 'dot' },
        { name: 'published', color: ink, mark: 'ring' },
      ]
    : [];
  return [
    {
      name,
      title: `Estimates${whose} and 95 % intervals`,
      caption: tooMany
        ? 'Each estimate in units of its own standard error, with two standard errors to each side: what reaches over the dashed line may be nothing.'
        : `Each parameter on its own axis${printed ? '; a diamond is what was printed' : ''}. An interval that reaches over the dashed zero does not tell the parameter from nothing.`,
      description: rows
        .flatMap((row, i) => (row.estimate === null || i > 60 ? [] : [describeRow(panels, row)]))
        .join('; '),
      draw: (width) => stack([legend(keys, width), intervalPanels(shown, width)]),
    },
  ];
}

function describeRow(panels: readonly IntervalPanel[], row: IntervalRow): string {
  const title = panels.find(({ rows }) => rows.includes(row))?.title ?? '';
  const range = row.interval
    ? `, ${significant(row.interval[0])} to ${significant(row.interval[1])}`
    : '';
  return `${shortened(title, 40)}${row.label === '' ? '' : ` (${shortened(row.label, 40)})`}: ${orDash(row.estimate)}${range}`;
}

/** Many parameters in one panel: every estimate divided by its standard error. */
function inStandardErrors(panels: readonly IntervalPanel[]): IntervalPanel {
  const rows = panels.flatMap(({ title, rows }) =>
    rows.map((row): IntervalRow => {
      const label = row.label === '' ? title : `${title}, ${row.label}`;
      if (row.estimate === null || row.interval === null) return { ...row, label, estimate: null };
      const error = (row.interval[1] - row.interval[0]) / 2 / 1.959963984540054;
      const z = row.estimate / error;
      return { ...row, label, estimate: z, interval: [z - 1.96, z + 1.96], published: null };
    }),
  );
  return { title: 'estimate / standard error', rows };
}

function tableOfCells(cells: readonly CellResult[], method: string, folded: boolean): Html {
  const fits = cells.filter((cell) => cell.methods[method]);
  const names = [
    ...new Set(fits.flatMap((cell) => cell.methods[method].parameters.map(({ name }) => name))),
  ];
  const kind = fits
    .flatMap((cell) => cell.methods[method].parameters.map(certaintyOf))
    .find((certainty) => certainty !== null)?.kind;
  return table(
    ['experiment', ...names, 'log-likelihood', 'stop'],
    fits.map((cell) => {
      const fit = cell.methods[method];
      return [
        cell.name,
        ...names.map((name) => {
          const parameter = fit.parameters.find((candidate) => candidate.name === name);
          if (!parameter) return '';
          const certainty = certaintyOf(parameter);
          return html`${orDash(parameter.estimate, (x) => significant(x, 5))}${certainty ? html` <span class="error">(${significant(certainty.error)})</span>` : ''}`;
        }),
        orDash(fit.fullLogLikelihood ?? fit.logLikelihood, (x) => significant(x, 8)),
        hasArrived(fit.stop) ? fit.stop : html`<span class="bad">${fit.stop}</span>`,
      ];
    }),
    {
      caption: `Estimates of ${method}${kind ? `, with standard errors (${kindNames[kind]}) in brackets` : ''}`,
      text: [names.length + 2],
      folded,
    },
  );
}
