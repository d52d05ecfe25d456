/** How features were chosen, as a path and in words. */

import { colors } from '../colors.ts';
import { plainTable } from '../plainTable.ts';
import type { SearchCandidate, SearchResult, SearchStep } from './searchResult.ts';

/** Returns the summary as text for a terminal, ending in a newline. */
export function summarizeSearch(result: SearchResult): string {
  const { folds, trajectories, decisions, method, direction, path, rejected, chosen } = result;
  const parts = [
    colors.bold('Features chosen by what they predict'),
    `${method}, ${direction}: every set is fitted without each of ${folds} folds and predicts ` +
      `${trajectories.toLocaleString('en-US')} trajectories with ${decisions.toLocaleString('en-US')} decisions.`,
    pathTable(path),
    rejected.length === 0 ? '' : `Tried last and not taken:\n${candidateTable(rejected)}`,
    chosenWords(result),
    chosen.parameters.length === 0 ? '' : estimateTable(result),
    outerWords(result),
    ...result.warnings.map((warning) => colors.yellow(`Note: ${warning}.`)),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`.replace(/ +$/gm, '');
}

function pathTable(path: readonly SearchStep[]): string {
  const table = plainTable([
    'step',
    '',
    'features',
    'held out, per decision',
    'difference',
    '95 % interval',
    '',
  ]);
  path.forEach(({ action, feature, features, perDecision, difference, stop }, step) => {
    const change =
      action === 'start'
        ? `start with ${features.length === 0 ? 'none' : features.join(', ')}`
        : `${action === 'add' ? '+' : '−'} ${feature}`;
    table.push([
      String(step),
      change,
      String(features.length),
      perDecision === null ? '–' : perDecision.toFixed(5),
      ...differenceCells(difference),
      stop === 'converged' ? '' : colors.red(stop),
    ]);
  });
  return table.toString();
}

function candidateTable(candidates: readonly SearchCandidate[]): string {
  const table = plainTable(['', 'held out, per decision', 'difference', '95 % interval', '']);
  for (const { action, feature, perDecision, difference, stop } of candidates)
    table.push([
      `${action === 'add' ? '+' : '−'} ${feature}`,
      perDecision === null ? '–' : perDecision.toFixed(5),
      ...differenceCells(difference),
      stop === 'converged' ? '' : colors.red(stop),
    ]);
  return table.toString();
}

function differenceCells(difference: SearchStep['difference']): string[] {
  if (!difference) return ['–', '–'];
  const { estimate, interval } = difference;
  return [signed(estimate), interval ? interval.map(signed).join(' to ') : '–'];
}

function signed(x: number): string {
  return `${x < 0 ? '−' : '+'}${Math.abs(x).toFixed(5)}`;
}

/** What was chosen and how sure that is. */
function chosenWords({ chosen, path, rejected, ended, rule }: SearchResult): string {
  const { features } = chosen;
  const names = features.length === 0 ? 'no feature' : features.map((f) => `"${f}"`).join(', ');
  const scored = rejected.filter(({ difference }) => difference?.interval);
  const open = scored.filter(
    ({ action, difference }) =>
      action === 'add' && difference?.interval && difference.interval[1] > 0,
  );
  const parts = [`Chosen: ${names}; ${ended}.`];
  const taken = path.slice(1);
  const unsure = taken.filter(
    ({ action, difference }) =>
      action === 'add' && difference?.interval && difference.interval[0] <= 0,
  );
  if (taken.some(({ action }) => action === 'add'))
    parts.push(
      unsure.length === 0
        ? 'Every feature that was added improves the prediction beyond its interval.'
        : `Of ${unsure.map(({ feature }) => `"${feature}"`).join(', ')} it is not sure that it improves the prediction.`,
    );
  if (open.length > 0 && rule === 'sure')
    parts.push(
      `More trajectories may tell whether ${open.map(({ feature }) => `"${feature}"`).join(', ')} would help: the interval does not rule it out.`,
    );
  return parts.join('\n');
}

function estimateTable({ chosen }: SearchResult): string {
  const table = plainTable(['parameter', 'estimate', 's.e. (sandwich)']);
  for (const { name, estimate, standardError } of chosen.parameters)
    table.push([
      name,
      estimate === null ? '–' : estimate.toPrecision(6),
      standardError === null ? '–' : standardError.toPrecision(4),
    ]);
  const caution =
    '  (standard errors as if the features had not been chosen by the same trajectories)';
  return `${table.toString()}\n${colors.dim(caution)}`;
}

function outerWords({ outer }: SearchResult): string {
  if (!outer) return '';
  const { fold, trajectories, chosen, all, difference, reasons } = outer;
  if (chosen === null) return `Fold "${fold}" cannot be predicted: ${reasons?.chosen ?? ''}.`;
  const beside =
    all === null || !difference
      ? ''
      : `; with all features ${all.toFixed(5)}, ${signed(difference.estimate)} for the chosen ones` +
        (difference.interval ? ` (${difference.interval.map(signed).join(' to ')})` : '');
  return `Fold "${fold}" (${trajectories} trajectories) took no part in the search. It is predicted with ${chosen.toFixed(5)} per decision${beside}.`;
}
