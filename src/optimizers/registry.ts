/** The minimisers by name. Each is loaded when it is asked for. */

import type { Minimizer } from './minimizer.ts';

export const minimizers = {
  lbfgs: async () => (await import('./lbfgs.ts')).lbfgs,
  newton: async () => (await import('./trustRegionNewton.ts')).trustRegionNewton,
  'gradient-descent': async () => (await import('./gradientDescent.ts')).gradientDescent,
  'exponentiated-gradient': async () =>
    (await import('./exponentiatedGradient.ts')).exponentiatedGradient,
  adam: async () => (await import('./adam.ts')).adam,
} satisfies Record<string, () => Promise<Minimizer>>;

export type MinimizerName = keyof typeof minimizers;

/** Whether a text names a minimiser. */
export function isMinimizerName(name: string): name is MinimizerName {
  return Object.hasOwn(minimizers, name);
}
