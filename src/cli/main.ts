#!/usr/bin/env node
/** The command line. A command is one file and one line here. */

import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Command as CommanderCommand, CommanderError } from 'commander';
import { version } from '../study/version.ts';
import { type Command, type ExitCode, misuseInOneLine, type Output, register } from './command.ts';

/** By name, so that only the command that is asked for is loaded. */
const commands: Readonly<Record<string, () => Promise<{ default: Command }>>> = {
  run: () => import('./run.ts'),
  fit: () => import('./fit.ts'),
  compare: () => import('./compare.ts'),
  bootstrap: () => import('./bootstrap.ts'),
  simulate: () => import('./simulate.ts'),
  'what-if': () => import('./whatIf.ts'),
  test: () => import('./test.ts'),
  profile: () => import('./profile.ts'),
  report: () => import('./report.ts'),
  search: () => import('./search.ts'),
  table: () => import('./table.ts'),
  train: () => import('./train.ts'),
  import: () => import('./import.ts'),
  datasets: () => import('./datasets.ts'),
  environments: () => import('./environments.ts'),
  doctor: () => import('./doctor.ts'),
  schema: () => import('./schema.ts'),
  bench: () => import('./bench.ts'),
};

const terminal: Output = {
  stdout: (text) => process.stdout.write(text),
  stderr: (text) => process.stderr.write(text),
  interactive: process.stderr.isTTY === true,
};

/**
 * Runs the command line and returns its exit code; nothing is thrown for misuse.
 *
 * @param argv what follows the program's name
 */
export async function main(argv: readonly string[], io: Partial<Output> = {}): Promise<number> {
  const output: Output = { ...terminal, ...(io.stderr ? { interactive: false } : {}), ...io };
  let code: ExitCode = 0;
  const program = new CommanderCommand('revealed')
    .description('Rewards from behaviour: fit, compare and use the rewards behind recorded actions')
    .version(version)
    .exitOverride()
    .showSuggestionAfterError()
    .configureOutput({
      writeOut: output.stdout,
      writeErr: output.stderr,
      ...misuseInOneLine(''),
    });
  for (const load of wantedBy(argv))
    register(program, (await load()).default, output, (finished) => {
      code = finished;
    });
  try {
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    // Help and version end by an exception too; they are what was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    // A fault of a study's own functions, or of the program: the stack says where.
    output.stderr(`${error instanceof Error ? (error.stack ?? error.message) : error}\n`);
    return 2;
  }
  return code;
}

/** The command that is named; none for the version, all for help and for what is misspelt. */
function wantedBy([first]: readonly string[]): readonly (() => Promise<{ default: Command }>)[] {
  if (first === '--version' || first === '-V') return [];
  return first !== undefined && Object.hasOwn(commands, first)
    ? [commands[first]]
    : Object.values(commands);
}

function isEntryPoint(): boolean {
  const script = process.argv[1];
  return script !== undefined && realpathSync(script) === fileURLToPath(import.meta.url);
}

if (isEntryPoint()) {
  // Whoever reads us may stop early (`revealed run … | head`): that is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(0);
  });
  process.exitCode = await main(process.argv.slice(2));
}
