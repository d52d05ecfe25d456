/** `revealed report`, and what every run writes without being asked. */

import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseHTML } from 'linkedom';
import { beforeAll, describe, expect, test } from 'vitest';
import { ResultFile } from '../../src/evaluation/resultFile.ts';
import { HOSTILE_NAMES, hostileTables } from '../evaluation/report/hostileTables.ts';
import { madeUpWhatIf } from '../evaluation/report/otherFiles.ts';
import { filesBelow, fitTables, revealed, temporaryFolder } from '../support/commandLine.ts';

const PARK = fileURLToPath(new URL('../../scripts/examples/gridworld', import.meta.url));
const TABLES = ['transitions', 'features', 'trajectories'].flatMap((name) => [
  `--${name}`,
  join(PARK, `${name}.csv`),
]);

let out: string;
const read = (name: string, from = out): string => readFileSync(join(from, name), 'utf8');

beforeAll(async () => {
  out = join(temporaryFolder(), 'out');
  const { code } = await revealed('fit', ...TABLES, '--out', out);
  expect(code).toBe(0);
}, 120_000);

describe('what a run leaves', () => {
  test('a page, and each of its figures as SVG and as PNG', () => {
    const figures = filesBelow(join(out, 'figures'));
    const { document } = parseHTML(read('report.html'));
    const shown = document.querySelectorAll('figure').length;
    expect(shown).toBeGreaterThanOrEqual(6);
    for (const name of figures) expect(name).not.toMatch(/\s/);
    expect(figures.filter((name) => name.endsWith('.svg')).length).toBe(shown);
    expect(figures.filter((name) => name.endsWith('.png')).length).toBe(shown);
  });

  test('the page needs nothing else: no script, and nothing to fetch', () => {
    const page = read('report.html');
    expect(page).not.toMatch(/<script|<link rel="stylesheet"|@import|url\(|src=/i);
    for (const [, target] of page.matchAll(/href="([^"]*)"/g))
      expect(target).toMatch(/^(#[a-z-]+|data:,)$/);
  });

  test('the page holds the numbers of the result', () => {
    const result = JSON.parse(read('result.json'));
    const { document } = parseHTML(read('report.html'));
    const text = document.body.textContent ?? '';
    for (const { name, estimate } of result.methods['causal-entropy'].parameters) {
      expect(text).toContain(name);
      expect(text).toContain(Math.abs(estimate).toPrecision(5));
    }
    for (const { sha256 } of result.data.files) expect(text).toContain(sha256);
    expect(text).toContain('revealed fit');
  });

  test('SVG files stand alone: on white, coloured, named, well-formed', () => {
    for (const name of filesBelow(join(out, 'figures')).filter((file) => file.endsWith('.svg'))) {
      const svg = read(join('figures', name));
      expect(svg).toMatch(
        /^<svg xmlns="http:\/\/www.w3.org\/2000\/svg"[^>]*><title>[^<]+<\/title><rect [^>]*fill="#ffffff"/,
      );
      expect(svg).not.toMatch(/var\(|currentColor|NaN|Infinity|undefined/);
    }
  });

  test('PNG files have the size of their picture, twice', () => {
    for (const name of filesBelow(join(out, 'figures')).filter((file) => file.endsWith('.png'))) {
      const bytes = readFileSync(join(out, 'figures', name));
      const svg = read(join('figures', name.replace('.png', '.svg')));
      const [, width, height] = /width="([\d.]+)" height="([\d.]+)"/.exec(svg) ?? [];
      expect(bytes.subarray(0, 8)).toEqual(Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]));
      expect(bytes.subarray(12, 16).toString('latin1')).toBe('IHDR');
      expect(bytes.readUInt32BE(16)).toBe(Math.ceil(2 * Number(width)));
      expect(bytes.readUInt32BE(20)).toBe(Math.ceil(2 * Number(height)));
      expect(bytes.subarray(-8, -4).toString('latin1')).toBe('IEND');
    }
  });
});

describe('revealed report', () => {
  test('the same result gives the same bytes', async () => {
    const [first, second] = [temporaryFolder(), temporaryFolder()];
    for (const folder of [first, second]) {
      const { code } = await revealed('report', out, '--out', folder, '--svg', '--png');
      expect(code).toBe(0);
    }
    expect(filesBelow(first)).toEqual(filesBelow(second));
    for (const name of filesBelow(first))
      expect(readFileSync(join(first, name)).equals(readFileSync(join(second, name)))).toBe(true);
    expect(read('report.html', first)).toBe(read('report.html'));
  });

  test('--out names a page or a folder, and figures come only where asked for', async () => {
    const folder = temporaryFolder();
    const page = join(folder, 'park.html');
    const { stdout } = await revealed('report', join(out, 'result.json'), '--out', page);
    expect(stdout).toBe(`Written to ${page}\n`);
    expect(filesBelow(folder)).toEqual(['park.html']);
    await revealed('report', out, '--out', folder, '--svg');
    expect(
      filesBelow(folder).every((name) => /^(figures\/.*\.svg|(park|report)\.html)$/.test(name)),
    ).toBe(true);
    const { stdout: listed } = await revealed('report', out, '--out', folder, '--svg', '--json');
    expect(JSON.parse(listed).page).toBe(join(folder, 'report.html'));
  });

  test('a result without its arrays is reported without maps', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'result.json'), read('result.json'));
    const { code } = await revealed('report', folder);
    expect(code).toBe(0);
    expect(read('report.html', folder)).not.toContain('State by state');
    expect(read('report.html')).toContain('State by state');
  });

  test('a missing, damaged or foreign file is refused', async () => {
    const folder = temporaryFolder();
    expect((await revealed('report', folder)).code).toBe(2);
    writeFileSync(join(folder, 'result.json'), '{"format": 1, ');
    const damaged = await revealed('report', folder);
    expect(damaged.code).toBe(2);
    expect(damaged.stderr).toMatch(/damaged/);
    writeFileSync(join(folder, 'result.json'), read('result.json'));
    writeFileSync(join(folder, 'test.json'), '{');
    const broken = await revealed('report', folder);
    expect(broken.code).toBe(2);
    expect(broken.stderr).toMatch(/test\.json/);
    rmSync(folder, { recursive: true });
  });
});

