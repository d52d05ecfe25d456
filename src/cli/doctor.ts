/** `revealed doctor`: what is installed here, what networks run on, and why. */

import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus } from 'node:os';
import { z } from 'zod';
import { colors } from '../evaluation/colors.ts';
import { plainTable } from '../evaluation/plainTable.ts';
import { engineNamed, engineNames, openEngine } from '../networks/openEngine.ts';
import { json } from '../study/output/wholeFile.ts';
import { version } from '../study/version.ts';
import { commonOptions, defineCommand } from './command.ts';

/** Packages that are loaded only where they are needed. */
const PACKAGES = [
  '@duckdb/node-api',
  '@tensorflow/tfjs',
  '@tensorflow/tfjs-backend-wasm',
  '@tensorflow/tfjs-node',
  'apache-arrow',
  'h5wasm',
] as const;

export default defineCommand({
  name: 'doctor',
  summary: 'Say what is installed here and what networks run on',
  options: z.strictObject(commonOptions),
  async run(options, output) {
    const processors = cpus();
    const machine = {
      node: process.version,
      cpu: processors[0]?.model ?? 'unknown',
      cores: processors.length,
    };
    const engines = [];
    for (const name of engineNames) engines.push({ name, problem: await problemOf(name) });
    const choices = [];
    for (const widest of [64, 256, 512]) {
      const { engine, reason } = await openEngine(widest);
      engine.release();
      choices.push({ widest, engine: engine.name, reason });
    }
    const packages = PACKAGES.map((name) => ({ name, version: versionOf(name) }));
    const report = { revealed: version, ...machine, packages, engines, choices };
    if (options.json) output.stdout(json(report));
    else output.stdout(inWords(report));
    return 0;
  },
});

interface Report {
  readonly revealed: string;
  readonly node: string;
  readonly cpu: string;
  readonly cores: number;
  readonly packages: readonly { readonly name: string; readonly version: string | null }[];
  readonly engines: readonly { readonly name: string; readonly problem: string | null }[];
  readonly choices: readonly {
    readonly widest: number;
    readonly engine: string;
    readonly reason: string;
  }[];
}

function inWords({ revealed, node, cpu, cores, packages, engines, choices }: Report): string {
  const installed = plainTable(['package', 'version']);
  for (const { name, version } of packages) installed.push([name, version ?? 'not installed']);
  const networks = plainTable(['networks on', 'loads']);
  for (const { name, problem } of engines)
    networks.push([name, problem === null ? colors.green('yes') : `no: ${problem}`]);
  const chosen = plainTable(['hidden layers up to', 'run on', 'because']);
  for (const { widest, engine, reason } of choices) chosen.push([widest, engine, reason]);
  return (
    `revealed ${revealed}, node ${node}, ${cpu}, ${cores} cores\n\n` +
    `${[installed, networks, chosen].map(String).join('\n\n')}\n`.replace(/ +$/gm, '')
  );
}

async function problemOf(name: (typeof engineNames)[number]): Promise<string | null> {
  try {
    (await engineNamed(name)).release();
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function versionOf(name: string): string | null {
  const require = createRequire(import.meta.url);
  for (const folder of require.resolve.paths(name) ?? []) {
    const manifest = `${folder}/${name}/package.json`;
    if (existsSync(manifest))
      return z.object({ version: z.string() }).parse(JSON.parse(readFileSync(manifest, 'utf8')))
        .version;
  }
  return null;
}
