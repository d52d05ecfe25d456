/**
 * A long fit that is interrupted, or killed, goes on from what it had saved and ends where it
 * would have ended anyway.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import {
  filesBelow,
  lines,
  type Outcome,
  readResult,
  revealed,
  type TableTexts,
  tableFlags,
  temporaryFolder,
  writeFiles,
} from '../support/commandLine.ts';
import { seededRandom } from '../support/seededRandom.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/**
 * A walk round a ring on which nobody ever turns left: the dislike of it runs to infinity, so slowly
 * that gradient descent never ends of itself, however fast the machine.
 */
function ring(states: number, trips: number, steps: number): TableTexts {
  const random = seededRandom(1);
  const transitions = ['state,action,next_state,probability'];
  const features = ['state,action,move,left,hill'];
  for (let s = 0; s < states; s++) {
    const hill = Math.sin(s / 6);
    for (const [action, by] of [
      ['left', states - 1],
      ['right', 1],
    ] as const) {
      transitions.push(`s${s},${action},s${(s + by) % states},0.9`, `s${s},${action},s${s},0.1`);
      features.push(`s${s},${action},1,${action === 'left' ? 1 : 0},${hill}`);
    }
    transitions.push(`s${s},stay,s${s},1`);
    features.push(`s${s},stay,0,0,${hill}`);
  }
  const trajectories = ['trajectory,step,state,action'];
  for (let i = 0; i < trips; i++) {
    let s = (7 * i) % states;
    for (let step = 0; step < steps; step++) {
      const right = random.chance(0.5);
      trajectories.push(`t${i},${step},s${s},${right ? 'right' : 'stay'}`);
      if (right && random.chance(0.9)) s = (s + 1) % states;
    }
  }
  return {
    transitions: lines(...transitions),
    features: lines(...features),
    trajectories: lines(...trajectories),
  };
}

const METHODS = 'behavior-cloning,causal-entropy';
/** Runs out of iterations: a fixed amount of work that never ends early. */
const slow = (iterations: number): string[] => [
  ...['--optimizer', 'gradient-descent', '--tolerance', '1e-15', '--methods', METHODS],
  ...['--max-iterations', String(iterations)],
];

/** What a result says of the fit, to the last bit; how long it took and who counted is left out. */
function answer(out: string): unknown {
  const result = readResult(out);
  return JSON.parse(JSON.stringify(result, (key, value) => (key === 'seconds' ? 0 : value)));
}

function thetas(out: string): number[] {
  const result = readResult(out);
  if (!result || !('methods' in result)) throw new Error('no result of a single fit');
  return result.methods['causal-entropy'].parameters.map(({ estimate }) => estimate ?? Number.NaN);
}

/** Runs in process and interrupts itself, as Ctrl-C does, every so many milliseconds until it hears. */
async function interrupted(every: number, ...argv: string[]): Promise<Outcome> {
  const timer = setInterval(() => process.emit('SIGINT'), every);
  try {
    return await revealed(...argv);
  } finally {
    clearInterval(timer);
  }
}

/** The same, as late as it takes for the fit to have got somewhere. */
async function interruptedUnderWay(out: string, ...argv: string[]): Promise<void> {
  for (let every = 60; ; every *= 2) {
    expectInterrupted(await interrupted(every, ...argv, '--out', out), out);
    if (readFileSync(join(out, 'state.json'), 'utf8').includes('"gradient"')) return;
  }
}

function expectInterrupted({ code, stdout, stderr }: Outcome, out: string): void {
  expect(code).toBe(130);
  expect(stdout).toBe('');
  expect(stderr).toMatch(/^Interrupted; .*--resume.*state\.json\n$/);
  expect(filesBelow(out)).toEqual(['state.json']);
}

