/**
 * Several fits side by side, as economists print them: a column per fit, a row per parameter with
 * its standard error in parentheses below, and what measures the fits at the foot.
 *
 * A number that does not exist is not printed: what was given is marked as fixed, what the data leave
 * open as not identified, what runs away as infinite.
 */

import type { StandardErrorKind } from '../inference/standardErrors.ts';
import {
  type CellResult,
  cellsOf,
  type MethodResult,
  type ParameterResult,
  type ResultFile,
} from '../resultFile.ts';

export interface FitTableSettings {
  /** Which standard errors stand in parentheses. */
  readonly errors: StandardErrorKind;
  /** Whether stars say how far an estimate is from 0. */
  readonly stars: boolean;
  /** Names of cells and of methods to show; all with parameters where absent. */
  readonly cells?: readonly string[] | undefined;
  readonly methods?: readonly string[] | undefined;
}

/** A result under the name that tells it from others in the same table. */
export interface NamedResult {
  readonly name: string;
  readonly result: ResultFile;
}

export interface FitTable {
  /** Names of the fits. */
  readonly columns: readonly string[];
  readonly rows: readonly {
    readonly parameter: string;
    /** One per column; null where a fit has no such parameter. */
    readonly entries: readonly (FitEntry | null)[];
  }[];
  readonly measures: readonly { readonly name: string; readonly values: readonly string[] }[];
  /** Sentences for below the table. */
  readonly notes: readonly string[];
}

export interface FitEntry {
  readonly estimate: string;
  readonly stars: '' | '*' | '**' | '***';
  /** The standard error, or in its place a word; shown in parentheses. */
  readonly below: string;
}

interface Column {
  readonly name: string;
  readonly cell: CellResult;
  readonly method: MethodResult;
}

const kindWords: Readonly<Record<StandardErrorKind, string>> = {
  hessian: 'of the inverse Hessian',
  outerProduct: 'of the outer product of the scores of decisions',
  outerProductTrajectory: 'of the outer product of the scores of trajectories',
  sandwich: 'robust (sandwich), clustered by trajectory, or by person where they are known',
};

/** Throws a RangeError where a name matches nothing, or nothing has parameters. */
export function fitTable(results: readonly NamedResult[], settings: FitTableSettings): FitTable {
  const columns = columnsOf(results, settings);
  const parameters = [
    ...new Set(columns.flatMap(({ method }) => method.parameters.map(({ name }) => name))),
  ];
  const rows = parameters.map((parameter) => ({
    parameter,
    entries: columns.map(({ method }) => {
      const found = method.parameters.find(({ name }) => name === parameter);
      return found ? entryOf(found, method, settings) : null;
    }),
  }));
  return {
    columns: columns.map(({ name }) => name),
    rows,
    measures: measuresOf(columns),
    notes: notesOf(columns, settings),
  };
}

function columnsOf(
  results: readonly NamedResult[],
  { cells, methods }: FitTableSettings,
): Column[] {
  const all = results.flatMap(({ name: file, result }) =>
    cellsOf(result).flatMap((cell) =>
      Object.entries(cell.methods).map(([name, method]) => ({ file, cell, name, method })),
    ),
  );
  const check = (what: string, wanted: readonly string[] | undefined, known: string[]): void => {
    for (const name of wanted ?? [])
      if (!known.includes(name))
        throw new RangeError(
          `Cannot show ${what} "${name}": there are ${[...new Set(known)].map((k) => `"${k}"`).join(', ')}`,
        );
  };
  check(
    'cell',
    cells,
    all.map(({ cell }) => cell.name),
  );
  check(
    'method',
    methods,
    all.map(({ name }) => name),
  );
  const shown = all.filter(
    ({ cell, name, method }) =>
      (cells?.includes(cell.name) ?? true) &&
      (methods ? methods.includes(name) : method.parameters.length > 0),
  );
  if (shown.length === 0)
    throw new RangeError(
      'Cannot make a table: none of the fits has parameters; name methods to show them all the same',
    );
  const several = (of: (column: (typeof shown)[number]) => string): boolean =>
    new Set(shown.map(of)).size > 1;
  const parts = [
    several(({ file }) => file) ? ({ file }: (typeof shown)[number]) => file : null,
    several(({ cell }) => cell.name) ? ({ cell }: (typeof shown)[number]) => cell.name : null,
    several(({ name }) => name) ? ({ name }: (typeof shown)[number]) => name : null,
  ].filter((part) => part !== null);
  return shown.map((column) => ({
    name: [...new Set(parts.map((part) => part(column)))].join(', ') || column.name,
    cell: column.cell,
    method: column.method,
  }));
}

