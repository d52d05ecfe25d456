/** `revealed bootstrap`: refits to drawn data, the same wherever they are done and however often interrupted. */

import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { BootstrapResult } from '../../src/evaluation/inference/bootstrapResult.ts';
import {
  filesBelow,
  fitTables,
  lines,
  revealed,
  type TableTexts,
  temporaryFolder,
  writeFiles,
} from '../support/commandLine.ts';
import { seededRandom } from '../support/seededRandom.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Walks on a line of cells that like to go right, each walker in a mood of their own: decisions of a
 * walk are alike, so that only errors clustered by walk are right.
 */
function walks(count: number, steps: number, moody = 1): TableTexts {
  const random = seededRandom(11);
  const cells = 9;
  const transitions = ['state,action,next_state'];
  const features = ['state,action,right,edge'];
  for (let s = 0; s < cells; s++)
    for (const [action, by] of [
      ['left', -1],
      ['stay', 0],
      ['right', 1],
    ] as const) {
      const to = Math.min(cells - 1, Math.max(0, s + by));
      transitions.push(`c${s},${action},c${to}`);
      features.push(`c${s},${action},${by},${to === 0 || to === cells - 1 ? 1 : 0}`);
    }
  const rows = ['trajectory,step,state,action'];
  for (let i = 0; i < count; i++) {
    const mood = 0.4 + moody * 0.35 * (random.uniform() - 0.5) * 2;
    let s = Math.floor(random.uniform() * cells);
    for (let step = 0; step < steps; step++) {
      const u = random.uniform();
      const [action, by] = u < mood ? ['right', 1] : u < mood + 0.25 ? ['stay', 0] : ['left', -1];
      rows.push(`w${i},${step},c${s},${action}`);
      s = Math.min(cells - 1, Math.max(0, s + Number(by)));
    }
  }
  return {
    transitions: lines(...transitions),
    features: lines(...features),
    trajectories: lines(...rows),
  };
}

const FIT = ['--discount', '0.8', '--methods', 'causal-entropy,behavior-cloning-features'];

async function fitted(tables = walks(60, 20), ...flags: string[]): Promise<string> {
  const { code, out, stderr } = await fitTables(tables, ...(flags.length > 0 ? flags : FIT));
  expect(code, stderr).toBe(0);
  return out;
}

function readBootstrap(out: string): BootstrapResult {
  return BootstrapResult.parse(JSON.parse(readFileSync(join(out, 'bootstrap.json'), 'utf8')));
}

