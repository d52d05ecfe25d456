#!/usr/bin/env node
/** The command line. A command is one file and one line here. */

import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Command as CommanderCommand, CommanderError } from 'commander';
import { version } from '../study/version.ts';
import { type Command, type ExitCode, misuseInOneLine, type Output, register } from './command.ts';

const commands: readonly (() => Promise<{ default: Command }>)[] = [
  () => import('./run.ts'),
  () => import('./fit.ts'),
  () => import('./compare.ts'),
  () => import('./bootstrap.ts'),
  () => import('./simulate.ts'),
  () => import('./whatIf.ts'),
  () => import('./test.ts'),
  () => import('./profile.ts'),
  () => import('./report.ts'),
  () => import('./search.ts'),
  () => import('./table.ts'),
  () => import('./datasets.ts'),
  () => import('./environments.ts'),
  () => import('./schema.ts'),
  () => import('./bench.ts'),
];

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
  for (const load of commands)
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
