/** The benchmarks by the names of their groups. One line each; loaded when asked for. */

import type { Benchmark } from './benchmark.ts';

export const benchmarks = {
  sweep: async () => (await import('./sweep.ts')).sweep,
  newton: async () => (await import('./newton.ts')).newton,
  visits: async () => (await import('./visits.ts')).visits,
  finite: async () => (await import('./finite.ts')).finite,
  fit: async () => (await import('./fit.ts')).fit,
  route: async () => (await import('./route.ts')).route,
  simulators: async () => (await import('./simulators.ts')).simulatorSteps,
  networks: async () => (await import('./networks.ts')).networks,
  large: async () => (await import('./large.ts')).large,
} satisfies Record<string, () => Promise<Benchmark>>;

export type BenchmarkName = keyof typeof benchmarks;

export const benchmarkNames = Object.keys(benchmarks) as [BenchmarkName, ...BenchmarkName[]];
