/** A result in words and tables, as it is printed at the end of a run. */

import { hasArrived } from '../algorithms/algorithm.ts';
import { describeClasses } from './classesSummary.ts';
import { colors } from './colors.ts';
import { describeComparison } from './comparison/comparisonSummary.ts';
import { describeChange, describeCurve } from './comparison/transferSummary.ts';
import { parameterTable, significant } from './parameterTable.ts';
import { plainTable } from './plainTable.ts';
import {
  type CellResult,
  type ComparisonResult,
  cellsOf,
  type DataSummary,
  type MethodResult,
  type ModelSummary,
  type PublishedResult,
  type ResultFile,
  type StudyTestResult,
} from './resultFile.ts';

/** Estimates are printed fold by fold up to this many folds, and parameters. */
const MOST_FOLDS = 30;
const MOST_COLUMNS = 12;

/** Returns the summary as text for a terminal, ending in a newline. */
export function summarize(result: ResultFile): string {
  const cells = cellsOf(result);
  const parts = [colors.bold(result.title)];
  if ('comparison' in result && result.comparison)
    parts.push(...describeFolds(cells, result.comparison));
  else if (cells.length === 1) parts.push(...describeCell(cells[0]));
  else parts.push(...compareCells(cells));
  if (result.tests) parts.push(studyTests(result.tests));
  const text = `${parts.filter((part) => part !== '').join('\n\n')}\n`;
  return text.replace(/ +$/gm, '');
}

function describeCell(cell: CellResult): string[] {
  return [
    `${dataSentence(cell.data)}\n${modelSentence(cell.model)}`,
    ...Object.entries(cell.methods).map(([name, method]) => describeMethod(name, method)),
    publishedTable(cell.published),
    likelihoodTable(cell),
  ];
}

/** What was read, in a sentence or two. */
function dataSentence(data: DataSummary): string {
  const { trajectories, decisions, states, actions, goals, cutOff, empty } = data;
  const files = data.files.map((file) => file.name).join(', ');
  const sentence =
    `${count(decisions, 'decision')} in ${count(trajectories, 'trajectory', 'trajectories')}, ` +
    `${count(states, 'state')}, ${count(actions, 'action')}` +
    (goals > 0 ? `, ${count(goals, 'goal')}` : '') +
    (files === '' ? '.' : ` (${files}).`);
  const notes = [
    cutOff > 0
      ? `${count(cutOff, 'trajectory is', 'trajectories are')} cut off before the end.`
      : '',
    empty > 0 ? `${count(empty, 'trajectory holds', 'trajectories hold')} no decision.` : '',
    ...(data.warnings ?? []).map((warning) => colors.yellow(`Note: ${warning}.`)),
  ];
  return [sentence, ...notes.filter((note) => note !== '')].join('\n');
}

/** How far ahead the people of the model look. */
function modelSentence({ time, discount, horizon, temperature }: ModelSummary): string {
  const ahead = {
    discounted:
      discount === 0
        ? 'No look ahead (discount 0)'
        : `Looking ahead for ever, discount ${discount}`,
    finite: `Looking ahead ${horizon} decisions${discount === 1 ? '' : `, discount ${discount}`}`,
    undiscounted: 'Looking ahead to the goal, undiscounted',
  };
  return `${ahead[time]}${temperature === 1 ? '' : `; temperature ${temperature}`}.`;
}

function describeMethod(name: string, method: MethodResult): string {
  const lines = [`${colors.bold(name)}  ${stopLine(method)}`];
  if (method.parameters.length > 0) lines.push(parameterTable(method));
  if (method.logLikelihood !== null && method.freeParameters !== undefined)
    lines.push(measureLine(method));
  lines.push(...describeClasses(method));
  if (method.start)
    lines.push(
      `At θ = 0 moving about for ever would pay, so the fit began at ${assigned(method.start)}.`,
    );
  for (const { words } of method.unidentified ?? [])
    lines.push(colors.yellow(`Not identified: ${words}.`));
  lines.push(...penaltyWords(method));
  if (method.stop === 'infeasible') lines.push(...infeasibleWords(method));
  return lines.join('\n');
}

function stopLine(method: MethodResult): string {
  const { stop, logLikelihood, evaluations, seconds, gradientNorm } = method;
  const word = hasArrived(stop) ? colors.green(stop) : colors.red(stop);
  if (!hasArrived(stop) && method.stopReason !== undefined) return `${word}: ${method.stopReason}`;
  const score =
    gradientNorm === null || method.parameters.length === 0
      ? ''
      : `, score ${gradientNorm.toExponential(0)} per decision`;
  return (
    `${word}, log-likelihood ${logLikelihood === null ? '–' : logLikelihood.toFixed(3)}` +
    ` (${count(evaluations, 'evaluation')}, ${seconds.toFixed(2)} s${score})` +
    (stop === 'converged' || method.stopReason === undefined ? '' : `: ${method.stopReason}`)
  );
}

