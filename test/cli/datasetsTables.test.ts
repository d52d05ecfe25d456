/** `revealed datasets check` of plain tables: exit codes, the page, and where tables are looked for. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseHTML } from 'linkedom';
import { describe, expect, test } from 'vitest';
import {
  filesBelow,
  lines,
  revealed,
  temporaryFolder,
  writeFiles,
} from '../support/commandLine.ts';

/** A grid of 3 by 3, and people who cross it. */
function grid(names: (x: number, y: number) => string): Record<string, string> {
  const moves = [
    ['right', 1, 0],
    ['left', -1, 0],
    ['down', 0, 1],
    ['up', 0, -1],
  ] as const;
  const transitions = ['state,action,next_state'];
  const features = ['state,way'];
  for (let y = 0; y < 3; y++)
    for (let x = 0; x < 3; x++) {
      features.push(`"${names(x, y)}",${x === y ? 1 : 0}`);
      for (const [action, dx, dy] of moves) {
        const to = [Math.min(2, Math.max(0, x + dx)), Math.min(2, Math.max(0, y + dy))] as const;
        transitions.push(`"${names(x, y)}",${action},"${names(...to)}"`);
      }
    }
  const trajectories = ['trajectory,step,state,action,fold'];
  for (let i = 0; i < 12; i++) {
    const path =
      i % 2 ? ['right', 'right', 'down', 'down', 'left'] : ['down', 'down', 'right', 'right', 'up'];
    let [x, y] = [0, 0];
    path.forEach((action, step) => {
      trajectories.push(`t${i},${step},"${names(x, y)}",${action},${i % 3}`);
      const [, dx, dy] = moves.find(([name]) => name === action)!;
      x += dx;
      y += dy;
    });
  }
  return {
    'transitions.csv': lines(...transitions),
    'features.csv': lines(...features),
    'trajectories.csv': lines(...trajectories),
  };
}

const cells = grid((x, y) => `${x},${y}`);