describe('a fit that is interrupted', () => {
  test.each([
    ['finite', ['--horizon', '12']],
    ['discounted', ['--discount', '0.9']],
  ])('ends where it would have ended: %s', async (kind, time) => {
    const folder = temporaryFolder();
    const argv = ['fit', ...tableFlags(folder, ring(12, 4, 12)), ...time, ...slow(20_000)];
    const whole = join(folder, 'whole');
    const { code } = await revealed(...argv, '--out', whole);
    expect(code).toBe(1);

    const out = join(folder, 'out');
    expectInterrupted(await interrupted(60, ...argv, '--out', out), out);
    expectInterrupted(await interrupted(120, ...argv, '--out', out, '--resume'), out);
    expect((await revealed(...argv, '--out', out, '--resume')).code).toBe(1);
    expect(filesBelow(out)).toEqual(filesBelow(whole));
    // Infinite horizons start each plan from the one before, which a resumed run does not have.
    if (kind === 'finite') {
      expect(thetas(out)).toEqual(thetas(whole));
    } else {
      thetas(out).forEach((theta, k) => {
        expect(theta).toBeCloseTo(thetas(whole)[k], 9);
      });
    }
  });

  test('still tells from which start it set out on the way to a goal', async () => {
    const folder = temporaryFolder();
    const tables: TableTexts = {
      transitions: lines('state,next_state', 'a,b', 'b,a', 'b,home', 'a,c', 'c,home'),
      features: lines('state,move,time', 'a,1,1', 'b,1,1.01', 'c,1,0.98'),
      trajectories: lines(
        'trajectory,step,state,goal',
        ...['a', 'b', 'a', 'b', 'home'].map((state, i) => `x,${i},${state},home`),
        ...['a', 'c', 'home'].map((state, i) => `y,${i},${state},home`),
      ),
    };
    const argv = ['fit', ...tableFlags(folder, tables), ...slow(20_000)];
    const [whole, out] = [join(folder, 'whole'), join(folder, 'out')];
    await revealed(...argv, '--out', whole);
    expectInterrupted(await interrupted(60, ...argv, '--out', out), out);
    await revealed(...argv, '--out', out, '--resume');
    const startOf = (folder: string): unknown => {
      const result = readResult(folder);
      return result && 'methods' in result && result.methods['causal-entropy'].start;
    };
    expect(startOf(whole)).toBeTruthy();
    expect(startOf(out)).toEqual(startOf(whole));
    thetas(out).forEach((theta, k) => {
      expect(theta).toBeCloseTo(thetas(whole)[k], 9);
    });
  });

  test('says that nothing was kept where no folder was given', async () => {
    const folder = temporaryFolder();
    const argv = ['fit', ...tableFlags(folder, ring(12, 4, 12)), '--horizon', '12', ...slow(1e6)];
    const before = filesBelow(folder);
    const { code, stderr } = await interrupted(60, ...argv);
    expect(code).toBe(130);
    expect(stderr).toMatch(/^Interrupted\. With --out DIR/);
    expect(filesBelow(folder)).toEqual(before);
  });

  test('is not resumed with other options, other tables or another seed', async () => {
    const folder = temporaryFolder();
    const tables = ring(12, 4, 12);
    const argv = ['fit', ...tableFlags(folder, tables), '--horizon', '12', ...slow(1e6)];
    const out = join(folder, 'out');
    expectInterrupted(await interrupted(60, ...argv, '--out', out), out);
    const state = readFileSync(join(out, 'state.json'));
    const refused = async (...flags: string[]): Promise<void> => {
      const { code, stdout, stderr } = await revealed(...argv, '--out', out, '--resume', ...flags);
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toMatch(
        /^revealed fit: Cannot resume: .*state\.json belongs to a run with other/,
      );
      expect(stderr.split('\n')).toHaveLength(2);
      expect(readFileSync(join(out, 'state.json'))).toEqual(state);
    };
    await refused('--l2', '1');
    await refused('--seed', '1');
    await refused('--horizon', '13');
    writeFiles(folder, { 'features.csv': tables.features.replace('s0,left,1,', 's0,left,2,') });
    await refused();
  });

  test.each([
    ['is cut short', (text: string) => text.slice(0, text.length / 2)],
    ['is empty', () => ''],
    ['is something else', () => '{"format": 1}'],
    [
      'has lost its numbers',
      (text: string) => text.replace(/"gradient":\[[^\]]*\]/, '"gradient":[1]'),
    ],
    [
      'is of another optimizer',
      (text: string) => text.replaceAll('"minimizer":"gradient-descent"', '"minimizer":"adam"'),
    ],
  ])('is not resumed from a state that %s', async (_, damage) => {
    const folder = temporaryFolder();
    const argv = ['fit', ...tableFlags(folder, ring(12, 4, 12)), '--horizon', '12', ...slow(1e6)];
    const out = join(folder, 'out');
    await interruptedUnderWay(out, ...argv);
    const state = readFileSync(join(out, 'state.json'), 'utf8');
    expect(damage(state)).not.toBe(state);
    writeFiles(out, { 'state.json': damage(state) });
    const { code, stdout, stderr } = await revealed(...argv, '--out', out, '--resume');
    expect([code, stdout], stderr).toEqual([2, '']);
    expect(stderr).toMatch(/^revealed fit: Cannot resume: /);
    expect(existsSync(join(out, 'result.json'))).toBe(false);
  });

  test('--resume begins anew where there is nothing to resume', async () => {
    const folder = temporaryFolder();
    const argv = ['fit', ...tableFlags(folder, ring(12, 4, 12)), '--horizon', '12', '--l2', '1'];
    const [fresh, resumed] = [join(folder, 'fresh'), join(folder, 'resumed')];
    expect((await revealed(...argv, '--out', fresh)).code).toBe(0);
    expect((await revealed(...argv, '--out', resumed, '--resume')).code).toBe(0);
    expect(answer(resumed)).toEqual(answer(fresh));
  });
});