/** How good the fit is, in one line; nothing where it was not measured. */
function measureLine(method: MethodResult): string {
  const { equalProbabilityLogLikelihood, nullLogLikelihood } = method;
  const { rhoSquared, freeParameters, aic, bic } = method;
  const differs = nullLogLikelihood?.toFixed(3) !== equalProbabilityLogLikelihood?.toFixed(3);
  const numbers: [number | null | undefined, (x: number) => string][] = [
    [equalProbabilityLogLikelihood, (x) => `equal chances ${x.toFixed(3)}`],
    [differs ? nullLogLikelihood : null, (x) => `θ = 0 ${x.toFixed(3)}`],
    [rhoSquared, (x) => `ρ² ${x.toFixed(4)}`],
    [freeParameters, (x) => count(x, 'free parameter')],
    [aic, (x) => `AIC ${x.toFixed(2)}`],
    [bic, (x) => `BIC ${x.toFixed(2)}`],
  ];
  const parts = numbers.flatMap(([x, say]) => (x === null || x === undefined ? [] : [say(x)]));
  return colors.dim(`  ${parts.join(', ')}`);
}

/** What only the penalty holds in place. */
function penaltyWords({ heldByPenalty }: MethodResult): string[] {
  if (!heldByPenalty) return [];
  const { unidentified, unbounded } = heldByPenalty;
  const runaways = unbounded.map((name) => `"${name}" would run to infinity`);
  return [...runaways, ...unidentified.map(({ words }) => words)].map((words) =>
    colors.yellow(`Held by the penalty alone: ${words}.`),
  );
}

/** Why a start is refused, and one that is not. */
function infeasibleWords({ spectralRadius, feasibleStart, reasons }: MethodResult): string[] {
  const lines: string[] = [];
  if (typeof spectralRadius === 'number')
    lines.push(
      `The moves' weights have spectral radius ${spectralRadius.toPrecision(6)}; a finite value needs less than 1.`,
    );
  if (feasibleStart) lines.push(`A feasible start: --start "${assigned(feasibleStart)}"`);
  else if (reasons?.feasibleStart) lines.push(`No feasible start: ${reasons.feasibleStart}.`);
  return lines;
}

