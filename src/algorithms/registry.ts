/** The methods, by the names that users write. One line each; loaded when asked for. */

import type { Algorithm } from './algorithm.ts';

export const algorithms = {
  'causal-entropy': async () => (await import('./causalEntropy.ts')).causalEntropy,
  'causal-entropy-loop': async () => (await import('./causalEntropyLoop.ts')).causalEntropyLoop,
  'causal-entropy-simulator': async () =>
    (await import('./sampled/causalEntropySampled.ts')).causalEntropySimulator,
  'causal-entropy-log': async () =>
    (await import('./sampled/causalEntropyLog.ts')).causalEntropyLog,
  'max-entropy': async () => (await import('./maxEntropy.ts')).maxEntropy,
  'causal-entropy-network': async () =>
    (await import('./network/causalEntropyNetwork.ts')).causalEntropyNetwork,
  'latent-classes': async () => (await import('./latentClasses.ts')).latentClasses,
  'behavior-cloning': async () => (await import('./behaviorCloning.ts')).behaviorCloning,
  'behavior-cloning-features': async () => (await import('./conditionalLogit.ts')).conditionalLogit,
  'behavior-cloning-per-goal': async () =>
    (await import('./behaviorCloning.ts')).behaviorCloningPerGoal,
  'behavior-cloning-network': async () =>
    (await import('./network/cloningNetwork.ts')).cloningNetwork,
} satisfies Record<string, () => Promise<Algorithm>>;

export type MethodName = keyof typeof algorithms;

export const methodNames = Object.keys(algorithms) as [MethodName, ...MethodName[]];