describe('what other commands left beside a result', () => {
  let folder: string;
  beforeAll(async () => {
    folder = temporaryFolder();
    cpSync(out, folder, { recursive: true });
  });

  test('is shown where it is about that result', async () => {
    await revealed('test', out, '--restrict', 'mud=0', '--out', folder);
    await revealed('profile', out, '--parameter', 'mud', '--out', folder);
    const whatIf = madeUpWhatIf(ResultFile.parse(JSON.parse(read('result.json'))));
    writeFileSync(join(folder, 'what-if.json'), JSON.stringify(whatIf));
    const { code } = await revealed('report', folder);
    expect(code).toBe(0);
    const { document } = parseHTML(read('report.html', folder));
    const textOf = (id: string) => document.getElementById(id)?.textContent ?? '';
    const tested = JSON.parse(read('test.json', folder));
    for (const words of tested.words) expect(textOf('tests')).toContain(words);
    expect(textOf('tests')).toContain('Hypothesis: mud = 0');
    const { parameters } = JSON.parse(read('profile.json', folder));
    expect(textOf('profiles')).toContain(Math.abs(parameters[0].low).toPrecision(4));
    expect(textOf('what-if')).toContain('length of a trip');
    expect(textOf('what-if')).toContain('step goes from');
    for (const id of ['profiles', 'what-if'])
      expect(document.querySelectorAll(`#${id} figure`).length).toBeGreaterThan(0);
  });

  test('is left out, and that is said, where it is about another', async () => {
    for (const [name, change] of [
      [
        'test',
        (file: { full: object; restricted: object }) => {
          Object.assign(file.full, { logLikelihood: -1 });
          Object.assign(file.restricted, { logLikelihood: -2 });
        },
      ],
      ['profile', (file: object) => Object.assign(file, { logLikelihood: -1 })],
      [
        'what-if',
        (file: { baseline: { parameters: object } }) =>
          Object.assign(file.baseline.parameters, { mud: 5 }),
      ],
    ] as const) {
      const file = JSON.parse(read(`${name}.json`, folder));
      change(file);
      writeFileSync(join(folder, `${name}.json`), JSON.stringify(file));
    }
    await revealed('report', folder);
    const page = read('report.html', folder);
    for (const name of ['test', 'profile', 'what-if'])
      expect(page).toContain(`${name}.json in this folder is about another fit and is left out.`);
    expect(page).not.toContain('Hypothesis: mud = 0');
  });

  test('is refused where it is not of this version', async () => {
    writeFileSync(join(folder, 'what-if.json'), '{"format": 2}');
    const { code, stderr } = await revealed('report', folder);
    expect(code).toBe(2);
    expect(stderr).toMatch(/what-if\.json: it is damaged or of another version/);
  });
});

test('a new run takes away the figures of the last one, and nothing else', async () => {
  const folder = join(temporaryFolder(), 'out');
  await revealed('fit', ...TABLES, '--out', folder);
  writeFileSync(join(folder, 'figures', 'mine.svg'), 'mine');
  await revealed('fit', ...TABLES, '--methods', 'behavior-cloning', '--out', folder);
  const figures = filesBelow(join(folder, 'figures'));
  expect(figures).toContain('mine.svg');
  expect(figures).toContain('data-trajectories.svg');
  expect(figures.filter((name) => name.startsWith('estimates'))).toEqual([]);
});

describe('names that do their worst', () => {
  test('stay text, in the page and in the figures', async () => {
    const { out: folder, code } = await fitTables(hostileTables(), '--discount', '0.9');
    expect(code).toBe(0);
    const page = read('report.html', folder);
    expect(page).not.toMatch(/<script|<img|onerror=alert\(2\)>/i);
    const { document } = parseHTML(page);
    expect(document.querySelectorAll('script, img').length).toBe(0);
    expect(document.body.textContent).toContain('<script>alert(1)</script>');
    for (const name of filesBelow(join(folder, 'figures')).filter((file) => file.endsWith('.svg')))
      expect(read(join('figures', name), folder)).not.toMatch(/<script|<img/i);
  });

  test('come through a shell in the command that runs it again', async () => {
    const name = HOSTILE_NAMES[2];
    const { out: folder, result } = await fitTables(
      hostileTables(),
      ...['--discount', '0.9', '--fix', `${name}=0.5`, '--bounds', `${HOSTILE_NAMES[0]}=-9:`],
    );
    const { document } = parseHTML(read('report.html', folder));
    const command = document.querySelector('pre')?.textContent ?? '';
    const said = execFileSync('bash', ['-c', command.replace(/^revealed/, "printf '%s\\0'")]);
    const words = said.toString().split('\0').slice(0, -1);
    expect(words[words.indexOf('--fix') + 1]).toBe(`${name}=0.5`);
    const argv = words.map((word) => (/^\.\.\/|\.csv$/.test(word) ? resolve(folder, word) : word));
    const again = JSON.parse((await revealed(...argv, '--json')).stdout);
    const estimates = (of: { methods: Record<string, { parameters: { estimate: number }[] }> }) =>
      of.methods['causal-entropy'].parameters.map(({ estimate }) => estimate);
    expect(estimates(again)).toEqual(estimates(result as never));
  });
});
