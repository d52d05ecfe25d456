import type { Moments } from '../planning/criterion.ts';
import type { FitOptions } from './algorithm.ts';
import type { ParameterSpace } from './parameters.ts';
import type { Problem } from './problem.ts';
export function feasibility(_p: Problem, _m: Moments) {
  return {
    findStart: (_s: ParameterSpace): Float64Array | null => null,
    explain: (_o: FitOptions): Record<string, unknown> => ({}),
  };
}
