/** `revealed schema`: the JSON schema of a study file, or of what commands write. */

import { z } from 'zod';
import { SearchResult } from '../evaluation/comparison/searchResult.ts';
import { BootstrapResult } from '../evaluation/inference/bootstrapResult.ts';
import { ProfileFile } from '../evaluation/inference/profileFile.ts';
import { TestFile } from '../evaluation/inference/testFile.ts';
import { WhatIfResult } from '../evaluation/prediction/whatIfResult.ts';
import { RunFile } from '../evaluation/resultFile.ts';
import { JsonStudy } from '../study/loadStudy.ts';
import { json } from '../study/output/wholeFile.ts';
import { commonOptions, defineCommand } from './command.ts';

const schemas = {
  study: JsonStudy,
  result: RunFile,
  test: TestFile,
  profile: ProfileFile,
  bootstrap: BootstrapResult,
  'what-if': WhatIfResult,
  search: SearchResult,
} as const;

export default defineCommand({
  name: 'schema',
  summary: 'Print the JSON schema of a study, or of a file that a command writes',
  positional: [['<what>', Object.keys(schemas).join(', ')]],
  options: z.strictObject(commonOptions),
  async run(_options, output, [what]) {
    if (!Object.hasOwn(schemas, what))
      throw new RangeError(
        `Cannot print a schema of "${what}": wanted one of ${Object.keys(schemas).join(', ')}`,
      );
    output.stdout(json(z.toJSONSchema(schemas[what as keyof typeof schemas], { io: 'input' })));
    return 0;
  },
});
