/** Refuses what a study in a simulator cannot mean, before anything is read: the parts that are plain data. */

import { z } from 'zod';
import { suggestion } from '../../demonstrations/tables/nameIndex.ts';
import type { SimulatedEvaluation, SimulatedStudy } from '../simulatedStudy.ts';

/** @param is whether a value can be meant */
function wanted<Value>(is: (value: unknown) => boolean, words: string): z.ZodType<Value> {
  return z.custom<Value>(is, { error: ({ input }) => `must be ${words}, got ${shown(input)}` });
}

const count = wanted<number>(
  (x) => Number.isInteger(x) && (x as number) >= 1,
  'a whole number from 1 on',
);
const anything = z.unknown().optional();
const isNumberList = (x: unknown): boolean =>
  Array.isArray(x) && x.length > 0 && x.every((one) => Number.isFinite(one));

const Evaluation = z.strictObject({
  episodes: count.optional(),
  starts: wanted(
    (x) =>
      x === 'reset' ||
      x === 'demonstrations' ||
      (Array.isArray(x) && x.length > 0 && x.every(isNumberList)),
    '"reset", "demonstrations" or a list of states',
  ).optional(),
  every: count.optional(),
  looked: count.optional(),
} satisfies Record<keyof SimulatedEvaluation, z.ZodType>);

const HELD_OUT: readonly string[] = ['after', 'count', 'episodes', 'fold,of', 'share'];

const Checked = z.strictObject({
  name: anything,
  title: anything,
  simulator: anything,
  demonstrations: anything,
  features: anything,
  discount: wanted((x) => typeof x === 'number' && x >= 0 && x < 1, 'a number from 0 on, below 1'),
  temperature: wanted(
    (x) => typeof x === 'number' && x > 0 && x < Number.POSITIVE_INFINITY,
    'a number above 0',
  ).optional(),
  stateOf: anything,
  offered: wanted((x) => typeof x === 'function', 'a function of what is observed').optional(),
  methods: anything,
  fit: anything,
  agent: z
    .looseObject({
      observationScale: wanted(isNumberList, 'a list of numbers').optional(),
    })
    .optional(),
  holdOut: wanted(
    (x) =>
      typeof x === 'object' && x !== null && HELD_OUT.includes(Object.keys(x).sort().join(',')),
    '{ episodes }, { after }, { count }, { share } or { fold, of }',
  ).optional(),
  evaluation: Evaluation.nullable().optional(),
  seeds: count.optional(),
  meaning: wanted((x) => typeof x === 'function', 'a function of the result').optional(),
} satisfies Record<keyof SimulatedStudy, z.ZodType>);

/** @throws RangeError naming what is wrong first */
export function checkSimulatedStudy(study: SimulatedStudy): void {
  const checked = Checked.safeParse(study);
  if (checked.success) return;
  const [issue] = checked.error.issues;
  const at = issue.path.join('.');
  const known = at === 'evaluation' ? Evaluation.shape : Checked.shape;
  const problem =
    issue.code === 'unrecognized_keys'
      ? `${at === '' ? 'it' : at} has no "${issue.keys[0]}"${suggestion(issue.keys[0], Object.keys(known))}`
      : `${at} ${issue.message}`;
  throw new RangeError(`Cannot run study "${study.name}": ${problem}`);
}

function shown(input: unknown): string {
  if (typeof input === 'function') return 'a function';
  return typeof input === 'object'
    ? JSON.stringify(input)
    : typeof input === 'string'
      ? `"${input}"`
      : String(input);
}
