/** `revealed train`: what it writes, that it goes on to the same bits, and what it refuses. */

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { TrainedFile } from '../../src/cli/trained.ts';
import { CartPole } from '../../src/environments/classicControl/cartPole.ts';
import { Pendulum } from '../../src/environments/classicControl/pendulum.ts';
import { GreedyEpisodes } from '../../src/learning/neural/greedyEpisodes.ts';
import { loadTrainedPolicy } from '../../src/learning/neural/trainedPolicy.ts';
import { loadCheckpoint } from '../../src/networks/checkpoint.ts';
import { kernelEngine } from '../../src/networks/kernelEngine.ts';
import { createRng } from '../../src/numeric/rng.ts';
import { filesBelow, revealed, temporaryFolder } from '../support/commandLine.ts';

const quick = ['--every', '100', '--selection-episodes', '3', '--episodes', '4', '--evaluate', '5'];
const shortly = ['--with', 'timeLimit=60', ...quick];
const small = ['--hidden', '8,8', '--batch', '8', '--warm-up', '30'];

describe('revealed train', () => {
  test.each([
    ['cart-pole', 'deep-q', small],
    ['cart-pole', 'actor-critic', ['--environments', '4', '--horizon', '25', '--hidden', '4']],
    ['pendulum', 'soft-actor-critic', [...small, '--normalize', 'true']],
    ['pendulum', 'soft-q', [...small, '--value-samples', '4', '--sampler', 'stein']],
  ])(
    'a run of %s by %s that was cut short goes on to the same files',
    async (world, method, more) => {
      const [whole, pieces] = [temporaryFolder(), temporaryFolder()].map((at) => join(at, 'run'));
      const common = ['train', world, '--method', method, ...shortly, ...more, '--json'];
      const run = (steps: number, out: string, ...rest: string[]) =>
        revealed(...common, '--steps', String(steps), '--out', out, ...rest);
      const straight = await run(600, whole);
      expect(straight).toMatchObject({ code: 0, stderr: '' });
      await run(200, pieces);
      await run(400, pieces, '--resume');
      const last = await run(600, pieces, '--resume');
      expect(last.stdout).toBe(straight.stdout);
      expect(filesBelow(pieces)).toEqual(filesBelow(whole));
      for (const file of filesBelow(whole))
        expect(readFileSync(join(pieces, file)).equals(readFileSync(join(whole, file))), file).toBe(
          true,
        );
      // Done already: only scored anew, on more episodes if asked for.
      const again = await run(600, pieces, '--resume', '--evaluate', '9');
      const [first, second] = [straight, again].map(
        ({ stdout }) => JSON.parse(stdout) as TrainedFile,
      );
      expect(second.best.returns.slice(0, 5)).toEqual(first.best.returns);
      expect(second.best.returns).toHaveLength(9);
      expect(second.best.step).toBe(first.best.step);
    },
  );

  test('what it tells is what the policy that it leaves does', async () => {
    const out = join(temporaryFolder(), 'run');
    const { code, stdout } = await revealed(
      ...['train', 'cart-pole', '--method', 'reinforce', '--steps', '900', '--horizon', '100'],
      ...[...shortly, '--seed', '3', '--json', '--out', out],
    );
    expect(code).toBe(0);
    const file = JSON.parse(stdout) as TrainedFile;
    expect(JSON.parse(readFileSync(join(out, 'train.json'), 'utf8'))).toEqual(file);
    expect(file).toMatchObject({
      world: { name: 'cart-pole', options: { timeLimit: 60 } },
      method: 'reinforce',
      seed: 3,
      steps: 900,
      settings: { horizon: 100, lambda: 1, seed: 3 },
      reached: null,
    });
    expect(file.curve.map(({ step }) => step)).toEqual(
      [1, 2, 3, 4, 5, 6, 7, 8, 9].map((k) => 100 * k),
    );
    const create = () => new CartPole(60);
    const engine = kernelEngine('plain');
    const player = (rows: number) => loadTrainedPolicy(engine, join(out, 'policy'), create, rows);
    const played = new GreedyEpisodes(engine, { player: (_, rows) => player(rows) }, create, 5);
    const { arrays } = loadCheckpoint(join(out, 'policy'), 'trained-policy');
    const returns = played.returns(arrays, createRng(3, 'score episodes'));
    expect([...returns]).toEqual(file.best.returns);
    expect(file.best.mean).toBeCloseTo(returns.reduce((sum, x) => sum + x, 0) / 5, 10);
    expect(file.best.interval![0]).toBeLessThan(file.best.mean);
    expect(file.best.lowest).toBe(Math.min(...returns));
    expect(() => loadTrainedPolicy(engine, join(out, 'policy'), () => new Pendulum())).toThrow(
      'Cannot play: a policy of reinforce was trained for other actions',
    );
    const rows = readFileSync(join(out, 'curve.csv'), 'utf8').trim().split('\n');
    expect(rows[0]).toBe('step,selection,confirmed,episodeReturn,policy,value,entropy,score');
    expect(rows).toHaveLength(10);
    for (const name of ['curve.jsonl', 'events.out.tfevents.revealed', 'best/checkpoint.json'])
      expect(existsSync(join(out, name))).toBe(true);
  });

  test('it says in words what came out, and whether it was enough', async () => {
    const [low, high] = await Promise.all(
      ['5', '61'].map((enough) =>
        revealed(
          ...['train', 'cart-pole', '--method', 'actor-critic', '--environments', '1'],
          ...['--horizon', '50', '--steps', '300', ...shortly, '--enough', enough],
        ),
      ),
    );
    expect(low.code).toBe(0);
    expect(low.stdout).toMatch(
      /^Learned cart-pole by actor-critic in 100 steps, seed 0, on \w+ \(/,
    );
    expect(low.stdout).toMatch(/best confirmed +100 +\d+\.\d +\d+\.\d to \d+\.\d/);
    expect(low.stdout).toContain('over 5 episodes that chose nothing');
    expect(high.code).toBe(1);
    expect(high.stdout).toMatch(/\n {2}last +300 /);
    expect(high.stdout).toContain('None of them was confirmed to return 61, which was asked for.');
    const alone = await revealed(
      ...['train', 'cart-pole', '--method', 'reinforce', '--horizon', '50', '--steps', '50'],
      ...[...shortly, '--evaluate', '1', '--json'],
    );
    expect(JSON.parse(alone.stdout).best).toMatchObject({
      interval: null,
      reasons: { interval: 'one episode shows no spread' },
    });
  });

  test('losses that are not finite stop it, and the last good checkpoint stays', async () => {
    const out = join(temporaryFolder(), 'run');
    const rate = 'linear:0.001:1e30:300';
    const { code, stderr, stdout } = await revealed(
      ...['train', 'pendulum', '--method', 'soft-q', ...shortly, '--hidden', '8', '--batch', '8'],
      ...['--warm-up', '150', '--rate', rate, '--steps', '900', '--out', out],
    );
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(
      /^revealed train: Stopped after \d+ steps\. Cannot learn: "\w+" is \S+, on seeing \[.+\]; the last good checkpoint is /,
    );
    const { state } = loadCheckpoint(join(out, 'latest'), 'training of continuous-soft-q-learning');
    expect(state).toMatchObject({ training: { curve: expect.anything() } });
  });

  test.each([
    [['pendulm'], 'Cannot learn in "pendulm" (did you mean "pendulum"?): the worlds are'],
    [
      ['pendulum', '--method', 'deep-q'],
      'Cannot learn pendulum by deep-q: it has a box of actions; the methods are soft-actor-critic, soft-q',
    ],
    [['cart-pole', '--method', 'ppo'], '--method: wanted soft-actor-critic or deep-q or'],
    [['cart-pole', '--steps', '10.5'], '--steps: wanted a whole number, got 10.5'],
    [['cart-pole', '--lambda', '0.5'], '--lambda is no option of deep-q; it has --capacity,'],
    [
      ['cart-pole', '--method', 'actor-critic', '--lambda', '3'],
      '--lambda: must be at most 1, got "3"',
    ],
    [['pendulum', '--hidden', '6,a'], '--hidden (Widths of hidden layers): cannot read "6,a"'],
    [
      ['pendulum', '--value-network', 'no'],
      '--value-network (Algorithm 1, with a value network): cannot',
    ],
    [
      ['pendulum', '--temperature', 'tuned'],
      'Cannot tune the temperature with a value network: give a number, or valueNetwork: false',
    ],
    [
      ['cart-pole', '--exploration', 'linear:1:0'],
      '--exploration (Share of random steps (ε) by step): cannot',
    ],
    [['pendulum', '--steps', '0'], '--steps: must be above 0, got 0'],
    [['pendulum', '--with', 'lenght=2'], '--with: there is no "lenght" (did you mean "length"?)'],
    [['pendulum', '--with', 'length'], '--with: wanted name=value,…, got "length"'],
    [['pendulum', '--with', 'length=0'], '--with length: must be above 0, got "0"'],
    [['pendulum', '--resume'], 'Cannot resume without a folder: give the --out of the run'],
    [['cart-pole', '--method', 'reinforce', '--steps', '100'], 'Cannot train: one turn takes 2000'],
  ])('%j is refused', async (argv, message) => {
    const { code, stdout, stderr } = await revealed('train', ...argv);
    expect(stderr).toContain(`revealed train: ${message}`);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  test('a folder with another run is not overwritten, and not gone on with', async () => {
    const out = join(temporaryFolder(), 'run');
    const run = (...more: string[]) =>
      revealed('train', 'cart-pole', ...shortly, ...small, '--steps', '200', '--out', out, ...more);
    expect((await run()).code).toBe(0);
    expect((await run()).stderr).toContain('a run is there; go on with it by --resume');
    for (const [more, message] of [
      [
        ['--with', 'poleLength=2'],
        'was made with training.world.options.timeLimit 60, wanted none',
      ],
      [['--rate', '0.01'], 'was made with learner.agent.rate 0.0005, wanted 0.01'],
      [['--seed', '1'], 'was made with training.seed 0, wanted 1'],
      [['--method', 'soft-q'], 'was made with learner.exploration'],
      [['--method', 'soft-actor-critic'], 'it is of "training of deep-q-learning", wanted'],
    ] as const) {
      const { code, stderr } = await run('--resume', ...more);
      expect(stderr).toContain(message);
      expect(code).toBe(2);
    }
    writeFileSync(join(out, 'latest', 'checkpoint.json'), 'not JSON');
    expect((await run('--resume')).stderr).toContain('checkpoint.json is not JSON');
  });
});
