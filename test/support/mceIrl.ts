/** The stored cases of maximum causal entropy IRL, and what is needed to ask the library the same. */

import type { FeatureMatrix } from '../../src/features/featureMatrix.ts';
import type { Mdp } from '../../src/mdp/mdp.ts';
import type { Trajectories } from '../../src/mdp/trajectories.ts';
import { type Nested, readReference } from './references.ts';

interface StoredDemo {
  readonly stateActions: readonly (readonly [number, number])[];
  readonly finalState: number;
}

interface StoredCase {
  readonly name: string;
  readonly gamma: number;
  readonly p0: readonly number[];
  readonly P: readonly (readonly (readonly number[])[])[];
  /** [states][actions][features] */
  readonly features: readonly (readonly (readonly number[])[])[];
  readonly thetaTrue: readonly number[];
  readonly demos: readonly StoredDemo[];
  readonly populationMLE: { readonly theta: readonly number[] };
}

type Stored<Names extends string> = { readonly [name in Names]: Nested };

interface StoredFinite extends StoredCase, Stored<'empiricalInitial'> {
  readonly T: number;
  readonly expertFeatureExpectation: Nested;
  readonly empiricalFeatureExpectation: Nested;
  readonly sampleDualMLE: { readonly theta: readonly number[]; readonly dual: number };
  readonly evaluations: readonly (Stored<
    | 'reward'
    | 'V'
    | 'expectedFeatures'
    | 'sampleLL'
    | 'sampleLLunweighted'
    | 'gradSampleLL'
    | 'gradSampleLL_FD'
    | 'gradSampleLLunweighted'
    | 'dual'
    | 'gradDual'
    | 'gradDual_FD'
    | 'hessDual'
    | 'hessDual_FD'
    | 'populationLL'
    | 'gradPopulationLL'
    | 'gradPopulationLL_FD'
    | 'hessPopulationLL'
  > & {
    readonly theta: readonly number[];
    readonly Q: readonly Nested[];
    readonly policy: readonly Nested[];
    readonly stateOccupancy: readonly Nested[];
  })[];
}

interface StoredDiscounted extends StoredCase {
  readonly expertDiscountedFeatures: Nested;
  readonly expertDiscountedStateVisitation: Nested;
  readonly evaluations: readonly (Stored<
    | 'V'
    | 'Q'
    | 'policy'
    | 'expectedDiscountedFeatures'
    | 'populationLL'
    | 'gradPopulationLL'
    | 'gradPopulationLL_FD'
    | 'hessPopulationLL'
    | 'hess_FD'
    | 'sampleLLunweighted'
    | 'gradSampleLLunweighted'
    | 'gradSampleLL_FD'
  > & { readonly theta: readonly number[] })[];
}

export interface MceIrl {
  readonly finiteHorizon: readonly StoredFinite[];
  readonly discounted: readonly StoredDiscounted[];
  readonly adversarialIdentities: Stored<
    'reward' | 'softQ' | 'softV' | 'expertPolicy' | 'rhoExpert' | 'rhoUniform'
  > & {
    readonly gamma: number;
    readonly sqil: Stored<'softQ' | 'softV' | 'policy'>;
  };
}

export function readMceIrl(): MceIrl {
  return readReference<MceIrl>('mce_irl');
}

/** Features per pair, in the order of the pairs. */
export function featuresOf(nested: StoredCase['features']): FeatureMatrix {
  return {
    names: nested[0][0].map((_, k) => `f${k}`),
    per: 'pair',
    values: Float64Array.from(nested.flat(2)),
  };
}

/** The states that a start distribution can draw. */
export function startsOf(initial: readonly number[]): Int32Array {
  return Int32Array.from(initial.flatMap((p, s) => (p > 0 ? [s] : [])));
}

/** Stored demonstrations as trajectories, the state reached last included. */
export function demonstrations(mdp: Mdp, demos: readonly StoredDemo[]): Trajectories {
  const rowStart = new Int32Array(demos.length + 1);
  demos.forEach(({ stateActions }, i) => {
    rowStart[i + 1] = rowStart[i] + stateActions.length + 1;
  });
  return {
    count: demos.length,
    rowStart,
    state: Int32Array.from(
      demos.flatMap(({ stateActions, finalState }) => [
        ...stateActions.map(([state]) => state),
        finalState,
      ]),
    ),
    pair: Int32Array.from(
      demos.flatMap(({ stateActions }) => [
        ...stateActions.map(([state, action]) => mdp.pairStart[state] + action),
        -1,
      ]),
    ),
    goal: new Int32Array(demos.length).fill(-1),
    weight: new Float64Array(demos.length).fill(1),
    stopped: new Uint8Array(demos.length),
    names: demos.map((_, i) => `demo ${i}`),
    folds: null,
  };
}