describe('datasets check of a folder', () => {
  test('writes a page that needs nothing else, with a map where places are known', async () => {
    const folder = temporaryFolder();
    writeFiles(folder, cells);
    const out = join(folder, 'out');
    const { code, stdout, stderr } = await revealed('datasets', 'check', folder, '--out', out);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('60 decisions in 12 trajectories');
    expect(stdout).toContain('No check failed');
    expect(filesBelow(out)).toEqual(['profile.html', 'profile.json']);
    const page = readFileSync(join(out, 'profile.html'), 'utf8');
    expect(page).not.toMatch(/<script|src=|url\(|@import|href="(?!#|data:)/);
    const { document } = parseHTML(page);
    const figures = [...document.querySelectorAll('figure')].map((figure) =>
      figure.getAttribute('data-figure'),
    );
    expect(figures).toEqual(['visits-map', 'visits', 'actions']);
    const findings = [...document.querySelectorAll('#in-short .points > li')];
    const { findings: told } = JSON.parse(readFileSync(join(out, 'profile.json'), 'utf8'));
    expect(findings.length).toBe(told.length);
    findings.forEach((item, i) => {
      expect(item.textContent).toContain(told[i].found);
    });
    expect(document.querySelector('footer')?.textContent).toContain('from profile.json');
  });

  test('--json prints what profile.json holds, the same every time', async () => {
    const folder = temporaryFolder();
    writeFiles(folder, cells);
    const first = await revealed('datasets', 'check', folder, '--json');
    const again = await revealed(
      'datasets',
      'check',
      folder,
      '--json',
      '--out',
      join(folder, 'out'),
    );
    expect(again.stdout).toBe(first.stdout);
    expect(readFileSync(join(folder, 'out', 'profile.json'), 'utf8')).toBe(first.stdout);
    expect(JSON.parse(first.stdout)).toMatchObject({
      format: 1,
      passed: true,
      measures: { coverage: { states: 9, visited: 8 }, duplicates: { identicalAcross: 12 } },
    });
  });

  test('exit 1 where a check fails, and names become text, never tags', async () => {
    const folder = temporaryFolder();
    writeFiles(folder, {
      ...cells,
      'trajectories.csv': `${cells['trajectories.csv']}<b>bad</b>,0,<i>nowhere</i>,up,1\n`,
    });
    const { code, stdout } = await revealed('datasets', 'check', folder, '--out', folder);
    expect(code).toBe(1);
    expect(stdout).toContain('1 check failed');
    const page = readFileSync(join(folder, 'profile.html'), 'utf8');
    expect(page).toContain('&lt;i&gt;nowhere');
    expect(page).not.toMatch(/<i>|<b>/);
  });

  test('a table of behaviour that cannot be read fails too, and still has a page', async () => {
    const folder = temporaryFolder();
    writeFiles(folder, { ...cells, 'trajectories.csv': 'trajectory,step,state\na,x,0\n' });
    const { code, stdout } = await revealed('datasets', 'check', folder, '--out', folder);
    expect(code).toBe(1);
    expect(stdout).toContain('trajectories.csv:2: "step" must be a whole number');
    expect(readFileSync(join(folder, 'profile.html'), 'utf8')).toContain('1 check failed');
  });

  test('the study beside the tables says how far people look ahead', async () => {
    const folder = temporaryFolder();
    writeFiles(folder, { ...cells, 'study.json': '{"horizon":3}' });
    const short = await revealed('datasets', 'check', folder, '--json');
    expect(JSON.parse(short.stdout).measures.goals.tooLong).toBe(12);
    expect(short.code).toBe(1);
    const long = await revealed('datasets', 'check', folder, '--json', '--horizon', '5');
    expect(JSON.parse(long.stdout).measures.goals).toMatchObject({ tooLong: 0, cutOff: 0 });
    expect(long.code).toBe(0);
  });
});

describe('datasets check', () => {
  test('takes tables by flags, whatever they are called', async () => {
    const folder = temporaryFolder();
    writeFiles(folder, {
      'moves.csv': cells['transitions.csv'],
      'people.csv': cells['trajectories.csv'],
    });
    const { code, stdout } = await revealed(
      ...['datasets', 'check', '--transitions', join(folder, 'moves.csv')],
      ...['--trajectories', join(folder, 'people.csv'), '--discount', '0.9'],
    );
    expect(code).toBe(0);
    expect(stdout).toContain('60 decisions in 12 trajectories');
  });

  test('says that counts are not looked through, as they have no trajectories', async () => {
    const folder = temporaryFolder();
    writeFiles(folder, { ...cells, 'trajectories.csv': 'state,action,count\n"0,0",right,3\n' });
    const { code, stderr } = await revealed('datasets', 'check', folder);
    expect([code, stderr]).toEqual([2, expect.stringContaining('it holds counts')]);
  });

  test('still compares data sets with their checksums', async () => {
    const { code, stdout } = await revealed('datasets', 'check', 'bus_engine');
    expect([code, stdout]).toEqual([0, expect.stringContaining('as published')]);
  });

  test.each([
    [['check', 'nothing-like-it'], 'no folder is called so'],
    [['check', 'bus_engine', '--out', 'x'], 'it is for checking tables'],
    [['list', '--horizon', '3'], 'Cannot list data sets with --horizon'],
    [['check', '--transitions', 'x.csv'], 'without --trajectories'],
    [['check', '--trajectories', 'x.csv'], 'there is no such file'],
    [['check', 'test'], 'there is no trajectories.csv in it'],
    [['check', 'test', 'bus_engine'], 'together with tables'],
    [['fetch', 'a', 'b'], 'several data sets at once'],
  ])('refuses %j', async (args, words) => {
    const { code, stderr } = await revealed('datasets', ...args);
    expect([code, stderr]).toEqual([2, expect.stringContaining(words)]);
  });
});
