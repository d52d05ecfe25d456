/** The engine of our own kernels: no call costs more than its arithmetic. */

import { denseNetwork } from './denseNetwork.ts';
import { plainKernels } from './kernels/plainKernels.ts';
import { simdKernels } from './kernels/simdKernels.ts';
import type { Engine } from './network.ts';

/**
 * @param name `plain`: loops to read and to test against
 * @param megabytes room for all networks and batches; only what is used costs memory
 */
export function kernelEngine(name: 'kernels' | 'plain' = 'kernels', megabytes = 512): Engine {
  const kernels = name === 'kernels' ? simdKernels(megabytes) : plainKernels();
  return {
    name,
    array: (length) => kernels.take(length),
    network: (shape) => denseNetwork(kernels, shape),
    held: () => kernels.taken,
    release: () => kernels.release(),
    adam: (x, g, first, second, step) => kernels.adam(x, g, first, second, step),
    blend: (target, source, rate) => kernels.blend(target, source, rate),
  };
}
