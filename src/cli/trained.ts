/** What `revealed train` says in the end: as a file, and in words. */

import { meanInterval } from '../evaluation/inference/meanInterval.ts';
import { plainTable } from '../evaluation/plainTable.ts';
import type { ControlResult, ScoredCheckpoint } from '../learning/neural/controlTraining.ts';
import { version } from '../study/version.ts';

/** What was asked for. */
export interface AskedTraining {
  readonly world: { readonly name: string; readonly options: unknown };
  readonly method: string;
  readonly seed: number;
  readonly backend: { readonly name: string; readonly reason: string };
  readonly training: {
    readonly every: number;
    readonly selectionEpisodes: number;
    readonly episodes: number;
    readonly evaluate: number;
    readonly enough?: number | undefined;
  };
}

/** How a policy did in episodes that chose nothing. */
interface ScoredPolicy {
  readonly step: number;
  readonly mean: number;
  /** 95 %, of the mean. */
  readonly interval: readonly [number, number] | null;
  readonly lowest: number;
  readonly highest: number;
  /** Sums of rewards. */
  readonly returns: readonly number[];
  readonly reasons?: Readonly<Record<string, string>>;
}

/** `train.json`. */
export interface TrainedFile extends AskedTraining {
  readonly format: 1;
  readonly revealed: string;
  /** All options of what learned, those that were not given too. */
  readonly settings: unknown;
  readonly steps: number;
  readonly best: ScoredPolicy;
  readonly last: ScoredPolicy;
  readonly curve: ControlResult['curve'];
  /** Whether a checkpoint was confirmed to return what was asked for; null where nothing was. */
  readonly reached: boolean | null;
}

export function trainedFile(
  asked: AskedTraining,
  settings: unknown,
  { steps, best, last, curve }: ControlResult,
): TrainedFile {
  const { enough } = asked.training;
  const reached = curve.some(({ confirmed }) => confirmed !== null && confirmed >= (enough ?? 0));
  return {
    format: 1,
    revealed: version,
    ...asked,
    settings,
    steps,
    best: scored(best),
    last: scored(last),
    curve,
    reached: enough === undefined ? null : reached,
  };
}

export function trainedWords(file: TrainedFile, out: string | undefined): string {
  const { world, method, steps, seed, backend, training, best, last, reached } = file;
  const count = (n: number): string => n.toLocaleString('en');
  const table = plainTable(['policy', 'step', 'return', '95 % interval', 'lowest', 'highest']);
  for (const [name, { step, mean, interval, lowest, highest }] of [
    ['best confirmed', best],
    ['last', last],
  ] as const)
    table.push([
      name,
      count(step),
      mean.toFixed(1),
      interval === null ? '' : `${interval[0].toFixed(1)} to ${interval[1].toFixed(1)}`,
      lowest.toFixed(1),
      highest.toFixed(1),
    ]);
  const { every, selectionEpisodes, episodes, evaluate, enough } = training;
  const lines = [
    `Learned ${world.name} by ${method} in ${count(steps)} steps, seed ${seed}, on ${backend.name} (${backend.reason})`,
    '',
    table.toString().replace(/ +$/gm, ''),
    '',
    `Returns are sums of rewards, acting without chance, over ${count(evaluate)} episodes that chose nothing.`,
    `Checkpoints every ${count(every)} steps were chosen on ${count(selectionEpisodes)} episodes and confirmed on ${count(episodes)} others.`,
  ];
  if (reached === false)
    lines.push(`None of them was confirmed to return ${enough}, which was asked for.`);
  if (out !== undefined)
    lines.push(
      '',
      `Written to ${out}: train.json, the policy, curves (csv, jsonl, TensorBoard), and latest, to go on from with --resume`,
    );
  return `${lines.join('\n')}\n`;
}

function scored({ step, mean, returns }: ScoredCheckpoint): ScoredPolicy {
  const lowest = returns.reduce((least, x) => Math.min(least, x));
  const highest = returns.reduce((most, x) => Math.max(most, x));
  const common = { step, mean, lowest, highest, returns: [...returns] };
  if (returns.length < 2)
    return { ...common, interval: null, reasons: { interval: 'one episode shows no spread' } };
  const { low, high } = meanInterval(returns);
  return { ...common, interval: [low, high] };
}
