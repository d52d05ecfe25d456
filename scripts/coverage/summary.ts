/** How often 95 % intervals held what they were to hold, as numbers and as a table to read. */

import {
  type StandardErrorKind,
  standardErrorKinds,
} from '../../src/evaluation/inference/standardErrors.ts';
import { bootstrapIntervals, type OpenedCase, type Trial } from './trial.ts';

/** The share of a standard normal within so many standard deviations is .95. */
const Z = 1.959963984540054;
/** What counts as covering where theory promises .95. */
const LOWEST = 0.93;
const HIGHEST = 0.97;

export interface Coverage {
  /** Data sets whose interval holds θ*, of those that have one. */
  readonly share: number | null;
  /** Its Monte Carlo standard error, √(p (1 − p) / n). */
  readonly error: number | null;
  readonly intervals: number;
  /** Whether it is between .93 and .97; null where theory promises nothing. */
  readonly asPromised: boolean | null;
}

export interface CaseSummary {
  readonly name: string;
  readonly words: string;
  readonly dataSets: number;
  /** How many fits stopped how. */
  readonly stops: Readonly<Record<string, number>>;
  readonly parameters: readonly {
    readonly name: string;
    /** θ* */
    readonly target: number;
    readonly bias: number;
    /** Standard deviation of the estimates, which standard errors are to be like. */
    readonly deviation: number;
    readonly meanErrors: Readonly<Record<StandardErrorKind, number | null>>;
    readonly coverage: Readonly<Record<string, Coverage>>;
  }[];
}

export function summarizeCase(
  { study, problem, target }: OpenedCase,
  trials: readonly Trial[],
): CaseSummary {
  const stops: Record<string, number> = {};
  for (const { stop } of trials) stops[stop] = (stops[stop] ?? 0) + 1;
  const names = study.seen ?? problem.features.names;
  return {
    name: study.name,
    words: study.words,
    dataSets: trials.length,
    stops,
    parameters: names.map((name, k) => {
      const found = trials.flatMap(({ parameters }) => (parameters ? [parameters[k]] : []));
      const estimates = found.map(({ estimate }) => estimate);
      const middle = mean(estimates);
      const truth = target[k];
      const wald = standardErrorKinds.map((kind): [string, Coverage] => {
        const within = found.flatMap(({ estimate, errors }) => {
          const error = errors[kind];
          return error === null ? [] : [Math.abs(estimate - truth) <= Z * error];
        });
        return [kind, coverageOf(within, study.promised.includes(kind))];
      });
      const drawn = study.bootstrap
        ? bootstrapIntervals.map((kind): [string, Coverage] => {
            const within = found.flatMap(({ bootstrap }) => {
              const ends = bootstrap?.[kind];
              return ends ? [ends[0] <= truth && truth <= ends[1]] : [];
            });
            return [`bootstrap ${kind}`, coverageOf(within, false)];
          })
        : [];
      const meanErrors = Object.fromEntries(
        standardErrorKinds.map((kind) => {
          const errors = found.flatMap((one) => one.errors[kind] ?? []);
          return [kind, errors.length === 0 ? null : mean(errors)];
        }),
      ) as Record<StandardErrorKind, number | null>;
      return {
        name,
        target: truth,
        bias: middle - truth,
        deviation: Math.sqrt(mean(estimates.map((x) => (x - middle) ** 2))),
        meanErrors,
        coverage: Object.fromEntries([...wald, ...drawn]),
      };
    }),
  };
}

function coverageOf(within: readonly boolean[], isPromised: boolean): Coverage {
  const n = within.length;
  if (n === 0) return { share: null, error: null, intervals: 0, asPromised: null };
  const share = within.filter(Boolean).length / n;
  return {
    share,
    error: Math.sqrt((share * (1 - share)) / n),
    intervals: n,
    asPromised: isPromised ? share >= LOWEST && share <= HIGHEST : null,
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, x) => sum + x / values.length, 0);
}

const HEADINGS: Readonly<Record<string, string>> = {
  hessian: 'hessian',
  outerProduct: 'outer product, decisions',
  outerProductTrajectory: 'outer product, trajectories',
  sandwich: 'sandwich',
  'bootstrap percentile': 'bootstrap, percentile',
  'bootstrap basic': 'bootstrap, basic',
  'bootstrap studentised': 'bootstrap, studentised',
};

/** The study as a Markdown text. */
export function coverageReport(summaries: readonly CaseSummary[], seed: number): string {
  const parts = summaries.map(({ name, words, dataSets, stops, parameters }) => {
    const failures = Object.entries(stops).filter(([stop]) => stop !== 'converged');
    const outcome =
      failures.length === 0
        ? `All ${dataSets} fits converged.`
        : `Of ${dataSets} fits ${failures.map(([stop, n]) => `${n} ended as \`${stop}\``).join(', ')}; they have no interval.`;
    const kinds = Object.keys(parameters[0].coverage);
    const rows = parameters.map(({ name: parameter, target, bias, deviation, coverage }) => [
      parameter,
      target.toPrecision(4),
      bias.toPrecision(2),
      deviation.toPrecision(3),
      ...kinds.map((kind) => cell(coverage[kind])),
    ]);
    const headings = ['parameter', 'θ*', 'bias', 's.d.', ...kinds.map((kind) => HEADINGS[kind])];
    const errors = parameters.map(({ name: parameter, deviation, meanErrors }) => {
      const ratios = standardErrorKinds.map((kind) => {
        const error = meanErrors[kind];
        return `${HEADINGS[kind]} ${error === null ? '–' : (error / deviation).toFixed(2)}`;
      });
      return `- ${parameter}: ${ratios.join(', ')}`;
    });
    return [
      `## ${name}`,
      `${words[0].toUpperCase()}${words.slice(1)}. ${outcome}`,
      table([headings, ...rows]),
      `Mean standard error / standard deviation of the estimates:\n\n${errors.join('\n')}`,
    ].join('\n\n');
  });
  return `${[
    '# How often 95 % intervals cover',
    [
      `Shares of data sets whose interval holds θ*, seed ${seed}, ± the Monte Carlo standard error of`,
      'the share. ✓ and ✗ stand where theory promises .95 in large samples and the sample is large:',
      'within .93 and .97, or not. θ* is the true reward where the model holds, and else the best',
      'approximation that the model has, computed from the expected choices.',
    ].join('\n'),
    ...parts,
  ].join('\n\n')}\n`;
}

function cell({ share, error, intervals, asPromised }: Coverage): string {
  if (share === null || error === null) return '–';
  const mark = asPromised === null ? '' : asPromised ? ' ✓' : ' ✗';
  const few = intervals < 1000 ? ` (${intervals})` : '';
  return `${shortShare(share)} ± ${shortShare(error)}${mark}${few}`;
}

function shortShare(x: number): string {
  return x.toFixed(3).replace(/^0/, '');
}

function table([headings, ...rows]: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(headings), line(headings.map(() => '---')), ...rows.map(line)].join('\n');
}
