/** A study in a simulator through the command line: run, interrupted, resumed, reported, refused. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readEpisodes } from '../../src/demonstrations/sources/episodes.ts';
import { openEpisodesTable } from '../../src/demonstrations/sources/episodesTable.ts';
import { CartPole } from '../../src/environments/classicControl/cartPole.ts';
import { SimulatedFile, simulatedCellsOf } from '../../src/evaluation/simulated/simulatedResult.ts';
import { loadCheckpoint } from '../../src/networks/checkpoint.ts';
import { reopenSimulated } from '../../src/study/reopened/reopenSimulated.ts';
import { episodeLikelihoods } from '../../src/study/simulated/judgedPolicy.ts';
import { filesBelow, revealed, temporaryFolder, writeFiles } from '../support/commandLine.ts';

/** Somebody who pushes against the lean of a pole, in a file of episodes. */
function study(rounds: number, changed = ''): Record<string, string> {
  return {
    'lean.study.ts': `
      import { CartPole, defineSimulatedStudy, openEpisodesTable } from 'revealed';
      import { fileURLToPath } from 'node:url';
      export default defineSimulatedStudy({
        name: 'lean',
        title: 'Why push against the <lean>?',
        simulator: { name: 'cart-pole', options: { timeLimit: 60 } },
        demonstrations: () =>
          openEpisodesTable(fileURLToPath(new URL('./plays.csv', import.meta.url))),
        features: { alive: () => 1, lean: (seen) => (seen[2] / 0.2) ** 2 },
        discount: 0.9,
        stateOf: (seen) => seen,
        holdOut: { fold: 0, of: 3 },
        methods: [
          'causal-entropy-simulator',
          { name: 'clone', method: 'behavior-cloning-network', fit: { hidden: [8], maxUpdates: 60 } },
        ],
        fit: { rounds: ${rounds}, updates: 5, episodes: 3, polish: 1, compared: 6 },
        agent: { hidden: [8], batch: 16 },
        evaluation: { episodes: 6, starts: 'demonstrations', looked: 3 },
        seeds: 2,
        meaning: (result) => 'Fitted on ' + result.backend,
        ${changed}
      });
    `,
    'plays.csv': plays(),
  };
}

/** Six short plays, and what they ended in; made by the equations of the pole's first order. */
function plays(): string {
  const rows = ['trajectory,step,obs_x,obs_v,obs_angle,obs_turn,action,reward,end'];
  for (let e = 0; e < 6; e++) {
    let [x, v, angle, turn] = [0.01 * e, 0, 0.02 * (e - 2.5), 0];
    for (let t = 0; t <= 20; t++) {
      const action = angle + turn > 0 ? 1 : 0;
      const end = t === 20 ? 'cut-off' : '';
      const done = t === 20 ? ',' : `${action},1`;
      rows.push(`play ${e},${t},${x},${v},${angle},${turn},${done},${end}`);
      const push = action === 1 ? 0.2 : -0.2;
      [x, v, angle, turn] = [x + 0.02 * v, v + push, angle + 0.02 * turn, turn - 1.4 * push];
    }
  }
  return `${rows.join('\n')}\n`;
}

function written(files: Record<string, string>): { file: string; out: string } {
  const folder = temporaryFolder();
  writeFiles(folder, files);
  return { file: join(folder, 'lean.study.ts'), out: join(folder, 'out') };
}

function read(out: string): SimulatedFile {
  return SimulatedFile.parse(JSON.parse(readFileSync(join(out, 'result.json'), 'utf8')));
}

/** All that came out; how long it took is left out. */
function bits(out: string): string {
  return JSON.stringify(read(out), (key, value) =>
    key === 'seconds' || key === 'source' ? 0 : value,
  );
}

