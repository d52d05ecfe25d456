/**
 * Which engine networks run on. Up to 256 wide our own kernels are faster than any backend of
 * TensorFlow.js; beyond that its native one is, where it loads. `REVEALED_BACKEND` overrides.
 */

import { kernelEngine } from './kernelEngine.ts';
import type { Engine, EngineName } from './network.ts';

/** Hidden layers wider than this go to the native backend, if there is one. */
const WIDEST_FOR_KERNELS = 256;

export const engineNames: readonly EngineName[] = ['kernels', 'plain', 'tensorflow', 'wasm', 'cpu'];

export interface OpenedEngine {
  readonly engine: Engine;
  /** Why this one, in a clause. */
  readonly reason: string;
}

/**
 * @param widest width of the widest hidden layer
 * @param wanted an engine by name; by default what `REVEALED_BACKEND` says
 * @throws RangeError for a name that is none, Error where the one asked for does not load
 */
export async function openEngine(
  widest: number,
  wanted: string | undefined = process.env.REVEALED_BACKEND || undefined,
): Promise<OpenedEngine> {
  if (wanted !== undefined) {
    if (!(engineNames as readonly string[]).includes(wanted))
      throw new RangeError(
        `Cannot run networks on "${wanted}": the engines are ${engineNames.join(', ')}`,
      );
    return { engine: await engineNamed(wanted as EngineName), reason: 'asked for' };
  }
  if (widest > WIDEST_FOR_KERNELS) {
    const why = `layers are wider than ${WIDEST_FOR_KERNELS}`;
    try {
      return { engine: await engineNamed('tensorflow'), reason: why };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return { ...ownEngine(), reason: `${why}, but: ${reason}` };
    }
  }
  return ownEngine();
}

function ownEngine(): OpenedEngine {
  const reason = `no layer is wider than ${WIDEST_FOR_KERNELS}`;
  try {
    return { engine: kernelEngine('kernels'), reason };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { engine: kernelEngine('plain'), reason: `the SIMD kernels do not load: ${why}` };
  }
}

/**
 * An engine without waiting for any to load: our own.
 *
 * @param wanted what `REVEALED_BACKEND` says, by default
 * @throws RangeError where it names one that has to be loaded first
 */
export function engineAtOnce(
  wanted: string | undefined = process.env.REVEALED_BACKEND || undefined,
): Engine {
  if (wanted === undefined) return ownEngine().engine;
  if (wanted === 'kernels' || wanted === 'plain') return kernelEngine(wanted);
  throw new RangeError(
    `Cannot run networks on "${wanted}" at once: it has to be loaded first; give the engine that openEngine opens`,
  );
}

export async function engineNamed(name: EngineName): Promise<Engine> {
  if (name === 'kernels' || name === 'plain') return kernelEngine(name);
  const { tensorflowEngine } = await import('./tensorflow/tensorflowEngine.ts');
  return tensorflowEngine(name);
}
