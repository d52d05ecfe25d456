/**
 * How long does a whole fit take, and which minimiser is quicker? Demonstrations on slip grids of
 * 32² and 128² states with 10 overlapping bumps as features, γ = 0.99, until the score per
 * decision (features at unit spread) is below 1e-8.
 */

import { finish } from '../algorithms/algorithm.ts';
import { causalEntropy } from '../algorithms/causalEntropy.ts';
import type { Problem } from '../algorithms/problem.ts';
import { lbfgs } from '../optimizers/lbfgs.ts';
import type { Minimizer } from '../optimizers/minimizer.ts';
import { trustRegionNewton } from '../optimizers/trustRegionNewton.ts';
import type { Benchmark } from './benchmark.ts';
import type { GoalName, Measured } from './goals.ts';
import { wanderers } from './problems.ts';
import { cpuTime, leastOf } from './stopwatch.ts';

const TOLERANCE = 1e-8;
const SIZES = [
  { size: 32, count: 1000, rounds: 5 },
  { size: 128, count: 5000, rounds: 2 },
];

/** What came out of a fit, and how much work it was. */
interface Outcome {
  readonly stop: string;
  readonly iterations: number;
  readonly evaluations: number;
  readonly logLikelihood: number;
  readonly score: number;
}

export const fit: Benchmark = {
  summary: 'Whole fits: the default, Newton and L-BFGS',
  async run({ seed, progress }) {
    const rows: (string | number)[][] = [];
    const measured: Partial<Record<GoalName, Measured>> = {};
    for (const { size, count, rounds } of SIZES) {
      progress(`fit, ${size}² states`);
      const problem = wanderers({ size, features: 10, count, discount: 0.99, seed });
      const outcomes: Partial<Record<string, Outcome>> = {};
      const variant = (name: string, optimizer?: Minimizer) => () =>
        cpuTime(() => {
          outcomes[name] = runFit(problem, optimizer);
        });
      const least = await leastOf(
        {
          default: variant('default'),
          newton: variant('newton', trustRegionNewton),
          lbfgs: variant('lbfgs', lbfgs),
        },
        rounds,
      );
      for (const [name, outcome] of Object.entries(outcomes)) {
        if (!outcome) continue;
        rows.push([
          `${size}²`,
          name,
          outcome.iterations,
          outcome.evaluations,
          (least[name as keyof typeof least] / 1000).toFixed(3),
          outcome.stop,
          outcome.score.toExponential(1),
          outcome.logLikelihood.toFixed(6),
        ]);
      }
      const whole = outcomes.default?.stop === 'converged' ? least.default / 1000 : Number.NaN;
      if (size === 32) measured['fit-32'] = whole;
      else {
        const converged = outcomes.newton?.stop === 'converged';
        measured['fit-128'] = whole;
        measured['fit-newton'] = converged ? least.lbfgs / least.newton : Number.NaN;
        measured['fit-iterations'] = converged ? (outcomes.newton?.iterations ?? 0) : Number.NaN;
      }
    }
    const head = ['states', 'minimiser', 'iterations', 'evaluations', 's', 'stop', 'score', 'LL'];
    return { tables: [{ title: 'Whole fits, 10 features', head, rows }], notes: [], measured };
  },
};

function runFit(problem: Problem, optimizer?: Minimizer): Outcome {
  let iterations = 0;
  const options = { tolerance: TOLERANCE, ...(optimizer ? { optimizer } : {}) };
  const result = finish(causalEntropy.fit(problem, options), ({ iteration }) => {
    iterations = iteration;
  });
  return {
    stop: result.stop,
    iterations,
    evaluations: result.evaluations,
    logLikelihood: result.logLikelihood ?? Number.NaN,
    score: result.gradientNorm ?? Number.NaN,
  };
}
