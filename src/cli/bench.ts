/** `revealed bench`: measure how fast it is here, and hold it against the goals. */

import { z } from 'zod';
import type { BenchOutcome } from '../bench/benchmark.ts';
import { goalsOf, judge, type Verdict } from '../bench/goals.ts';
import { describeMachine, type Machine } from '../bench/machine.ts';
import { type BenchmarkName, benchmarkNames, benchmarks } from '../bench/registry.ts';
import { colors } from '../evaluation/colors.ts';
import { plainTable } from '../evaluation/plainTable.ts';
import { json } from '../study/output/wholeFile.ts';
import { commonOptions, defineCommand } from './command.ts';

export default defineCommand({
  name: 'bench',
  summary: 'Measure speed here, against other programs and against the goals',
  positional: [['[group...]', `What to measure (default: all of ${benchmarkNames.join(', ')})`]],
  options: z.strictObject(commonOptions),
  async run(options, output, positional) {
    const names = positional.length > 0 ? positional.map(groupNamed) : benchmarkNames;
    const machine = await describeMachine();
    if (!options.json) output.stdout(`${machineSentence(machine)}\n`);
    const groups = [];
    const verdicts: Verdict[] = [];
    for (const name of names) {
      const benchmark = await benchmarks[name]();
      const outcome = await benchmark.run({
        seed: options.seed,
        progress: (text) => {
          if (!options.quiet) output.stderr(colors.dim(`measuring ${text}\n`));
        },
      });
      const judged = goalsOf(name).map((goal) =>
        judge(goal, outcome.measured[goal] ?? { skipped: 'it was not measured' }),
      );
      verdicts.push(...judged);
      groups.push({ name, tables: outcome.tables, notes: outcome.notes, goals: judged });
      if (!options.json)
        output.stdout(`\n${colors.bold(benchmark.summary)}\n${report(outcome, judged)}`);
    }
    if (options.json) output.stdout(json({ machine, groups }));
    return verdicts.some(({ outcome }) => outcome === 'fail') ? 1 : 0;
  },
});

function groupNamed(name: string): BenchmarkName {
  if (!Object.hasOwn(benchmarks, name))
    throw new RangeError(`Cannot measure "${name}": the groups are ${benchmarkNames.join(', ')}`);
  return name as BenchmarkName;
}

function machineSentence({ cpu, cores, node, load, triad }: Machine): string {
  return (
    `${cpu}, ${cores} cores, node ${node}, load ${load.toFixed(2)}, ` +
    `triad ${triad.toFixed(1)} GB/s. CPU time, the least of several rounds.`
  );
}

function report({ tables, notes }: BenchOutcome, verdicts: readonly Verdict[]): string {
  const parts = tables.map(({ title, head, rows }) => {
    const table = plainTable([...head]);
    for (const row of rows) table.push([...row]);
    return `${title}\n${table.toString()}\n`;
  });
  const lines = [...notes.map((note) => colors.dim(`  ${note}`)), ...verdicts.map(verdictLine)];
  return `${parts.join('\n')}${lines.join('\n')}\n`;
}

function verdictLine({ quantity, want, limit, unit, measured, outcome, reason }: Verdict): string {
  const withUnit = (x: number): string => `${x}${unit === '' ? '' : ` ${unit}`}`;
  if (outcome === 'skipped' || measured === null)
    return colors.yellow(`SKIPPED  ${quantity}: ${reason}`);
  const line = `${quantity}: ${withUnit(Number(measured.toPrecision(3)))} (${want} ${withUnit(limit)})`;
  return outcome === 'pass' ? `${colors.green('PASS')}  ${line}` : `${colors.red('FAIL')}  ${line}`;
}