describe('a process of its own', () => {
  /** Starts `revealed` from its source. */
  function start(argv: readonly string[]): ChildProcess {
    const flags = ['--import', 'jiti/register', join(ROOT, 'src/cli/main.ts'), ...argv];
    return spawn(process.execPath, flags, { cwd: ROOT, stdio: ['ignore', 'ignore', 'pipe'] });
  }

  async function ended(child: ChildProcess): Promise<{ code: number | null; stderr: string }> {
    let stderr = '';
    child.stderr?.on('data', (chunk) => {
      stderr += chunk;
    });
    const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
    return { code, stderr };
  }

  /** Waits until a file is there; fails if the process ends before. */
  async function written(file: string, child: ChildProcess): Promise<void> {
    while (!existsSync(file)) {
      if (child.exitCode !== null) throw new Error(`ended with ${child.exitCode} before a save`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  test('that is interrupted says so, keeps its state and ends with 130', async () => {
    const folder = temporaryFolder();
    const out = join(folder, 'out');
    const tables = tableFlags(folder, ring(12, 4, 12));
    const child = start(['fit', ...tables, '--horizon', '12', ...slow(1e8), '--out', out]);
    const end = ended(child);
    await written(join(out, 'state.json'), child);
    child.kill('SIGINT');
    expect(await end).toMatchObject({ code: 130, stderr: expect.stringMatching(/^Interrupted; /) });
    expect(filesBelow(out)).toEqual(['state.json']);
  }, 120_000);

  // The state is saved every two seconds: the fit must take a few, also on a fast machine.
  test('that is killed goes on from its last save, to the same bits', async () => {
    const folder = temporaryFolder();
    const tables = tableFlags(folder, ring(40, 20, 30));
    const argv = ['fit', ...tables, '--horizon', '30', ...slow(40_000)];
    const [whole, out] = [join(folder, 'whole'), join(folder, 'out')];
    const reference = ended(start([...argv, '--out', whole]));

    const killed = start([...argv, '--out', out]);
    await written(join(out, 'state.json'), killed);
    killed.kill('SIGKILL');
    await ended(killed);
    expect(filesBelow(out).filter((file) => !file.endsWith('.part'))).toEqual(['state.json']);

    expect((await revealed(...argv, '--out', out, '--resume')).code).toBe(1);
    expect((await reference).code).toBe(1);
    expect(thetas(out)).toEqual(thetas(whole));
    expect(existsSync(join(out, 'state.json'))).toBe(false);
  }, 120_000);
});
