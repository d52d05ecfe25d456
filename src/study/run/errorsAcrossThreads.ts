/** Errors as plain data, so that what went wrong in a thread is told as what it was. */

import { z } from 'zod';
import { TableError } from '../../demonstrations/tables/tableError.ts';

export interface PackedError {
  readonly kind: string;
  readonly message: string;
  readonly stack?: string | undefined;
  /** Of a system error: ENOENT, … */
  readonly code?: string | undefined;
  /** Of a TableError. */
  readonly place?: { readonly file: string; readonly line: number | null };
  /** Of a ZodError, as JSON. */
  readonly issues?: string;
}

const BUILT_IN = { RangeError, SyntaxError, TypeError, ReferenceError, EvalError, URIError, Error };

export function packError(error: unknown): PackedError {
  if (!(error instanceof Error)) return { kind: 'Error', message: String(error) };
  const { message, stack } = error;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const plain = { message, stack, code };
  // By name and shape: the thread may have loaded a class a second time.
  if (error.name === 'TableError') {
    const { file, line } = error as TableError;
    return { ...plain, kind: 'TableError', place: { file, line } };
  }
  if (error instanceof z.ZodError)
    return { ...plain, kind: 'ZodError', issues: JSON.stringify(error.issues) };
  return { ...plain, kind: kindOf(error) };
}

export function unpackError({ kind, message, stack, code, place, issues }: PackedError): Error {
  const error = create(kind, message, place, issues);
  if (stack !== undefined) error.stack = stack;
  return code === undefined ? error : Object.assign(error, { code });
}

function create(
  kind: string,
  message: string,
  place: PackedError['place'],
  issues: string | undefined,
): Error {
  if (place) {
    const before = `${place.file}${place.line === null ? '' : `:${place.line}`}: `;
    const problem = message.startsWith(before) ? message.slice(before.length) : message;
    return new TableError(place.file, place.line, problem);
  }
  if (issues !== undefined) return new z.ZodError(JSON.parse(issues));
  return new (BUILT_IN[kind as keyof typeof BUILT_IN] ?? Error)(message);
}

/** The nearest built-in class. */
function kindOf(error: Error): string {
  const kinds = Object.entries(BUILT_IN);
  return kinds.find(([name, kind]) => error instanceof kind || error.name === name)?.[0] ?? 'Error';
}