describe('revealed bootstrap', () => {
  test('of trajectories comes to the sandwich, where the other formulas are too small', async () => {
    const out = await fitted(walks(150, 25));
    const argv = ['bootstrap', out, '--draws', '400', '--workers', '1', '--out', out];
    const { code, stdout } = await revealed(...argv);
    expect(code).toBe(0);
    expect(stdout).toMatch(/400 of 400 refits converged\./);
    const { parameters, stops, kind, refits } = readBootstrap(out);
    expect([kind, stops]).toEqual(['trajectory', { converged: 400 }]);
    for (const [k, parameter] of parameters.entries()) {
      const { name, estimate, standardError, bias, formula, intervals } = parameter;
      // The standard deviation of 400 draws is off by 1 / √800 = 3.5 %.
      const ratio = (standardError ?? 0) / (formula.sandwich ?? 0);
      expect(ratio, name).toBeGreaterThan(0.86);
      expect(ratio, name).toBeLessThan(1.16);
      // A trajectory drawn twice is two: as one of weight 2 it would make these √2 times as large.
      const errors = refits.map((refit) => refit.errors?.[k] ?? Number.NaN);
      const typical = errors.reduce((sum, error) => sum + error / errors.length, 0);
      expect(typical / (formula.sandwich ?? 0), name).toBeGreaterThan(0.88);
      expect(typical / (formula.sandwich ?? 0), name).toBeLessThan(1.12);
      expect(Math.abs(bias ?? 9), name).toBeLessThan(0.3 * (standardError ?? 0));
      for (const ends of Object.values(intervals)) {
        expect(ends?.[0]).toBeLessThan(estimate);
        expect(ends?.[1]).toBeGreaterThan(estimate);
      }
    }
    const [right] = parameters;
    expect(right.standardError ?? 0).toBeGreaterThan(1.5 * (right.formula.hessian ?? 9));
  }, 180_000);

  test('parametric comes to the inverse Hessian: the model is right by construction', async () => {
    const out = await fitted(walks(150, 25));
    const argv = ['bootstrap', out, '--draws', '400', '--workers', '1', '--out', out];
    await revealed(...argv, '--kind', 'parametric');
    for (const { name, standardError, formula } of readBootstrap(out).parameters) {
      const ratio = (standardError ?? 0) / (formula.hessian ?? 0);
      expect(ratio, name).toBeGreaterThan(0.86);
      expect(ratio, name).toBeLessThan(1.16);
    }
  }, 180_000);

  test.each(['trajectory', 'parametric'])('%s: one thread or two, the same bits', async (kind) => {
    const out = await fitted();
    const folder = temporaryFolder();
    const argv = ['bootstrap', out, '--kind', kind, '--draws', '40', '--seed', '7', '--out'];
    const [one, two] = [join(folder, 'a'), join(folder, 'b')];
    const alone = await revealed(...argv, one, '--workers', '1');
    const together = await revealed(...argv, two, '--workers', '2');
    expect([alone.code, together.code]).toEqual([0, 0]);
    expect(readFileSync(join(two, 'bootstrap.json'))).toEqual(
      readFileSync(join(one, 'bootstrap.json')),
    );
    const other = join(folder, 'c');
    await revealed(
      'bootstrap',
      out,
      '--kind',
      kind,
      '--draws',
      '40',
      '--seed',
      '8',
      '--out',
      other,
    );
    expect(readBootstrap(other).refits).not.toEqual(readBootstrap(one).refits);
  });

  test('takes the first draws again where more are asked for', async () => {
    const out = await fitted();
    const few = join(out, 'few');
    const many = join(out, 'many');
    await revealed('bootstrap', out, '--draws', '5', '--out', few);
    await revealed('bootstrap', out, '--draws', '50', '--out', many);
    expect(readBootstrap(many).refits.slice(0, 5)).toEqual(readBootstrap(few).refits);
    const { parameters } = readBootstrap(few);
    expect(parameters[0].intervals.percentile).toBeNull();
    expect(parameters[0].reasons?.percentile).toMatch(/at least 39/);
  });

  test('bootstraps a conditional logit too, and leaves fixed parameters alone', async () => {
    const flags = [...FIT, '--fix', 'edge=0.25'];
    const out = await fitted(walks(40, 15), ...flags);
    const argv = ['bootstrap', out, '--draws', '60', '--out', out];
    const { code } = await revealed(...argv, '--method', 'behavior-cloning-features');
    expect(code).toBe(0);
    const [right, edge] = readBootstrap(out).parameters;
    expect(right.standardError).toBeGreaterThan(0);
    expect(edge).toMatchObject({ held: 'fixed', estimate: 0.25, standardError: null });
    expect(edge.reasons?.standardError).toBe('the value was given, not estimated');
    const refused = await revealed(
      ...argv,
      '--method',
      'behavior-cloning-features',
      '--kind',
      'parametric',
    );
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/only causal entropy says how people act/);
  });

  test('counts and tells the refits that fail', async () => {
    // One walker alone ever goes left: without them the dislike of it runs to infinity.
    const rows = ['trajectory,step,state,action', 'x,0,a,go', 'x,1,b,back', 'x,2,a,go'];
    for (let i = 0; i < 9; i++) rows.push(`w${i},0,a,go`, `w${i},1,b,stay`, `w${i},2,b,stay`);
    const tables = {
      transitions: lines('state,action,next_state', 'a,go,b', 'a,stay,a', 'b,back,a', 'b,stay,b'),
      features: lines(
        'state,action,back,idle',
        'a,go,0,0',
        'a,stay,0,1',
        'b,back,1,0',
        'b,stay,0,0',
      ),
      trajectories: lines(...rows, 'w0,3,b,stay', 'y,0,a,stay', 'z,0,a,stay', 'y,1,a,go'),
    };
    const out = await fitted(tables, '--discount', '0.5', '--methods', 'causal-entropy');
    const { code, stdout } = await revealed('bootstrap', out, '--draws', '100', '--out', out);
    expect(code).toBe(1);
    const { stops, parameters, notes, refits } = readBootstrap(out);
    // (1 − 1/12)¹² = .35 of the draws miss x.
    expect(stops.unbounded).toBeGreaterThan(20);
    expect(stops.unbounded).toBeLessThan(55);
    expect(Object.values(stops).reduce((a, b) => a + b, 0)).toBe(100);
    expect(refits.filter(({ estimates }) => estimates === null)).toHaveLength(
      100 - (stops.converged ?? 0),
    );
    expect(parameters[0].intervals).toEqual({ percentile: null, basic: null, studentised: null });
    expect(parameters[0].reasons?.percentile).toMatch(/draws failed, more than an end/);
    expect(notes.join()).toMatch(/refits failed/);
    expect(stdout).toMatch(/\d+ unbounded/);
  });

  test('refuses fits that did not arrive, and what is not there', async () => {
    const out = await fitted();
    const refused = async (words: RegExp, ...argv: string[]): Promise<void> => {
      const { code, stdout, stderr } = await revealed('bootstrap', ...argv);
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toMatch(words);
    };
    await refused(/Cannot find .*nowhere/, join(out, 'nowhere'));
    await refused(
      /Cannot find method "causal-entrop".*did you mean "causal-entropy"/,
      out,
      '--method',
      'causal-entrop',
    );
    await refused(/--draws: must be at least 2/, out, '--draws', '1');
    await refused(/--level: wanted a level below 1/, out, '--level', '1');
    await refused(/--kind: wanted trajectory or parametric/, out, '--kind', 'block');
    await refused(/give the --out/, out, '--resume');
    const tables = walks(10, 10);
    const short = await fitTables(tables, ...FIT, '--max-iterations', '1', '--method', 'x');
    expect(short.code).toBe(2);
    const { out: early } = await fitTables(
      tables,
      ...['--discount', '0.8', '--methods', 'causal-entropy', '--max-iterations', '1'],
    );
    await refused(/the fit did not converge \(max-iterations/, early);
  });
});

