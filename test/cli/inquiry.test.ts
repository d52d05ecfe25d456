/** A study of theory through the command line: run, interrupted, resumed, reported, refused. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  filesBelow,
  readInquiry,
  revealed,
  temporaryFolder,
  writeFiles,
} from '../support/commandLine.ts';

const LAW =
  "const law = { claim: 'Squares are not negative', holds: true, evidence: '0.3', law: true };";

/** Two questions, of which the second draws from its seed in many steps. */
function study(steps: number, law = LAW): Record<string, string> {
  return {
    'squares.study.ts': `
      import { defineInquiry } from 'revealed';
      import { draws } from './squares/draws.ts';
      ${law}
      export default defineInquiry({
        name: 'squares',
        title: 'What are squares like?',
        questions: [
          {
            name: 'sign',
            title: 'Have they a sign?',
            *ask() {
              yield 0;
              const open = { claim: 'Some are <b>odd</b>', holds: false, evidence: 'none', law: false };
              return { sentence: 'They have none.', findings: [law, open], tables: [], charts: [] };
            },
          },
          draws('first', ${steps}),
          draws('second', ${steps}),
        ],
        meaning: ({ questions }) => questions.length + ' answers in all',
      });
    `,
    'squares/draws.ts': `
      import { type Answer, createRng, type Question } from 'revealed';
      export function draws(name: string, steps: number): Question {
        return {
          name,
          title: 'How large are those drawn ' + name + '?',
          *ask(seed): Generator<number, Answer> {
            const rng = createRng(seed, 'squares');
            let sum = 0;
            const points: { x: number; y: number; low: number; high: number }[] = [];
            for (let i = 1; i <= steps; i++) {
              for (let k = 0; k < 2000; k++) sum += rng() ** 2;
              const y = sum / (2000 * i);
              if (i % Math.ceil(steps / 5) === 0) points.push({ x: i, y, low: y - 0.1, high: y + 0.1 });
              yield i / steps;
            }
            const mean = sum / (2000 * steps);
            return {
              sentence: 'About ' + mean.toFixed(2) + '.',
              findings: [],
              tables: [
                {
                  title: 'Moments',
                  columns: ['moment', 'value', 'error'],
                  rows: [['mean', mean, null]],
                  note: 'Only drawn once.',
                },
              ],
              charts: [
                {
                  name: 'mean',
                  title: 'The mean so far',
                  caption: 'It settles.',
                  kind: 'curves',
                  x: { label: 'draws', scale: 'log' },
                  y: { label: 'mean' },
                  series: [{ name: 'mean', points }],
                },
              ],
            };
          },
        };
      }
    `,
  };
}

function written(files: Record<string, string>): { file: string; out: string } {
  const folder = temporaryFolder();
  writeFiles(folder, files);
  return { file: join(folder, 'squares.study.ts'), out: join(folder, 'out') };
}

/** All that was answered; how long it took is left out. */
function answers(out: string): string {
  return JSON.stringify(readInquiry(out), (key, value) =>
    key === 'seconds' || key === 'source' ? 0 : value,
  );
}

