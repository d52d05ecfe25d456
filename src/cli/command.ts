/**
 * The contract of a command: its options are a schema, and the schema is the flags.
 *
 * Flags are written with dashes (`--hold-out`) and arrive in camel case (`holdOut`). A boolean is a
 * switch; everything else takes one value, which the schema parses from text.
 */

import { type Command as CommanderCommand, Option, type OutputConfiguration } from 'commander';
import { z } from 'zod';
import { suggestion } from '../demonstrations/tables/nameIndex.ts';
import { parseDecimal } from '../demonstrations/tables/tableCells.ts';
import { TableError } from '../demonstrations/tables/tableError.ts';
import type { Workers } from '../study/run/sideBySide.ts';
import { ThreadLost } from '../study/run/threads.ts';

/** Where a command writes. */
export interface Output {
  /** Results. */
  stdout(text: string): void;
  /** Progress and errors. */
  stderr(text: string): void;
  /** Whether somebody watches stderr as it is written. */
  readonly interactive: boolean;
}

/** Exit codes: 0 done as asked; 1 ran, but a check failed or a fit did not succeed; 2 misuse. */
export type ExitCode = 0 | 1 | 2 | 130;

export interface Command<Shape extends z.ZodRawShape = z.ZodRawShape> {
  readonly name: string;
  readonly summary: string;
  /** Positional arguments, `<required>`, `[optional]` or `[any number...]`, and what they are. */
  readonly positional?: readonly (readonly [name: string, description: string])[];
  readonly options: z.ZodObject<Shape>;
  run(
    options: z.output<z.ZodObject<Shape>>,
    output: Output,
    positional: readonly string[],
  ): Promise<ExitCode>;
}

/** Helps the editor; a command is a plain value. */
export function defineCommand<Shape extends z.ZodRawShape>(command: Command<Shape>): Command {
  return command as unknown as Command;
}

/** Flags that every command has. */
export const commonOptions = {
  json: z.boolean().default(false).describe('Print the result as JSON, for machines'),
  seed: z
    .string()
    .default('0')
    .transform((text, context) => wholeNumber(text, context))
    .describe('Seed of every random draw (default 0)'),
  quiet: z.boolean().default(false).describe('No progress on stderr'),
};

/** A number given as text, strictly. */
export function numberFlag(): z.ZodType<number, string> {
  return z.string().transform((text, context) => {
    const value = parseDecimal(text.trim());
    if (Number.isNaN(value)) {
      context.addIssue({ code: 'custom', message: `wanted a number, got "${text}"` });
      return z.NEVER;
    }
    return value;
  });
}

/** A whole number given as text, strictly. */
export function wholeNumberFlag(): z.ZodType<number, string> {
  return z.string().transform((text, context) => wholeNumber(text, context));
}

/** How many threads: a number, or as many as there are cores where they pay. */
export function workersFlag(): z.ZodType<Workers, string | undefined> {
  return z
    .string()
    .default('auto')
    .transform((text, context): Workers => {
      if (text === 'auto') return text;
      const count = wholeNumber(text, context);
      if (count === z.NEVER || count >= 1) return count;
      context.addIssue({ code: 'custom', message: `wanted at least 1, got ${count}` });
      return z.NEVER;
    })
    .describe('Fits side by side in so many threads; 1: none (default: as many as cores, if slow)');
}

function wholeNumber(text: string, context: z.RefinementCtx): number {
  if (!/^-?\d+$/.test(text.trim()) || !Number.isSafeInteger(Number(text))) {
    context.addIssue({ code: 'custom', message: `wanted a whole number, got "${text}"` });
    return z.NEVER;
  }
  return Number(text);
}

/** Adds a command to the program; `finished` is told its exit code. */
export function register(
  program: CommanderCommand,
  command: Command,
  output: Output,
  finished: (code: ExitCode) => void,
): void {
  const sub = program.command(command.name).description(command.summary);
  for (const [name, description] of command.positional ?? []) sub.argument(name, description);
  for (const [key, schema] of Object.entries(command.options.shape))
    sub.addOption(flag(key, schema as z.ZodType));
  sub.allowExcessArguments(false).configureOutput(misuseInOneLine(command.name));
  sub.action(async (...received: unknown[]) => {
    const given = received
      .slice(0, command.positional?.length ?? 0)
      .flat()
      .filter((argument) => argument !== undefined)
      .map(String);
    const raw = sub.opts();
    const parsed = command.options.safeParse(raw);
    if (!parsed.success) {
      for (const issue of parsed.error.issues) {
        const key = String(issue.path[0] ?? '');
        const words = issueWords(issue, raw[key], command.options.shape[key]);
        output.stderr(`revealed ${command.name}: --${dashed(key)}${words}\n`);
      }
      finished(2);
      return;
    }
    try {
      finished(await command.run(parsed.data, output, given));
    } catch (error) {
      if (!isMisuse(error)) throw error;
      const message = error instanceof z.ZodError ? z.prettifyError(error) : error.message;
      output.stderr(`revealed ${command.name}: ${message}\n`);
      finished(2);
    }
  });
}

/** Has commander say what is wrong as we do: who speaks, what, and where to look. */
export function misuseInOneLine(command: string): OutputConfiguration {
  const name = command === '' ? 'revealed' : `revealed ${command}`;
  return {
    outputError(text, write) {
      const said = text
        .replace(/^error: /, '')
        .trim()
        .replace(/\n\(Did/, ' (Did');
      write(`${name}: ${said}; see ${name} --help\n`);
    },
  };
}

/** What is wrong with a flag's value, continuing its name. */
function issueWords(issue: z.core.$ZodIssue, given: unknown, schema: unknown): string {
  if (given === undefined) return ` is missing: ${(schema as z.ZodType).description ?? ''}`;
  if (issue.code === 'too_small')
    return `: must be ${issue.inclusive ? 'at least' : 'above'} ${issue.minimum}, got ${given}`;
  if (issue.code === 'invalid_value') {
    const options = issue.values.map(String);
    return `: wanted ${options.join(' or ')}, got "${given}"${suggestion(String(given), options)}`;
  }
  return `: ${issue.message}`;
}

/** Errors that say what the user can mend; anything else is a fault of the program. */
function isMisuse(error: unknown): error is Error {
  return (
    error instanceof TableError ||
    error instanceof ThreadLost ||
    error instanceof z.ZodError ||
    error instanceof RangeError ||
    error instanceof SyntaxError ||
    (error instanceof Error && ('code' in error || error.constructor === Error))
  );
}

function flag(key: string, schema: z.ZodType): Option {
  const name = `--${dashed(key)}`;
  const description = schema.description ?? '';
  const isSwitch = acceptsBoolean(schema);
  const required = !schema.safeParse(undefined).success;
  const shown = isSwitch ? name : `${name} <${valueName(key, schema)}>`;
  const option = new Option(shown, required ? `${description} (required)` : description);
  return option;
}

function acceptsBoolean(schema: z.ZodType): boolean {
  return schema.safeParse(true).success && !schema.safeParse('text').success;
}

function valueName(key: string, schema: z.ZodType): string {
  const takes = (text: string): boolean => schema.safeParse(text).success;
  if (!takes('text') && !takes('7,8') && (takes('7') || takes('0.5'))) return 'number';
  if (['transitions', 'features', 'trajectories', 'exits', 'initial', 'splits'].includes(key))
    return 'file';
  return key === 'out' ? 'folder' : 'value';
}

/** A name in camel case as it stands in a flag. */
export function dashed(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
