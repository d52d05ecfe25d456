/** The machine that numbers were taken on, and how busy it was. */

import { cpus, loadavg } from 'node:os';
import { cpuTime, leastOf } from './stopwatch.ts';

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly node: string;
  /** Mean number of running processes over the last minute, before the benchmark. */
  readonly load: number;
  /** Memory bandwidth of a[i] = b[i] + s · c[i] in plain JavaScript, GB/s. */
  readonly triad: number;
}

/** Numbers per array of the triad: three arrays are far larger than any cache. */
const LENGTH = 2 ** 23;

export async function describeMachine(): Promise<Machine> {
  const processors = cpus();
  const load = loadavg()[0];
  const [a, b, c] = [1, 2, 3].map((value) => new Float64Array(LENGTH).fill(value));
  const { triad } = await leastOf({ triad: () => cpuTime(() => addScaled(b, c, 3, a)) }, 7);
  return {
    cpu: processors[0]?.model ?? 'unknown',
    cores: processors.length,
    node: process.version,
    load,
    triad: (3 * 8 * LENGTH) / (triad * 1e6),
  };
}

/** Writes `out = x + scale · y`. */
function addScaled(x: Float64Array, y: Float64Array, scale: number, out: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = x[i] + scale * y[i];
}
