/** A study in a simulator in words and tables, as they are printed at the end of a run. */

import { hasArrived } from '../../algorithms/algorithm.ts';
import { colors } from '../colors.ts';
import { plainTable } from '../plainTable.ts';
import { fixed, orDash, significant } from '../report/words.ts';
import { type SimulatedFile, simulatedCellsOf } from './simulatedResult.ts';
import {
  demonstratedWords,
  farthestGap,
  findings,
  fitsByMethod,
  gapWords,
  heldOutPerDecision,
  type PlacedFit,
} from './simulatedWords.ts';

/** Returns the summary as text for a terminal, ending in a newline. */
export function summarizeSimulated(result: SimulatedFile): string {
  const cells = simulatedCellsOf(result);
  const fits = fitsByMethod(cells);
  const [first] = cells;
  const parts = [
    colors.bold(result.title),
    [
      ...demonstratedWords(first),
      `Networks on ${result.backend}.`,
      ...(first.data.warnings ?? []).map((warning) => colors.yellow(`Note: ${warning}.`)),
    ].join('\n'),
    overview(fits),
    ...fits.filter(({ fit }) => fit.rounds !== null).map(estimates),
    findings(result).join('\n'),
  ];
  return `${parts.join('\n\n')}\n`.replace(/ +$/gm, '');
}

function overview(fits: readonly PlacedFit[]): string {
  const table = plainTable([
    'method',
    'seed',
    'greedy',
    'sampled',
    'held out per decision',
    'farthest gap',
    'stop',
    'seconds',
  ]);
  for (const { cell, name, fit } of fits) {
    const far = farthestGap(fit);
    table.push([
      name,
      cell.seed,
      orDash(fit.returns?.greedy.value, (x) => significant(x)),
      orDash(fit.returns?.sampled.value, (x) => significant(x)),
      orDash(heldOutPerDecision(fit), (x) => fixed(x, 4)),
      far ? `${gapWords(far)} (${far.name})` : '–',
      hasArrived(fit.stop) ? colors.green(fit.stop) : colors.yellow(fit.stop),
      fit.seconds.toFixed(1),
    ]);
  }
  return table.toString();
}

function estimates({ cell, name, fit }: PlacedFit): string {
  const table = plainTable([
    'feature',
    'estimate',
    'Monte-Carlo error',
    'demonstrated',
    'gap per step',
    '',
  ]);
  const rows = new Set([
    ...fit.parameters.map((parameter) => parameter.name),
    ...(fit.gaps ?? []).map((gap) => gap.name),
  ]);
  for (const feature of rows) {
    const parameter = fit.parameters.find((one) => one.name === feature);
    const gap = fit.gaps?.find((one) => one.name === feature);
    table.push([
      feature,
      orDash(parameter?.estimate, (x) => significant(x)),
      parameter?.held ?? orDash(parameter?.monteCarloError, (x) => significant(x, 2)),
      orDash(gap?.demonstrated, (x) => fixed(x, 4)),
      gap ? gapWords(gap) : '–',
      gap ? (gap.isWithin ? colors.green('matched') : colors.yellow('open')) : '',
    ]);
  }
  return `${colors.bold(name)}  ${colors.dim(cell.name)}\n${table.toString()}`;
}