describe('a bootstrap that is stopped', () => {
  function start(argv: readonly string[]): ChildProcess {
    const flags = ['--import', 'jiti/register', join(ROOT, 'src/cli/main.ts'), ...argv];
    return spawn(process.execPath, flags, { cwd: ROOT, stdio: ['ignore', 'ignore', 'pipe'] });
  }

  async function stopAfterSave(argv: string[], out: string, signal: 'SIGKILL' | 'SIGINT') {
    const child = start(argv);
    let stderr = '';
    child.stderr?.on('data', (chunk) => {
      stderr += chunk;
    });
    const closed = new Promise<number | null>((resolve) => child.on('close', resolve));
    while (!existsSync(join(out, 'bootstrap-state.json'))) {
      if (child.exitCode !== null) throw new Error(`ended with ${child.exitCode}: ${stderr}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    child.kill(signal);
    return { code: await closed, stderr };
  }

  test.each([
    ['killed', 'SIGKILL', null],
    ['interrupted', 'SIGINT', 130],
  ] as const)(
    '(%s, in two threads) goes on to the same bits',
    async (_, signal, code) => {
      const out = await fitted();
      const folder = temporaryFolder();
      const draws = (count: number, to: string): string[] => {
        return ['bootstrap', out, '--draws', String(count), '--out', to];
      };
      const to = join(folder, 'stopped');
      const ended = await stopAfterSave([...draws(20_000, to), '--workers', '2'], to, signal);
      expect(ended.code).toBe(code);
      const kept = filesBelow(to).filter((file) => !file.endsWith('.part'));
      expect(kept).toEqual(['bootstrap-state.json']);
      const state = JSON.parse(readFileSync(join(to, 'bootstrap-state.json'), 'utf8'));
      const done: number = state.draws.length;
      expect(done).toBeGreaterThan(0);
      // Only some of what was done, so that there is something left to do.
      state.draws = state.draws.slice(0, 15);
      writeFiles(to, { 'bootstrap-state.json': JSON.stringify(state) });

      const resumed = await revealed(...draws(40, to), '--resume', '--workers', '1');
      expect(resumed.code).toBe(0);
      const whole = join(folder, 'whole');
      await revealed(...draws(40, whole), '--workers', '1');
      expect(readFileSync(join(to, 'bootstrap.json'))).toEqual(
        readFileSync(join(whole, 'bootstrap.json')),
      );
      expect(filesBelow(to)).toEqual(['bootstrap.json']);
    },
    120_000,
  );

  test('is not resumed with another seed, nor from a damaged state', async () => {
    const out = await fitted();
    const to = temporaryFolder();
    const argv = ['bootstrap', out, '--out', to, '--resume'];
    writeFiles(to, { 'bootstrap-state.json': '{"format":1,"fingerprint":"x","draws":[]}' });
    expect((await revealed(...argv)).stderr).toMatch(/belongs to another bootstrap/);
    writeFiles(to, { 'bootstrap-state.json': '{"format":1,' });
    expect(await revealed(...argv)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/is not JSON; delete it/),
    });
  });
});
