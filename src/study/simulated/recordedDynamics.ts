/**
 * Whether a world goes where recorded steps went: every recorded state is begun in, the recorded action
 * taken, and what is seen then compared with what was recorded. A world with other physics, or actions
 * in another order, shows here before anything is fitted in it.
 */

import type { SimulatedProblem } from '../../algorithms/simulated/simulatedProblem.ts';
import type { Simulator } from '../../environments/simulator.ts';
import type { AnySimulator } from '../../environments/simulators.ts';

/** So many steps are tried, evenly over all. */
const MOST = 500;
/** A step went elsewhere where it is off by more than this share of the way, in some coordinate. */
const OFF = 0.02;
/** What single precision leaves of a number. */
const ROUNDING = 1e-5;

/** Returns what a user should know; nothing where the world does as recorded, or that cannot be tried. */
export function dynamicsWarnings(problem: SimulatedProblem, world: AnySimulator): string[] {
  const { demonstrations, which = [], stateOf } = problem;
  if (!stateOf) return [];
  const { stepStart, observationStart, observationWidth: width, observations } = demonstrations;
  const { actions, actionWidth } = demonstrations;
  const steps = which.flatMap((e) =>
    Array.from({ length: stepStart[e + 1] - stepStart[e] }, (_, t) => [e, t] as const),
  );
  const every = Math.max(1, Math.floor(steps.length / MOST));
  let [tried, elsewhere] = [0, 0];
  let off = 0;
  for (let i = 0; i < steps.length; i += every) {
    const [e, t] = steps[i];
    const from = (observationStart[e] + t) * width;
    const seen = observations.subarray(from, from + width);
    const next = observations.subarray(from + width, from + 2 * width);
    const at = (stepStart[e] + t) * actionWidth;
    try {
      world.startAt(stateOf(seen));
      takeIn(world, actions.slice(at, at + actionWidth));
    } catch {
      // it begins only where episodes do
      return [];
    }
    tried++;
    const shares = Array.from(next, (x, j) => {
      const difference = Math.abs(world.observation[j] - x) - ROUNDING * (1 + Math.abs(x));
      return difference <= 0 ? 0 : difference / Math.max(Math.abs(x - seen[j]), ROUNDING);
    });
    const share = Math.max(...shares);
    off = Math.max(off, share);
    if (share > OFF) elsewhere++;
  }
  if (elsewhere === 0) return [];
  return [
    `in ${elsewhere} of ${tried} recorded steps that were tried the world goes elsewhere than was recorded, at most by ${off.toPrecision(2)} times the way: its steps are random, or it is not the world of the recording`,
  ];
}

function takeIn(world: AnySimulator, action: Float64Array): void {
  if (world.actions.kind === 'discrete') (world as Simulator<number>).step(action[0]);
  else (world as Simulator<Float64Array>).step(action);
}