test('a study in a simulator is run, printed, kept and reported', async () => {
  const { file, out } = written(study(4));
  const { code, stdout, stderr } = await revealed('run', file, '--out', out, '--workers', '1');
  // so few rounds match nothing, which is no success
  expect(code, stderr).toBe(1);
  expect(stdout).toMatch(/^Why push against the <lean>\?\n/);
  expect(stdout).toContain('Fitted to 80 decisions in 4 episodes (plays.csv); held out: 40');
  expect(stdout).toMatch(
    /causal-entropy-simulator: every feature is matched within its error in \d/,
  );
  expect(stdout).toMatch(/tells the held-out decisions better than/);
  expect(stdout).toContain('Fitted on kernels');
  const result = read(out);
  const cells = simulatedCellsOf(result);
  expect(cells.map(({ name }) => name)).toEqual(['seed 0', 'seed 1']);
  expect(cells[0].data.files).toMatchObject([{ name: 'plays.csv', rows: 120 }]);
  expect(cells[0].data.cutOff).toBe(4);
  expect(cells[0].baselines.demonstrated?.value).toBe(20);
  const files = filesBelow(out);
  for (const wanted of [
    'report.html',
    'result.json',
    'arrays/manifest.json',
    'figures/causal-entropy-simulator-gaps.svg',
    'figures/causal-entropy-simulator-return.png',
    'policies/seed-1/clone/checkpoint.json',
  ])
    expect(files).toContain(wanted);
  expect(loadCheckpoint(join(out, 'policies/seed-0/clone'), 'cloned-policy').state).toMatchObject({
    head: 'categorical',
  });
  const page = readFileSync(join(out, 'report.html'), 'utf8');
  expect(page).toContain('Why push against the &lt;lean&gt;?');
  expect(page).toContain('revealed run ../lean.study.ts --seed 0');
  const again = await revealed('report', out, '--out', join(out, 'again.html'));
  expect(again.code, again.stderr).toBe(0);
  expect(readFileSync(join(out, 'again.html'), 'utf8')).toBe(page);

  for (const [command, ...flags] of [
    ['table'],
    ['bootstrap'],
    ['what-if', '--set', 'a=1'],
    ['test', '--restrict', 'a=0'],
    ['profile', '--parameter', 'a'],
  ]) {
    const refused = await revealed(command, out, ...flags);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/"lean" was fitted in a simulator, whose states are too many/);
  }
  for (const command of ['compare', 'search']) {
    const refused = await revealed(command, file);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/"lean": it is a study in a simulator/);
  }
  for (const method of ['causal-entropy-simulator', 'clone']) {
    // the policy that was kept is the one that was judged
    const reopened = await reopenSimulated(out, { cell: 'seed 1', method });
    const heldOut = reopened?.prepared.rows.heldOut;
    if (!reopened || !heldOut) throw new Error('nothing was opened');
    const sums = episodeLikelihoods(reopened.policy, heldOut);
    expect(sums.reduce((sum, x) => sum + x, 0)).toBe(
      cells[1].methods[method].heldOut?.logLikelihood,
    );
  }
  const played = await revealed('simulate', out, '--trajectories', '4', '--out', out);
  expect(played.code, played.stderr).toBe(0);
  expect(played.stdout).toContain('4 episodes of causal-entropy-simulator');
  const episodes = await readEpisodes(await openEpisodesTable(join(out, 'episodes.csv')));
  expect(episodes.count).toBe(4);
  expect(episodes.layout.observations).toEqual({
    kind: 'box',
    names: ['obs_x', 'obs_v', 'obs_angle', 'obs_turn'],
  });
  // a cart-pole pays 1 for every step
  expect(episodes.rewards).toEqual(new Float64Array(episodes.actions.length).fill(1));
  const world = new CartPole(60);
  world.startAt(episodes.observations.slice(0, 4));
  world.step(episodes.actions[0]);
  expect([...world.observation]).toEqual([...episodes.observations.slice(4, 8)]);
  const steps = await revealed('simulate', out, '--steps', '3');
  expect(steps.stderr).toMatch(/Cannot use --steps: .* was fitted in a simulator/);
  const schema = await revealed('schema', 'result');
  expect(schema.stdout).toContain('simulatedSteps');
}, 120_000);

test('simulate tells no return where the rewards of a world mean nothing', async () => {
  const { file, out } = written(study(2, 'evaluation: null,'));
  expect((await revealed('run', file, '--out', out)).code).toBe(1);
  const played = await revealed('simulate', out, '--trajectories', '2', '--json');
  expect(JSON.parse(played.stdout)).toMatchObject({
    trajectories: 2,
    meanReturn: null,
    reasons: { meanReturn: 'the study says that the rewards of its world mean nothing' },
  });
}, 60_000);

test('a study in a simulator comes to the same bits in two threads, and when interrupted', async () => {
  const { file, out } = written(study(20));
  const whole = await revealed('run', file, '--out', `${out}1`, '--workers', '1');
  expect(whole.code, whole.stderr).toBe(1);
  const threaded = await revealed('run', file, '--out', `${out}2`, '--workers', '2');
  expect(threaded.code, threaded.stderr).toBe(1);
  expect(bits(`${out}2`)).toBe(bits(`${out}1`));

  const timer = setInterval(() => process.emit('SIGINT'), 150);
  const argv = ['run', file, '--out', out, '--workers', '1'];
  const first = await revealed(...argv).finally(() => clearInterval(timer));
  expect(first.code, first.stderr).toBe(130);
  expect(existsSync(join(out, 'state.json'))).toBe(true);
  const changed = plays().replace(/^(play 0,3,)[^,]+/m, (_, head: string) => `${head}0.5`);
  writeFiles(join(file, '..'), { 'plays.csv': changed });
  const others = await revealed(...argv, '--resume');
  expect(others.code).toBe(2);
  expect(others.stderr).toMatch(/Cannot resume: the demonstrated episodes are not those/);
  writeFiles(join(file, '..'), { 'plays.csv': plays() });
  const second = await revealed(...argv, '--resume');
  expect(second.code, second.stderr).toBe(1);
  expect(bits(out)).toBe(bits(`${out}1`));
  expect(existsSync(join(out, 'state.json'))).toBe(false);
}, 120_000);

test.each([
  ['simulator: 3,', /simulator must be a function that builds a world/],
  ['features: { lean: 3 },', /features\.lean must be a function/],
  ["discount: 'much',", /discount must be a number/],
  ['demonstrations: [],', /demonstrations must be a function that reads episodes/],
])('a study in a simulator with "%s" is refused', async (changed, message) => {
  const { file } = written(study(3, changed));
  const { code, stderr } = await revealed('run', file);
  expect(code).toBe(2);
  expect(stderr).toMatch(message);
});

test('a file of episodes that is broken is named, with the line', async () => {
  const { file } = written({ ...study(3), 'plays.csv': plays().replace('play 2,5,', 'play 2,6,') });
  const { code, stderr } = await revealed('run', file);
  expect(code).toBe(2);
  expect(stderr).toMatch(/plays\.csv:\d+: "step" must be 5, got "6"/);
});
