/**
 * Reports in a real browser, wide and narrow, light and dark: nothing fails, every figure is there,
 * nothing sticks out, and words can be read against what is behind them.
 */

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ResultFile } from '../../../src/evaluation/resultFile.ts';
import { findBrowser } from '../../support/browser.ts';
import { fitTables, revealed, tableFlags, temporaryFolder } from '../../support/commandLine.ts';
import { hasSharedData } from '../../support/sharedData.ts';
import { hostileTables } from './hostileTables.ts';
import { madeUpWhatIf } from './otherFiles.ts';

const PARK = fileURLToPath(new URL('../../../scripts/examples/gridworld', import.meta.url));
const TABLES = ['transitions', 'features', 'trajectories'].flatMap((name) => [
  `--${name}`,
  join(PARK, `${name}.csv`),
]);

/** Milliseconds that a study may take where many tests share a machine. */
const SLOW = 240_000;

/** Runs a command with --out and returns the folder. */
async function written(...argv: string[]): Promise<string> {
  const out = join(temporaryFolder(), 'out');
  await revealed(...argv, '--out', out, '--quiet');
  return out;
}

const reports: Record<string, () => Promise<string>> = {
  'bus-engine': () => written('run', 'bus-engine'),
  'rust-1987': () => written('run', 'rust-1987'),
  'a grid': () => written('fit', ...TABLES),
  'a comparison': () => written('compare', ...TABLES, '--folds', '4'),
  'a changed world and a learning curve': changedPark,
  'names that do their worst': async () =>
    (await fitTables(hostileTables(), '--discount', '0.9')).out,
  'a comparison of such names': () =>
    written('compare', ...tableFlags(temporaryFolder(), hostileTables()), '--discount', '0.9'),
  'a fit that ran away': async () =>
    (await fitTables(hostileTables(), '--discount', '0.9', '--max-iterations', '1')).out,
  'a fit with all there is': withEverything,
  ...(hasSharedData('borlange') ? { borlange: () => written('run', 'borlange') } : {}),
};

/** The park after a path was closed, with the walks that never took it, by more and more walks. */
async function changedPark(): Promise<string> {
  const closed = (line: string): boolean => line.startsWith('C1,east,');
  const folder = temporaryFolder();
  const read = (name: string): string[] =>
    readFileSync(join(PARK, `${name}.csv`), 'utf8')
      .trimEnd()
      .split('\n');
  const walks = read('trajectories');
  const barred = new Set(
    walks
      .filter((row) => closed(row.split(',').slice(2).join(',')))
      .map((row) => row.split(',')[0]),
  );
  const rest = (rows: readonly string[]): string =>
    rows.filter((row) => !closed(row) && !barred.has(row.split(',')[0])).join('\n');
  const names = { world: 'transitions', 'test-features': 'features' } as const;
  writeFileSync(join(folder, 'walks.csv'), rest(walks));
  for (const name of Object.values(names))
    writeFileSync(join(folder, `${name}.csv`), rest(read(name)));
  const there = Object.entries(names).flatMap(([flag, name]) => [
    `--${flag}`,
    join(folder, `${name}.csv`),
  ]);
  const truth = ['--true-reward', 'step=-1.5,mud=-1,flowers=0.5'];
  const sizes = ['--folds', '3', '--curve', '5,15,all', '--repeats', '2'];
  const walked = ['--test-trajectories', join(folder, 'walks.csv')];
  const out = await written('compare', ...TABLES, ...there, ...walked, ...truth, ...sizes);
  const page = readFileSync(join(out, 'report.html'), 'utf8');
  for (const name of ['transfer', 'learning-curve', 'whole-trips', 'feature-gaps'])
    expect(page).toContain(`<figure data-figure="${name}">`);
  return out;
}

/** A fit with tests, profiles, classes, a search, a bootstrap and a what-if beside it. */
async function withEverything(): Promise<string> {
  const out = await written(
    'fit',
    ...TABLES,
    '--methods',
    'causal-entropy,latent-classes',
    '--classes',
    '2',
  );
  await revealed('test', out, '--restrict', 'mud=0', '--out', out);
  await revealed('profile', out, '--out', out);
  await revealed('bootstrap', out, '--draws', '40', '--workers', '1', '--out', out, '--quiet');
  await revealed('search', ...TABLES, '--folds', '3', '--out', out, '--quiet');
  for (const name of ['bootstrap', 'search'])
    expect(existsSync(join(out, `${name}.json`))).toBe(true);
  const whatIf = madeUpWhatIf(
    ResultFile.parse(JSON.parse(readFileSync(join(out, 'result.json'), 'utf8'))),
  );
  writeFileSync(join(out, 'what-if.json'), JSON.stringify(whatIf));
  const { code } = await revealed('report', out);
  expect(code).toBe(0);
  const page = readFileSync(join(out, 'report.html'), 'utf8');
  for (const name of ['bootstrap', 'search', 'what-if', 'what-if-sweep'])
    expect(page).toContain(`<figure data-figure="${name}">`);
  return out;
}