/** The values as a flag takes them: `name=value,…`. */
function assigned(values: Readonly<Record<string, number>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${significant(value)}`)
    .join(',');
}

function publishedTable(published: readonly PublishedResult[]): string {
  if (published.length === 0) return '';
  const table = plainTable(['published', 'theirs', 'ours', 'difference', 'source']);
  for (const { quantity, published: theirs, ours, difference, source, passed } of published)
    table.push([
      quantity,
      String(theirs),
      ours === null ? '–' : asPrinted(ours, theirs),
      difference === null ? '–' : mark(difference.toPrecision(2), passed),
      source,
    ]);
  return table.toString();
}

/** The hypotheses that a study tests, and what others printed of them. */
function studyTests(tests: readonly StudyTestResult[]): string {
  const table = plainTable(['test', 'statistic', 'distribution', 'p', 'hypothesis']);
  for (const { name, statistic, degrees, p, hypothesis } of tests)
    table.push([
      name,
      statistic === null ? '–' : statistic.toFixed(3),
      `χ²(${degrees})`,
      p === null ? '–' : p < 0.001 ? p.toExponential(1) : p.toFixed(4),
      hypothesis,
    ]);
  const remarks = tests.flatMap(({ notes, reasons }) => [
    ...(notes ?? []),
    ...(reasons?.statistic === undefined ? [] : [reasons.statistic]),
  ]);
  const published = tests.flatMap(({ name, published: printed }) =>
    printed.map((entry) => ({ ...entry, quantity: `${name}: ${entry.quantity}` })),
  );
  return [
    [table.toString(), ...new Set(remarks.map((remark) => colors.dim(`  ${remark}.`)))].join('\n'),
    publishedTable(published),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** The methods of one cell side by side, where there are several. */
function likelihoodTable({ methods, data }: CellResult): string {
  const entries = Object.entries(methods);
  if (entries.length < 2) return '';
  const held = entries.some(([, method]) => method.heldOut);
  const table = plainTable([
    'method',
    'log-likelihood',
    'per decision',
    ...(held ? ['held out', 'per decision'] : []),
  ]);
  for (const [name, { logLikelihood, heldOut }] of entries)
    table.push([
      name,
      logLikelihood === null ? '–' : logLikelihood.toFixed(3),
      logLikelihood === null ? '–' : (logLikelihood / data.decisions).toFixed(5),
      ...(held ? [heldOut?.logLikelihood?.toFixed(3) ?? '–', perDecision(heldOut)] : []),
    ]);
  const caution = held
    ? ''
    : '\n  (of the decisions used to fit; hold a fold out to compare what the methods predict)';
  return `${table.toString()}${colors.dim(caution)}`;
}

function perDecision(heldOut: MethodResult['heldOut']): string {
  if (!heldOut || heldOut.logLikelihood === null || heldOut.decisions === 0) return '–';
  return (heldOut.logLikelihood / heldOut.decisions).toFixed(5);
}

/** Fits that left something out, by what they predict of it. */
function describeFolds(cells: readonly CellResult[], comparison: ComparisonResult): string[] {
  const { folds, trajectories, decisions, published } = comparison;
  const warnings = new Set(cells.flatMap(({ data }) => data.warnings ?? []));
  const { transfer, curve } = comparison;
  const heading = transfer
    ? `${count(folds, 'fit')} of each method predict ${transfer.recorded ? `${count(trajectories, 'trajectory', 'trajectories')} with ${count(decisions, 'decision')} recorded in the changed world` : `what is to be had in the changed world from ${count(trajectories, 'start')}`}.`
    : `${count(folds, 'fold')} hold out ${count(trajectories, 'trajectory', 'trajectories')} with ` +
      `${count(decisions, 'decision')}; each is predicted by fits that did not see it.`;
  return [
    [
      heading,
      modelSentence(cells[0].model),
      ...[...warnings].map((warning) => colors.yellow(`Note: ${warning}.`)),
    ].join('\n'),
    ...(cells.length > MOST_FOLDS ? [] : estimatesByFold(cells)),
    ...(transfer ? describeChange(transfer) : []),
    ...describeComparison(comparison),
    ...(curve ? describeCurve(curve) : []),
    publishedTable(published),
  ];
}

/** What was estimated without each fold, where a line holds it. */
function estimatesByFold(cells: readonly CellResult[]): string[] {
  return methodsOf(cells)
    .map((method) => ({ method, names: parameterNames(cells, method) }))
    .filter(({ names }) => names.length > 0 && names.length <= MOST_COLUMNS)
    .map(({ method, names }) => estimateTable('fold', cells, method, names));
}

/** Several experiments: one row each and the published numbers below. */
function compareCells(cells: readonly CellResult[]): string[] {
  const parts = methodsOf(cells).map((method) =>
    estimateTable('cell', cells, method, parameterNames(cells, method)),
  );
  const published = cells.flatMap((cell) =>
    cell.published.map((entry) => ({ ...entry, quantity: `${cell.name}: ${entry.quantity}` })),
  );
  return [...parts, publishedTable(published)];
}

function methodsOf(cells: readonly CellResult[]): string[] {
  return [...new Set(cells.flatMap((cell) => Object.keys(cell.methods)))];
}

function parameterNames(cells: readonly CellResult[], method: string): string[] {
  const names = cells.flatMap(
    (cell) => cell.methods[method]?.parameters.map(({ name }) => name) ?? [],
  );
  return [...new Set(names)];
}

/** One method's estimates of `names`, a row for every cell. */
function estimateTable(
  what: 'cell' | 'fold',
  cells: readonly CellResult[],
  method: string,
  names: readonly string[],
): string {
  const table = plainTable([what, ...names, 'log-likelihood', 'stop', 'seconds']);
  for (const cell of cells) {
    const fit = cell.methods[method];
    if (!fit) continue;
    const total = fit.fullLogLikelihood ?? fit.logLikelihood;
    table.push([
      cell.name,
      ...names.map((name) => {
        const estimate = fit.parameters.find((parameter) => parameter.name === name)?.estimate;
        return estimate === undefined || estimate === null ? '–' : significant(estimate);
      }),
      total === null ? '–' : total.toFixed(3),
      hasArrived(fit.stop) ? fit.stop : colors.red(fit.stop),
      fit.seconds.toFixed(3),
    ]);
  }
  return `${colors.bold(method)}\n${table.toString()}`;
}

function mark(text: string, passed: boolean | undefined): string {
  if (passed === undefined) return text;
  return passed ? colors.green(`${text} ✓`) : colors.red(`${text} ✗`);
}

/** Ours with one more decimal than was printed. */
function asPrinted(ours: number, theirs: number): string {
  const decimals = String(theirs).split('.')[1]?.length ?? 0;
  return ours.toFixed(decimals + 1);
}

function count(n: number, one: string, many = `${one}s`): string {
  return `${n.toLocaleString('en-US')} ${n === 1 ? one : many}`;
}
