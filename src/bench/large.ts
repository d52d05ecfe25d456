/**
 * How long does a plan for a million states take, and how much memory? Slip grid of 1024² states,
 * 26 million transitions, γ = 0.99, from V = 0 until max |TV − V| ≤ 1e-8; in a process of its own,
 * so that time and memory are its own.
 */

import { execFile } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { SoftPolicyIteration } from '../planning/softPolicyIteration.ts';
import type { Benchmark } from './benchmark.ts';
import { rewardedGrid } from './problems.ts';
import { cpuTime } from './stopwatch.ts';

const SIZES = [256, 512, 1024] as const;
const DISCOUNT = 0.99;
const TOLERANCE = 1e-8;
const THIS_FILE = fileURLToPath(import.meta.url);

/** What the process of its own prints. */
interface LargePlan {
  readonly transitions: number;
  readonly prepare: number;
  readonly plan: number;
  readonly steps: number;
  readonly residual: number;
  /** Largest resident set, bytes. */
  readonly memory: number;
}

export const large: Benchmark = {
  summary: 'A plan for a million states: time and memory',
  async run({ seed, progress }) {
    const rows: (string | number)[][] = [];
    let last: LargePlan | null = null;
    for (const size of SIZES) {
      progress(`large, ${size}² states`);
      const { stdout } = await promisify(execFile)(process.execPath, [
        THIS_FILE,
        String(size),
        String(seed),
      ]);
      last = JSON.parse(stdout) as LargePlan;
      rows.push([
        `${size}²`,
        last.transitions,
        (last.prepare / 1000).toFixed(2),
        (last.plan / 1000).toFixed(2),
        last.steps,
        last.residual.toExponential(1),
        (last.memory / 1e9).toFixed(2),
      ]);
    }
    const seconds = last && last.residual <= TOLERANCE ? last.plan / 1000 : Number.NaN;
    const head = ['states', 'transitions', 'prepare s', 'plan s', 'steps', 'residual', 'GB'];
    return {
      tables: [{ title: `Planning, γ = ${DISCOUNT}`, head, rows }],
      notes: ['prepare: the pattern of the collapsed matrix and the choice of its solver'],
      measured: {
        'large-time': last ? seconds + last.prepare / 1000 : Number.NaN,
        'large-memory': last ? last.memory / 1e9 : Number.NaN,
      },
    };
  },
};

function planOnce(size: number, seed: number): LargePlan {
  const { problem, reward } = rewardedGrid(size, DISCOUNT, seed);
  let planner: SoftPolicyIteration | undefined;
  const prepare = cpuTime(() => {
    planner = new SoftPolicyIteration(problem, { tolerance: TOLERANCE });
  });
  const plan = cpuTime(() => planner?.plan(reward));
  return {
    transitions: problem.mdp.nextState.length,
    prepare,
    plan,
    steps: planner?.steps ?? 0,
    residual: planner?.residualNorm ?? Number.NaN,
    memory: process.resourceUsage().maxRSS * 1024,
  };
}

const script = process.argv[1];
if (script !== undefined && realpathSync(script) === THIS_FILE)
  process.stdout.write(JSON.stringify(planOnce(Number(process.argv[2]), Number(process.argv[3]))));