describe('an inquiry', () => {
  test('is answered, printed, kept and reported', async () => {
    const { file, out } = written(study(20));
    const { code, stdout, stderr } = await revealed('run', file, '--out', out);
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/^What are squares like\?\n/);
    expect(stdout).toMatch(/Have they a sign\?.*\(sign, .* s\)\nThey have none\./);
    expect(stdout).toContain('✓ Squares are not negative (must hold): 0.3');
    expect(stdout).toContain('✗ Some are <b>odd</b>: none');
    expect(stdout).toMatch(
      /Moments\n +moment +value +error\n +mean +0\.3\d+ +–\n +Only drawn once\./,
    );
    expect(stdout).toContain('The one claim that must hold does.');
    expect(stdout).toContain('3 answers in all');

    const result = readInquiry(out);
    expect(result.questions.map(({ name }) => name)).toEqual(['sign', 'first', 'second']);
    expect(result.source).toEqual({ study: '../squares.study.ts' });
    expect(filesBelow(out)).toEqual([
      'arrays/manifest.json',
      ...['first-mean.png', 'first-mean.svg', 'second-mean.png', 'second-mean.svg'].map(
        (name) => `figures/${name}`,
      ),
      'report.html',
      'result.json',
    ]);
    const page = readFileSync(join(out, 'report.html'), 'utf8');
    for (const { title, sentence } of result.questions) {
      expect(page).toContain(`>${title}</h2>`);
      expect(page).toContain(sentence);
    }
    expect(page).toContain('Some are &lt;b&gt;odd&lt;/b&gt;');
    expect(page).toContain('revealed run ../squares.study.ts --seed 0');

    const again = await revealed('report', out, '--out', join(out, 'again.html'));
    expect(again.code, again.stderr).toBe(0);
    expect(readFileSync(join(out, 'again.html'), 'utf8')).toBe(page);
  });

  test('comes to the same bits in one thread and in two', async () => {
    const { file, out } = written(study(20));
    for (const workers of ['1', '2']) {
      const { code, stderr } = await revealed(
        'run',
        file,
        '--out',
        `${out}${workers}`,
        '--workers',
        workers,
      );
      expect(code, stderr).toBe(0);
    }
    expect(answers(`${out}1`)).toBe(answers(`${out}2`));
    const seeded = await revealed('run', file, '--json', '--seed', '1');
    expect(JSON.parse(seeded.stdout).questions[1].sentence).not.toBe('');
    expect(JSON.parse(seeded.stdout).questions[1].tables).not.toEqual(
      readInquiry(`${out}1`).questions[1].tables,
    );
  });

  test('that is interrupted keeps its answers and ends where it would have ended', async () => {
    const { file, out } = written(study(1500));
    await revealed('run', file, '--out', `${out}-whole`, '--workers', '1');
    const timer = setInterval(() => process.emit('SIGINT'), 40);
    const argv = ['run', file, '--out', out, '--workers', '1'];
    const first = await revealed(...argv).finally(() => clearInterval(timer));
    expect(first.code, first.stderr).toBe(130);
    expect(first.stderr).toMatch(/^Interrupted; .*--resume/);
    const state = JSON.parse(readFileSync(join(out, 'state.json'), 'utf8'));
    expect(Object.keys(state.answers)).not.toContain('second');
    const second = await revealed(...argv, '--resume');
    expect(second.code, second.stderr).toBe(0);
    expect(answers(out)).toBe(answers(`${out}-whole`));
    expect(existsSync(join(out, 'state.json'))).toBe(false);
  });

  test('does not go on from answers to other questions', async () => {
    const { file, out } = written(study(1500));
    const timer = setInterval(() => process.emit('SIGINT'), 40);
    await revealed('run', file, '--out', out).finally(() => clearInterval(timer));
    writeFiles(join(file, '..'), {
      'squares/draws.ts': study(20)['squares/draws.ts'].replace('** 2', '** 4'),
    });
    const { code, stderr } = await revealed('run', file, '--out', out, '--resume');
    expect(code).toBe(2);
    expect(stderr).toMatch(/Cannot resume: .*other options or other files/);
  });

  test('fails where a law does not hold', async () => {
    const { file } = written(study(5, LAW.replace('holds: true', 'holds: false')));
    const { code, stdout } = await revealed('run', file);
    expect(code).toBe(1);
    expect(stdout).toContain('✗ Squares are not negative (must hold)');
    expect(stdout).toContain(
      '1 of 1 claims that must hold do not: Squares are not negative (sign).',
    );
  });

  test('has nothing for commands that open a fit again', async () => {
    const { file, out } = written(study(5));
    await revealed('run', file, '--out', out);
    for (const [command, ...flags] of [
      ['bootstrap'],
      ['simulate'],
      ['what-if', '--set', 'a=1'],
      ['test', '--restrict', 'a=0'],
      ['profile', '--parameter', 'a'],
      ['table'],
    ]) {
      const { code, stderr } = await revealed(command, out, ...flags);
      expect(code).toBe(2);
      expect(stderr).toMatch(
        /"squares" is an inquiry, which asks questions of theory and fits nothing/,
      );
    }
    for (const command of ['compare', 'search']) {
      const { code, stderr } = await revealed(command, file);
      expect(code).toBe(2);
      expect(stderr).toMatch(/Cannot fit "squares": it is an inquiry/);
    }
  });

  const start = "import { defineInquiry } from 'revealed';\nexport default defineInquiry(";
  const question =
    "{ name: 'a', title: 'b', *ask() { yield 0; throw new RangeError('too much'); } }";
  test.each([
    ['no questions', `${start}{ name: 'x', title: 'y', questions: [] });`, /at least one question/],
    [
      'no list',
      `${start}{ name: 'x', title: 'y', questions: 7 } as never);`,
      /a list of questions/,
    ],
    [
      'no function',
      `${start}{ name: 'x', title: 'y', questions: [{ name: 'a', title: 'b' }] } as never);`,
      /questions\.0\.ask must be a generator function/,
    ],
    [
      'no title',
      `${start}{ name: 'x', questions: [${question}] } as never);`,
      /title must be a text/,
    ],
    [
      'two questions of one name',
      `${start}{ name: 'x', title: 'y', questions: [${question}, ${question}] });`,
      /two questions are called "a"/,
    ],
    [
      'a question that throws',
      `${start}{ name: 'x', title: 'y', questions: [${question}] });`,
      /revealed run: Cannot answer "a": too much/,
    ],
  ])('with %s is refused', async (_, text, says) => {
    const { file } = written({ 'squares.study.ts': text });
    const { code, stdout, stderr } = await revealed('run', file);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(says);
  });

  test('whose question throws in another thread is told the same', async () => {
    const { file } = written({
      'squares.study.ts': `${start}{ name: 'x', title: 'y', questions: [${question}, ${question.replace("'a'", "'b'")}] });`,
    });
    const { code, stderr } = await revealed('run', file, '--workers', '2');
    expect(code).toBe(2);
    expect(stderr).toMatch(/^revealed run: Cannot answer "[ab]": too much$/m);
  });
});
