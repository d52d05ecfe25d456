/** Where the networks of a fit run. */

import type { Engine } from '../networks/network.ts';
import { openEngine } from '../networks/openEngine.ts';
import type { Algorithm, FitOptions } from './algorithm.ts';

/**
 * Opens the engine for a fit: chosen by its widest layer, or as `REVEALED_BACKEND` says. Null where
 * the fit has no network. To be released by who opened it.
 */
export async function fitEngine(algorithm: Algorithm, options: FitOptions): Promise<Engine | null> {
  const widest = algorithm.widestLayer?.(options) ?? null;
  return widest === null ? null : (await openEngine(widest)).engine;
}
