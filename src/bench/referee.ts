/**
 * Another program that solves the same problem: started once, given the problem as a file of plain
 * arrays, then asked line by line to run so often and to answer with its own CPU milliseconds.
 */

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';

export interface Referee {
  /** Runs so often; returns CPU milliseconds per run, and one number to compare answers by. */
  ask(repeats: number): Promise<{ milliseconds: number; check: number }>;
  /** Ends the program and removes its files. */
  close(): void;
}

/** Why there is no referee. */
export interface NoReferee {
  readonly skipped: string;
}

export function isReferee(found: Referee | NoReferee): found is Referee {
  return 'ask' in found;
}

/**
 * Compiles a C program with -O3 -march=native and starts it.
 *
 * @param arrays what it finds in the file that its first argument names, one after another
 */
export function startC(source: string, arrays: readonly ArrayBufferView[]): Referee | NoReferee {
  if (!succeeds('gcc', ['--version'])) return { skipped: 'there is no gcc' };
  const folder = mkdtempSync(join(tmpdir(), 'revealed-bench-'));
  const program = join(folder, 'program');
  writeFileSync(`${program}.c`, source);
  execFileSync('gcc', ['-O3', '-march=native', `${program}.c`, '-o', program, '-lm']);
  return startProgram(program, [], folder, arrays);
}

/**
 * Starts a Python program that needs numpy and a package; `$PYTHON` says which Python, else python3.
 */
export function startPython(
  source: string,
  arrays: readonly ArrayBufferView[],
  needs: 'scipy' | 'gymnasium',
): Referee | NoReferee {
  const python = process.env.PYTHON ?? 'python3';
  if (
    !succeeds(python, ['-c', `import numpy, ${needs === 'scipy' ? 'scipy.sparse.linalg' : needs}`])
  )
    return { skipped: `there is no ${python} with numpy and ${needs}` };
  const folder = mkdtempSync(join(tmpdir(), 'revealed-bench-'));
  const program = join(folder, 'program.py');
  writeFileSync(program, source);
  return startProgram(python, [program], folder, arrays);
}

function succeeds(command: string, args: readonly string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function startProgram(
  command: string,
  args: readonly string[],
  folder: string,
  arrays: readonly ArrayBufferView[],
): Referee {
  const file = join(folder, 'arrays.bin');
  writeArrays(file, arrays);
  const child = spawn(command, [...args, file], {
    stdio: ['pipe', 'pipe', 'inherit'],
    // One thread, to compare like with like.
    env: { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' },
  });
  const lines = createInterface({ input: child.stdout });
  return {
    async ask(repeats) {
      child.stdin.write(`${repeats}\n`);
      const [milliseconds, check] = (await nextLine(command, child, lines)).split(' ').map(Number);
      return { milliseconds, check };
    },
    close() {
      child.kill();
      lines.close();
      rmSync(folder, { recursive: true });
    },
  };
}

function writeArrays(file: string, arrays: readonly ArrayBufferView[]): void {
  const descriptor = openSync(file, 'w');
  for (const { buffer, byteOffset, byteLength } of arrays) {
    const bytes = new Uint8Array(buffer, byteOffset, byteLength);
    for (let done = 0; done < byteLength; )
      done += writeSync(descriptor, bytes, done, Math.min(2 ** 28, byteLength - done));
  }
  closeSync(descriptor);
}

function nextLine(command: string, child: ChildProcess, lines: Interface): Promise<string> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null): void =>
      reject(new Error(`Cannot measure: ${command} ended with code ${code}`));
    child.once('exit', ended);
    lines.once('line', (line) => {
      child.off('exit', ended);
      resolve(line);
    });
  });
}
