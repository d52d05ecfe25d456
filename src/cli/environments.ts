/** `revealed environments`: the ready-made worlds and how large they are. */

import { z } from 'zod';
import { environments } from '../environments/registry.ts';
import { plainTable } from '../evaluation/plainTable.ts';
import { json } from '../study/output/wholeFile.ts';
import { commonOptions, defineCommand } from './command.ts';

export default defineCommand({
  name: 'environments',
  summary: 'List the ready-made worlds',
  options: z.strictObject(commonOptions),
  async run(options, output) {
    const rows = Object.entries(environments).map(([name, { summary, build }]) => {
      const { mdp } = build().world;
      return {
        name,
        summary,
        states: mdp.stateCount,
        pairs: mdp.pairCount,
        transitions: mdp.nextState.length,
      };
    });
    if (options.json) output.stdout(json(rows));
    else {
      const table = plainTable(['environment', 'states', 'pairs', 'transitions', 'what it is']);
      for (const { name, summary, states, pairs, transitions } of rows)
        table.push([name, states, pairs, transitions, summary]);
      output.stdout(`${table.toString()}\n`.replace(/ +$/gm, ''));
    }
    return 0;
  },
});
