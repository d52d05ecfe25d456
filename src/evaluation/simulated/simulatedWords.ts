/** What is said of a study in a simulator, on a terminal and in the report alike. */

import { count, fixed, listed, signed, significant } from '../report/words.ts';
import type {
  GapResult,
  MeanReturn,
  SimulatedCell,
  SimulatedFile,
  SimulatedMethodResult,
} from './simulatedResult.ts';
import { simulatedCellsOf } from './simulatedResult.ts';

/** A fit, by where it stands. */
export interface PlacedFit {
  readonly cell: SimulatedCell;
  readonly name: string;
  readonly fit: SimulatedMethodResult;
}

/** Every fit, method by method. */
export function fitsByMethod(cells: readonly SimulatedCell[]): PlacedFit[] {
  const names = Object.keys(cells[0].methods);
  return names.flatMap((name) => cells.map((cell) => ({ cell, name, fit: cell.methods[name] })));
}

/** What was demonstrated, and where. */
export function demonstratedWords({ data, simulator, model, baselines }: SimulatedCell): string[] {
  const { trajectories, decisions, heldOut, empty, files } = data;
  const from = files.length === 0 ? '' : ` (${files.map(({ name }) => name).join(', ')})`;
  const world = simulator.name ?? 'a simulator of the study’s own';
  const actions =
    simulator.actions === 'discrete'
      ? count(data.actions ?? 0, 'action')
      : `actions of ${count(simulator.actionSize, 'coordinate')}`;
  const returned = baselines.demonstrated;
  return [
    `Fitted to ${count(decisions, 'decision')} in ${count(trajectories, 'episode')}${from}` +
      (heldOut
        ? `; held out: ${count(heldOut.decisions, 'decision')} in ${count(heldOut.trajectories, 'episode')}, ${model.holdOut}.`
        : '; nothing held out.') +
      (returned ? ` What was fitted to returned ${returnWords(returned)}.` : ''),
    `World: ${world}, seen by ${count(simulator.observationSize, 'number')}, ${actions}; discount ${model.discount}, temperature ${model.temperature}, entropy relative to choosing at random.`,
    ...(empty > 0 ? [`${count(empty, 'episode holds', 'episodes hold')} no decision.`] : []),
  ];
}

export function returnWords({ value, low, high }: MeanReturn): string {
  const mean = fixed(value, digitsOf(value));
  if (low === null || high === null) return mean;
  return `${mean} (${fixed(low, digitsOf(value))} to ${fixed(high, digitsOf(value))})`;
}

function digitsOf(x: number): number {
  return Math.abs(x) >= 1000 ? 0 : Math.abs(x) >= 10 ? 1 : 3;
}

export function gapWords({ gap, error }: GapResult): string {
  return `${signed(gap, 4)} ± ${fixed(error, 4)}`;
}

/** The gap that is largest in its own errors; null where there is none. */
export function farthestGap({ gaps }: SimulatedMethodResult): GapResult | null {
  const far = ({ gap, error }: GapResult): number =>
    gap === 0 ? 0 : Math.abs(gap) / Math.max(error, Number.MIN_VALUE);
  return (gaps ?? []).reduce<GapResult | null>(
    (most, one) => (most === null || far(one) > far(most) ? one : most),
    null,
  );
}

/** Held-out log-likelihood per decision; null where there is none. */
export function heldOutPerDecision({ heldOut }: SimulatedMethodResult): number | null {
  if (!heldOut || heldOut.logLikelihood === null) return null;
  return heldOut.logLikelihood / heldOut.decisions;
}

/** What was matched and what not, who predicts better, and what that is worth: sentences. */
export function findings(result: SimulatedFile): string[] {
  const cells = simulatedCellsOf(result);
  const fits = fitsByMethod(cells);
  const methods = [...new Set(fits.map(({ name }) => name))].map((name) =>
    fits.filter((one) => one.name === name),
  );
  return [
    ...methods.flatMap(matchedWords),
    ...(result.comparison?.differences ?? []).map((difference) =>
      predictsWords(difference, result.comparison?.level ?? 0.95, cells.length),
    ),
    ...methods.flatMap(returnedWords),
  ];
}

function matchedWords(fits: readonly PlacedFit[]): string[] {
  const rewards = fits.filter(({ fit }) => fit.rounds !== null);
  if (rewards.length === 0) return [];
  const [{ name }] = rewards;
  const only = rewards.length === 1;
  const matched = rewards.filter(({ fit }) => fit.stop === 'matched-within-error');
  const head = only
    ? []
    : [
        `${name}: every feature is matched within its error in ${matched.length} of ${rewards.length} seeds.`,
      ];
  return [
    ...head,
    ...rewards
      .filter(({ fit }) => only || fit.stop !== 'matched-within-error')
      .map(({ cell, fit }) => `${name}${only ? '' : `, ${cell.name}`}: ${fit.stopReason}.`),
  ];
}

function predictsWords(
  {
    method,
    reference,
    perDecision,
    interval,
    reasons,
  }: NonNullable<SimulatedFile['comparison']>['differences'][number],
  level: number,
  seeds: number,
): string {
  if (perDecision === null)
    return `${method} and ${reference} cannot be compared on what was held out: ${reasons?.perDecision ?? 'a number is missing'}.`;
  const [better, worse] = perDecision > 0 ? [method, reference] : [reference, method];
  const by = `${fixed(Math.abs(perDecision), 4)} log-likelihood per decision${seeds > 1 ? `, mean of ${seeds} seeds` : ''}`;
  if (!interval)
    return `${better} tells the held-out decisions better than ${worse}, by ${by}; there is no interval (${reasons?.interval ?? 'too few episodes'}).`;
  const [low, high] = perDecision > 0 ? interval : [-interval[1], -interval[0]];
  const decided = low > 0;
  return `${better} tells the held-out decisions better than ${worse}, by ${by} (${Math.round(100 * level)} % interval ${signed(low, 4)} to ${signed(high, 4)})${decided ? '' : '; zero is inside, so this may be luck of who was held out'}.`;
}

function returnedWords(fits: readonly PlacedFit[]): string[] {
  const judged = fits.filter(({ fit }) => fit.returns !== null);
  if (judged.length === 0) return [];
  const [{ name, cell }] = judged;
  const of = (playing: 'greedy' | 'sampled'): string => {
    const values = judged.map(({ fit }) => fit.returns?.[playing] as MeanReturn);
    if (values.length === 1) return returnWords(values[0]);
    return listed(values.map(({ value }) => fixed(value, digitsOf(value))));
  };
  const { demonstrated, random } = cell.baselines;
  const beside = [
    ...(demonstrated ? [`demonstrated ${significant(demonstrated.value, 3)}`] : []),
    ...(random ? [`at random ${significant(random.value, 3)}`] : []),
  ];
  const early = judged.filter(
    ({ fit }) =>
      fit.rounds !== null &&
      fit.stop === 'max-iterations' &&
      demonstrated !== null &&
      (fit.returns?.sampled.value ?? Number.NEGATIVE_INFINITY) > demonstrated.value &&
      (fit.gaps ?? []).some(({ isWithin }) => !isWithin),
  );
  return [
    `${name} returns ${of('greedy')} acting greedily and ${of('sampled')} acting as it draws, in rewards that it was never shown${beside.length > 0 ? ` (${listed(beside)})` : ''}.`,
    ...(early.length > 0
      ? [
          `${name} returns more than was demonstrated while gaps are open${judged.length > 1 ? ` (${listed(early.map((one) => one.cell.name))})` : ''}: it does better than those it was to explain, which is not the same as explaining them.`,
        ]
      : []),
  ];
}
