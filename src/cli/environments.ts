/** `revealed environments`: the ready-made worlds and how large they are. */

import { z } from 'zod';
import { environments } from '../environments/registry.ts';
import { simulators } from '../environments/simulators.ts';
import { plainTable } from '../evaluation/plainTable.ts';
import { json } from '../study/output/wholeFile.ts';
import { commonOptions, defineCommand } from './command.ts';

export default defineCommand({
  name: 'environments',
  summary: 'List the ready-made worlds',
  options: z.strictObject({
    ...commonOptions,
    simulators: z
      .boolean()
      .default(false)
      .describe('List those that are met step by step, and what can be changed about them'),
  }),
  async run(options, output) {
    const tabular = Object.entries(environments).map(([name, { summary, build }]) => {
      const { mdp } = build().world;
      return {
        name,
        summary,
        states: mdp.stateCount,
        pairs: mdp.pairCount,
        transitions: mdp.nextState.length,
      };
    });
    const stepped = steppedWorlds();
    if (options.json) output.stdout(json(options.simulators ? stepped : tabular));
    else if (options.simulators) output.stdout(lines(steppedTable(stepped)));
    else {
      const table = plainTable(['environment', 'states', 'pairs', 'transitions', 'what it is']);
      for (const { name, summary, states, pairs, transitions } of tabular)
        table.push([name, states, pairs, transitions, summary]);
      const names = stepped.map(({ name }) => name).filter((name) => !(name in environments));
      output.stdout(lines(table));
      output.stdout(
        `Met step by step, with --simulators: those that have a task, and ${names.join(', ')}\n`,
      );
    }
    return 0;
  },
});

interface SteppedWorld {
  readonly name: string;
  readonly summary: string;
  /** Numbers of an observation. */
  readonly observation: number;
  /** How many, or the box that they fill. */
  readonly actions: number | { readonly low: readonly number[]; readonly high: readonly number[] };
  /** Null where nothing but its end bounds an episode. */
  readonly timeLimit: number | null;
  readonly options: readonly {
    readonly name: string;
    readonly default: unknown;
    readonly what: string;
  }[];
}

function steppedWorlds(): SteppedWorld[] {
  return Object.entries(simulators).map(([name, { summary, options, build }]) => {
    const { observation, actions, timeLimit } = build();
    const { properties = {} } = z.toJSONSchema(options, { io: 'input', unrepresentable: 'any' });
    return {
      name,
      summary,
      observation: observation.length,
      actions:
        actions.kind === 'discrete'
          ? actions.count
          : { low: [...actions.low], high: [...actions.high] },
      timeLimit: Number.isFinite(timeLimit) ? timeLimit : null,
      options: Object.entries(properties).map(([option, schema]) => {
        const { default: usual = null, description = '' } = Object(schema);
        return { name: option, default: usual, what: description };
      }),
    };
  });
}

function steppedTable(worlds: readonly SteppedWorld[]): ReturnType<typeof plainTable> {
  const table = plainTable(['simulator', 'sees', 'actions', 'steps', 'what can be changed']);
  for (const { name, observation, actions, timeLimit, options } of worlds)
    table.push([
      name,
      observation,
      typeof actions === 'number' ? actions : boxWords(actions),
      timeLimit ?? 'no limit',
      options
        .map((option) =>
          option.default === null
            ? option.name
            : `${option.name} ${JSON.stringify(option.default)}`,
        )
        .join(', '),
    ]);
  return table;
}

function boxWords({ low, high }: { low: readonly number[]; high: readonly number[] }): string {
  return low.map((from, i) => `[${from}, ${high[i]}]`).join(' × ');
}

function lines(table: ReturnType<typeof plainTable>): string {
  return `${table.toString()}\n`.replace(/ +$/gm, '');
}
