/** What the result says of a fit from samples: gaps with their errors, and what it took. */

import type { UnidentifiedDirection } from '../algorithm.ts';
import type { ParameterSpace } from '../parameters.ts';
import type { Problem } from '../problem.ts';
import type { SampledLoopEnd } from './sampledLoop.ts';
import type { SampledSettings } from './sampledOptions.ts';
import type { SampledPlanner } from './sampledPlanner.ts';

interface LoopRun {
  readonly end: SampledLoopEnd;
  readonly space: ParameterSpace;
  readonly settings: SampledSettings;
  readonly planner: SampledPlanner;
}

/** What is reported beside the usual keys, and the parameters that no rollout said anything about. */
export function samplingDetails(
  { features: { names } }: Problem,
  { end, space, settings, planner }: LoopRun,
): { unseen: UnidentifiedDirection[]; details: Record<string, unknown> } {
  const { free } = space;
  const { gap, thetaError, outerProductError } = end;
  const orNull = (x: number): number | null => (Number.isFinite(x) ? x : null);
  return {
    unseen: end.flat.map((vector) =>
      flatDirection(
        vector,
        Array.from(free, (k) => names[k]),
      ),
    ),
    details: {
      sampling: {
        planner: settings.planner,
        ...(planner.engine ? { engine: planner.engine } : {}),
        entropy: settings.entropy,
        rounds: end.rounds,
        simulatedSteps: planner.steps(),
        ...(planner.replay ? { replayedSteps: planner.replay.remembered() } : {}),
        ownLogLikelihood: orNull(end.ownLogLikelihood),
        gaps: Array.from(free, (k, i) => ({
          name: names[k],
          gap: gap.value[i],
          error: gap.error[i],
          monteCarloError: orNull(thetaError[i]),
          outerProductError: orNull(outerProductError[i]),
          ...(Number.isFinite(thetaError[i]) && Number.isFinite(outerProductError[i])
            ? {}
            : {
                reasons: gap.isHeld[i]
                  ? { outerProductError: HELD }
                  : { monteCarloError: OPEN, outerProductError: OPEN },
              }),
        })),
      },
    },
  };
}

const OPEN = 'it takes part in a direction along which rollouts show no change of any decision';

const HELD = 'a bound holds it';

/** Coefficients below this share of the largest are left out of a direction. */
const SMALL = 0.02;

function flatDirection(vector: Float64Array, names: readonly string[]): UnidentifiedDirection {
  const parts = mainParts(vector, names);
  const listed = parts.map(([name]) => `"${name}"`).join(', ');
  return {
    direction: Object.fromEntries(parts),
    words:
      parts.length === 1
        ? `rollouts do not show that ${listed} changes any decision`
        : `rollouts do not show that a change of ${listed} together, in this ratio, changes any decision`,
  };
}

/** The coefficients of a direction, the largest being 1; small ones left out. */
function mainParts(vector: Float64Array, names: readonly string[]): [string, number][] {
  const largest = vector.reduce((most, v) => (Math.abs(v) > Math.abs(most) ? v : most), 0);
  return names.flatMap((name, i): [string, number][] =>
    Math.abs(vector[i] / largest) > SMALL ? [[name, vector[i] / largest]] : [],
  );
}

/** Why the loop stopped; null where it converged. */
export function sampledEndWords(
  { features: { names } }: Problem,
  { end, space, planner }: LoopRun,
): string | null {
  const { stop, gap, rounds, check } = end;
  if (stop === 'converged') return null;
  const named = (indices: readonly number[]): string =>
    indices.map((i) => `"${names[space.free[i]]}"`).join(', ');
  const all = Array.from(space.free.keys());
  const worst = gap.error.reduce((most, e) => Math.max(most, e), 0);
  if (stop === 'matched-within-error')
    return `every feature's gap is within its error: at most ${gap.largest.toExponential(1)} per decision, measured to ${worst.toExponential(1)}`;
  const after = `after ${rounds} ${rounds === 1 ? 'round' : 'rounds'}`;
  const open = all.filter(
    (i) => !gap.isHeld[i] && Math.abs(gap.value[i]) > gap.within * gap.error[i],
  );
  if (open.length > 0)
    return `${after} what is expected of ${named(open)} still differs from what was demonstrated, by up to ${gap.largest.toExponential(1)} per decision; more rounds (--rounds) or more learning (--learning-steps) bring it closer`;
  if (check && check.lacking > 1) {
    const x = check.weakest.map((v, i) => v / space.spread[i]);
    const parts = mainParts(
      x,
      Array.from(space.free, (k) => names[k]),
    );
    const most = parts.map(([name]) => `"${name}"`).join(', ');
    return `${after} luck in the ${planner.replay?.remembered()} simulated steps that were kept still moves ${most} too much; ${Math.ceil(check.lacking)} times as many are wanted: more learning (--learning-steps), or a coarser --precision`;
  }
  if (check) return `${after} the estimates still move; more rounds (--rounds) let them settle`;
  const vague = all.filter((i) => !gap.isHeld[i] && gap.error[i] > gap.wanted[i]);
  return `the gap of ${named(vague)} is within its error, but that is ${worst.toExponential(1)}, too large to say much; more rollouts (--rollouts) and more learning (--learning-steps) sharpen it`;
}
