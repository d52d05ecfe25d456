/** `revealed schema`: the JSON schema of a study file or of a result. */

import { z } from 'zod';
import { ResultFile } from '../evaluation/resultFile.ts';
import { JsonStudy } from '../study/loadStudy.ts';
import { json } from '../study/wholeFile.ts';
import { commonOptions, defineCommand } from './command.ts';

const schemas = { study: JsonStudy, result: ResultFile } as const;

export default defineCommand({
  name: 'schema',
  summary: 'Print the JSON schema of a study or of result.json',
  positional: [['<what>', Object.keys(schemas).join(' or ')]],
  options: z.strictObject(commonOptions),
  async run(_options, output, [what]) {
    if (what !== 'study' && what !== 'result')
      throw new RangeError(`Cannot print a schema of "${what}": wanted study or result`);
    output.stdout(json(z.toJSONSchema(schemas[what], { io: 'input' })));
    return 0;
  },
});
