/**
 * What an inquiry leaves of each question: the answer as plain data, from which the summary and the
 * report are made. Every number is finite; what does not exist is null in a table, and its note says
 * why.
 */

import { z } from 'zod';

const words = z.string().min(1, 'must not be empty');
const finite = z.number({ error: ({ input }) => `wanted a finite number, got ${String(input)}` });
const tableCell = z.union([z.string(), finite, z.null()], {
  error: ({ input }) => `wanted a text, a finite number or null, got ${String(input)}`,
});

const FindingResult = z.object({
  claim: words,
  holds: z.boolean(),
  evidence: words.describe('The numbers it rests on'),
  law: z.boolean().describe('Whether it must hold: a theorem or an identity'),
});
export type FindingResult = z.infer<typeof FindingResult>;

const TableResult = z
  .object({
    title: words,
    columns: z.array(words).min(1, 'must name at least one column'),
    rows: z.array(z.array(tableCell)),
    note: z.string().optional().describe('Why numbers are null, and what else to know'),
  })
  .superRefine(({ columns, rows, note }, context) => {
    for (const [i, row] of rows.entries()) {
      if (row.length !== columns.length)
        context.addIssue({
          code: 'custom',
          path: ['rows', i],
          message: `wanted ${columns.length} cells, one of each column, got ${row.length}`,
        });
      const missing = row.indexOf(null);
      if (missing >= 0 && !note)
        context.addIssue({
          code: 'custom',
          path: ['rows', i, missing],
          message: 'is null, and no note says why',
        });
    }
  });
export type TableResult = z.infer<typeof TableResult>;

const axis = z.object({
  label: z.string(),
  scale: z.enum(['linear', 'log']).optional().describe('Linear where absent'),
});

const ChartShape = z.object({
  name: words,
  title: words,
  caption: z.string().describe('How to read it'),
  kind: z.enum(['curves', 'bars']).describe('Whether x is a number or a category'),
  x: axis,
  y: axis,
  series: z
    .array(
      z.object({
        name: z.string(),
        points: z.array(
          z.object({
            x: z.union([z.string(), finite], {
              error: ({ input }) => `wanted a text or a finite number, got ${String(input)}`,
            }),
            y: finite,
            low: finite.optional().describe('Lower end of an interval around y'),
            high: finite.optional(),
          }),
        ),
      }),
    )
    .min(1, 'must have at least one series'),
  marks: z
    .array(z.object({ axis: z.enum(['x', 'y']), at: finite, label: z.string() }))
    .optional()
    .describe('Lines to compare with'),
});
const ChartResult = ChartShape.superRefine((chart, context) => {
  for (const { path, message } of faultsOf(chart))
    context.addIssue({ code: 'custom', path, message });
});
export type ChartResult = z.infer<typeof ChartResult>;

const AnswerResult = z.object({
  sentence: words.describe('What was found'),
  findings: z.array(FindingResult).describe('What was claimed, and whether it held'),
  tables: z.array(TableResult),
  charts: z.array(ChartResult).superRefine((charts, context) => {
    const names = charts.map(({ name }) => name);
    for (const [i, name] of names.entries())
      if (names.indexOf(name) < i)
        context.addIssue({
          code: 'custom',
          path: [i, 'name'],
          message: `is "${name}", as that of another chart`,
        });
  }),
});

export const QuestionResult = z.object({
  name: words,
  title: words,
  seconds: z.number(),
  ...AnswerResult.shape,
});
export type QuestionResult = z.infer<typeof QuestionResult>;

/**
 * Returns an answer as it is kept. Throws a RangeError that names the question and the field where
 * it holds what cannot be kept, such as NaN.
 */
export function checkedAnswer(question: string, answer: unknown): z.infer<typeof AnswerResult> {
  const checked = AnswerResult.safeParse(answer);
  if (checked.success) return checked.data;
  const [{ path, message }] = checked.error.issues;
  const field = path.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : `${text}.${String(key)}`),
    '',
  );
  throw new RangeError(
    `Cannot keep the answer to "${question}": ${field.replace(/^\./, '') || 'it'}: ${message}`,
  );
}

interface Fault {
  readonly path: (string | number)[];
  readonly message: string;
}

/** What a chart of this shape could not be drawn with. */
function faultsOf({ kind, x, y, series, marks = [] }: z.infer<typeof ChartShape>): Fault[] {
  const faults: Fault[] = [];
  const names = series.map(({ name }) => name);
  const fault = (path: (string | number)[], message: string): void => {
    faults.push({ path, message });
  };
  for (const [i, { name, points }] of series.entries()) {
    if (names.indexOf(name) < i) fault(['series', i, 'name'], `is "${name}", as that of another`);
    for (const [k, point] of points.entries()) {
      const at = ['series', i, 'points', k];
      if ((typeof point.x === 'number') !== (kind === 'curves'))
        fault(
          [...at, 'x'],
          `wanted a ${kind === 'curves' ? 'number' : 'category'}, got ${point.x}`,
        );
      const { low, high } = point;
      if ((low === undefined) !== (high === undefined))
        fault([...at, low === undefined ? 'low' : 'high'], 'is missing: both ends or neither');
      else if (low !== undefined && high !== undefined && low > high)
        fault([...at, 'low'], `is above high: ${low} > ${high}`);
      if (x.scale === 'log' && typeof point.x === 'number' && point.x <= 0)
        fault([...at, 'x'], `wanted above 0 on a logarithmic axis, got ${point.x}`);
      if (y.scale === 'log')
        for (const [key, value] of Object.entries({ y: point.y, low, high }))
          if (value !== undefined && value <= 0)
            fault([...at, key], `wanted above 0 on a logarithmic axis, got ${value}`);
    }
  }
  if (series.every(({ points }) => points.length === 0)) fault(['series'], 'hold no point');
  for (const [i, { axis: along, at }] of marks.entries()) {
    if (along === 'x' && kind === 'bars')
      fault(['marks', i, 'axis'], 'categories have no place to mark between them');
    if ((along === 'x' ? x : y).scale === 'log' && at <= 0)
      fault(['marks', i, 'at'], `wanted above 0 on a logarithmic axis, got ${at}`);
  }
  return faults;
}
