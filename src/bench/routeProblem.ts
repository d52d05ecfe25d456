/** The Borlänge trips as a problem, or null where the data are not at hand. */

import type { Problem } from '../algorithms/problem.ts';
import { borlange } from '../demonstrations/recorded/borlange.ts';
import { findDataFile } from '../demonstrations/recorded/dataHome.ts';
import type { Moments } from '../planning/criterion.ts';
import { likelihoodMoments } from '../planning/moments.ts';

export interface RouteProblem extends Problem {
  readonly moments: Moments;
}

export async function borlangeProblem(): Promise<RouteProblem | null> {
  if (findDataFile('borlange', 'trips.csv') === null) return null;
  const { world, features, goals, trajectories } = await borlange();
  const time = { kind: 'undiscounted' } as const;
  const moments = likelihoodMoments(world.mdp, goals, trajectories, time);
  return { world, features, goals, trajectories, time, initial: null, temperature: 1, moments };
}