function entryOf(
  { name, estimate, standardErrors, held, p: tests }: ParameterResult,
  method: MethodResult,
  { errors, stars }: FitTableSettings,
): FitEntry {
  const without = (text: string, below: string): FitEntry => ({ estimate: text, stars: '', below });
  if (method.unbounded?.includes(name))
    return without(estimate === null ? '∞' : estimate < 0 ? '−∞' : '∞', 'unbounded');
  if (method.unidentified?.some(({ direction }) => Object.hasOwn(direction, name)))
    return without('–', 'not identified');
  if (estimate === null) return without('–', method.stop);
  if (held === 'fixed') return without(rounded(estimate, null), 'fixed');
  if (held === 'at-bound') return without(rounded(estimate, null), 'at bound');
  const error = standardErrors?.[errors] ?? null;
  if (error === null) return without(rounded(estimate, null), '–');
  // None where it is not tested against 0, as a share, or under a penalty.
  const p = tests?.[errors] ?? 1;
  return {
    estimate: rounded(estimate, error),
    stars: !stars ? '' : p < 0.01 ? '***' : p < 0.05 ? '**' : p < 0.1 ? '*' : '',
    below: rounded(error, error),
  };
}

/** As many decimals as give the standard error three digits, and three where that is not too many. */
function rounded(x: number, error: number | null): string {
  if (error === null || !(error > 0)) return signed(Number(x.toPrecision(6)).toString());
  const digits = 2 - Math.floor(Math.log10(error));
  if (digits > 8 || digits < -6) return signed(x.toPrecision(4));
  return signed(x.toFixed(Math.max(digits, error < 100 ? 3 : 0)));
}

/** A true minus sign. */
function signed(text: string): string {
  return text.replace(/^-/, '−').replace(/e-/, 'e−');
}

function measuresOf(columns: readonly Column[]): FitTable['measures'] {
  const row = (name: string, value: (column: Column) => string | null) => {
    const values = columns.map(value);
    return values.every((text) => text === null)
      ? []
      : [{ name, values: values.map((text) => text ?? '–') }];
  };
  const fixed =
    (decimals: number) =>
    (x: number | null | undefined): string | null =>
      x === null || x === undefined ? null : signed(x.toFixed(decimals));
  const varies = (of: (column: Column) => number): boolean => new Set(columns.map(of)).size > 1;
  const whole = (n: number): string => n.toLocaleString('en-US');
  return [
    ...row('Log-likelihood', ({ method }) => fixed(3)(method.logLikelihood)),
    ...row('Full log-likelihood', ({ method }) => fixed(3)(method.fullLogLikelihood)),
    ...row('ρ²', ({ method }) => fixed(4)(method.rhoSquared)),
    ...row('AIC', ({ method }) => fixed(2)(method.aic)),
    ...row('BIC', ({ method }) => fixed(2)(method.bic)),
    ...row('Held out, per decision', ({ method: { heldOut } }) =>
      heldOut?.logLikelihood == null || heldOut.decisions === 0
        ? null
        : fixed(5)(heldOut.logLikelihood / heldOut.decisions),
    ),
    ...row('Free parameters', ({ method }) =>
      method.freeParameters === undefined ? null : whole(method.freeParameters),
    ),
    ...row('Decisions', ({ cell }) => whole(cell.data.decisions)),
    ...row('Trajectories', ({ cell }) => whole(cell.data.trajectories)),
    ...(varies(({ cell }) => cell.model.discount)
      ? row('Discount', ({ cell }) => String(cell.model.discount))
      : []),
    ...(varies(({ cell }) => cell.model.temperature)
      ? row('Temperature', ({ cell }) => String(cell.model.temperature))
      : []),
    ...(varies(({ cell }) => cell.model.l2)
      ? row('L2 penalty', ({ cell }) => String(cell.model.l2))
      : []),
    ...(columns.some(({ method }) => method.stop !== 'converged')
      ? row('Stop', ({ method }) => method.stop)
      : []),
  ];
}

function notesOf(columns: readonly Column[], { errors, stars }: FitTableSettings): string[] {
  const notes = [`Standard errors in parentheses: ${kindWords[errors]}.`];
  if (stars) notes.push('* p < 0.1, ** p < 0.05, *** p < 0.01 (two-sided, against 0).');
  const missing = columns.flatMap(({ name, method }) =>
    method.parameters.flatMap(({ standardErrors }) => {
      const reason = standardErrors?.reasons?.[errors];
      return standardErrors?.[errors] === null && reason ? [`${name}: ${reason}.`] : [];
    }),
  );
  notes.push(...new Set(missing));
  for (const { name, method } of columns)
    if (method.stop !== 'converged' && method.stopReason)
      notes.push(`${name} ${method.stop}: ${method.stopReason}.`);
  if (columns.some(({ cell }) => cell.model.l2 > 0))
    notes.push('Log-likelihoods are without the penalty that was subtracted in the fit.');
  const samples = new Set(
    columns.map(({ cell }) => cell.data.files.map(({ sha256 }) => sha256).join()),
  );
  const sizes = new Set(columns.map(({ cell }) => cell.data.decisions));
  if (samples.size > 1 || sizes.size > 1)
    notes.push('The fits are not all of the same data: their likelihoods do not compare.');
  return notes;
}
