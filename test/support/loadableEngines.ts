/** The engines of networks that load here; says which does not. */

import type { Engine, EngineName } from '../../src/networks/network.ts';
import { engineNamed, engineNames } from '../../src/networks/openEngine.ts';

export async function loadableEngines(): Promise<(readonly [EngineName, Engine])[]> {
  const engines: (readonly [EngineName, Engine])[] = [];
  for (const name of engineNames) {
    try {
      engines.push([name, await engineNamed(name)]);
    } catch (error) {
      // The native library is not everywhere.
      if (name !== 'tensorflow') throw error;
      process.stderr.write(`SKIPPED: ${error instanceof Error ? error.message : error}\n`);
    }
  }
  return engines;
}