const executablePath = findBrowser();
let browser: Browser;

beforeAll(async () => {
  if (executablePath === null) return;
  browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
}, SLOW);

afterAll(() => browser?.close());

describe.skipIf(executablePath === null).each(Object.entries(reports))('%s', (_, write) => {
  let out: string;
  beforeAll(async () => {
    out = await write();
    expect(existsSync(join(out, 'report.html'))).toBe(true);
  }, SLOW);

  test.each([
    [1280, 'light'],
    [1280, 'dark'],
    [390, 'light'],
    [390, 'dark'],
  ] as const)('opens %i pixels wide, %s', async (width, colorScheme) => {
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
    const failures: string[] = [];
    page.on('console', (message) => failures.push(message.text()));
    page.on('pageerror', (error) => failures.push(error.message));
    page.on('requestfailed', (request) => failures.push(request.url()));
    page.on('request', (request) => {
      if (!/^(file|data):/.test(request.url())) failures.push(request.url());
    });
    await page.goto(pathToFileURL(join(out, 'report.html')).href);
    expect(failures).toEqual([]);
    const { figures, empty, outside, overflow } = await measure(page);
    expect(figures).toBeGreaterThan(0);
    expect(empty).toEqual([]);
    expect(outside).toEqual([]);
    expect(overflow).toBeLessThanOrEqual(0);
    expect(await faintWords(page)).toEqual([]);
    await page.close();
  });
});

/** What is drawn, and what is not where it should be. */
function measure(page: Page) {
  return page.evaluate<{
    figures: number;
    empty: string[];
    outside: string[];
    overflow: number;
  }>(`(() => {
    const figures = [...document.querySelectorAll('figure')];
    const empty = [], outside = [];
    for (const figure of figures) {
      const title = figure.querySelector('figcaption strong')?.textContent ?? '';
      const seen = [...figure.querySelectorAll('svg')].filter((svg) => svg.getClientRects().length > 0);
      if (seen.length !== 1) { empty.push(title + ': ' + seen.length + ' pictures'); continue; }
      const [svg] = seen;
      const frame = svg.getBoundingClientRect();
      const drawn = svg.getBBox();
      if (frame.width < 50 || frame.height < 10 || drawn.width === 0 || drawn.height === 0) empty.push(title);
      for (const text of svg.querySelectorAll('text')) {
        const box = text.getBoundingClientRect();
        if (box.width > 0 && (box.left < frame.left - 3 || box.right > frame.right + 3 || box.top < frame.top - 3 || box.bottom > frame.bottom + 3))
          outside.push(title + ': ' + text.textContent);
      }
    }
    return { figures: figures.length, empty, outside, overflow: document.documentElement.scrollWidth - innerWidth };
  })()`);
}

/** Words whose contrast with the page is below 4.5 : 1 (WCAG 2.1, 1.4.3). */
function faintWords(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`(() => {
    const luminance = (color) => {
      const [r, g, b] = color.match(/[\\d.]+/g).map(Number).slice(0, 3)
        .map((c) => c / 255).map((c) => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const behind = (element) => {
      for (let e = element; e; e = e.parentElement) {
        const { backgroundColor } = getComputedStyle(e);
        if (!/, 0\\)$|transparent/.test(backgroundColor)) return backgroundColor;
      }
      return 'rgb(255, 255, 255)';
    };
    const faint = [];
    for (const element of document.querySelectorAll('p, li, td, th, a, dt, dd, h1, h2, h3, figcaption, caption, summary, code, span, strong, svg text')) {
      if (element.getClientRects().length === 0) continue;
      const style = getComputedStyle(element);
      const color = element.closest('svg') ? style.fill : style.color;
      const [one, other] = [luminance(color), luminance(behind(element))];
      const contrast = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
      if (contrast < 4.5) faint.push(contrast.toFixed(2) + ' ' + element.textContent.slice(0, 40));
    }
    return faint;
  })()`);
}
