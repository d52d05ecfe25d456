/** The same seed on the same engine gives the same bits in every process. */

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { learnedBits } from '../../support/learnedBits.ts';

const program = fileURLToPath(new URL('../../support/learnedBits.ts', import.meta.url));

async function inFreshProcess(seed: number): Promise<unknown> {
  const args = ['--import', 'jiti/register', program, String(seed)];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout);
}

test('soft actor-critic, deep Q-learning and cloning learn the same bits in two fresh processes', async () => {
  const [one, other] = await Promise.all([inFreshProcess(4), inFreshProcess(4)]);
  expect(other).toEqual(one);
  expect(learnedBits(4)).toEqual(one);
  const another = learnedBits(5);
  expect(Object.keys(another)).toEqual(['soft-actor-critic', 'deep-q', 'cloning']);
  for (const [name, bits] of Object.entries(learnedBits(4))) expect(another[name]).not.toBe(bits);
}, 180_000);
