/**
 * Classes of demonstrators that want different things, each with a reward of its own, when nobody
 * says who is of which class.
 *
 *   log L = Σᵢ wᵢ log Σ_k share_k Π_t π_{θ_k}(aₜ | sₜ) − (λ/2) Σ θ²
 *
 * Everybody stays of one class for a whole trajectory. What is fixed or bounded is so in every
 * class; a start is where the fit of everybody begins, from which the classes are sought.
 *
 * References: Heckman & Singer (1984), Econometrica 52(2); Arcidiacono & Jones (2003), Econometrica
 * 71(3), for dynamic choices; Babeş-Vroman, Marivate, Subramanian & Littman (2011), ICML.
 */

import { selectTrajectories, type Trajectories } from '../mdp/trajectories.ts';
import { linearReward } from '../rewards/linearReward.ts';
import type { Algorithm, Fit, ParameterEstimate } from './algorithm.ts';
import { type ClassCount, mixtureLikelihood, preferredCounts } from './classCounts.ts';
import { ClassSearch, type FoundClasses } from './classSearch.ts';
import { type Classes, type ClassSpace, classSpace } from './classSpace.ts';
import { degenerateClasses, twinsOf } from './classWords.ts';
import type { LinearFit } from './linearFit.ts';
import { assignmentEntropy, memberships } from './memberships.ts';
import { mixtureChoices } from './mixtureChoices.ts';
import { SAME_PEAK } from './mixtureFit.ts';
import { decisionsPerTrajectory, type Problem } from './problem.ts';
import { createTrajectoryScores } from './trajectoryScores.ts';

const DEFAULT_CLASSES = 2;
const DEFAULT_RESTARTS = 6;

export const latentClasses: Algorithm = {
  name: 'latent-classes',
  summary: 'Classes of demonstrators, each with a reward of its own, and who belongs where',
  *fit(problem, options) {
    if (options.objective === 'feature-matching')
      throw new RangeError(
        'Cannot find classes by feature matching: who belongs where follows from the likelihood; leave out --objective',
      );
    const { classes: wanted = DEFAULT_CLASSES, restarts = DEFAULT_RESTARTS } = options;
    checkNumber('classes', wanted, 2);
    checkNumber('restarts', restarts, 1);
    const counted = countedPart(problem);
    const available = counted.trajectories.count;
    if (available < wanted)
      throw new RangeError(
        `Cannot find ${wanted} classes: only ${available} trajectories hold a decision and count`,
      );

    const search = new ClassSearch(counted, { ...options, restarts });
    const everybody = yield* search.everybody(counted);
    const space = classSpace(search.one, wanted);
    if (!everybody.theta || everybody.stop === 'unbounded') return withoutClasses(space, everybody);
    const found = yield* search.settled(wanted, everybody.theta);
    if (!found) throw new TypeError('Cannot find classes: the fit of everybody is infeasible here');
    const rows: ClassCount[] = [];
    if (options.classCheck !== false)
      for (const classes of [wanted - 1, wanted, wanted + 1])
        if (classes <= available) rows.push(yield* search.row(classes, everybody));
    return describe(problem, counted, space, found, rows);
  },
};

function checkNumber(name: string, value: number, least: number): void {
  if (!Number.isInteger(value) || value < least)
    throw new RangeError(
      `Cannot find classes: ${name} must be a whole number from ${least} on, got ${value}` +
        (name === 'classes' && value === 1 ? '; one class is what causal-entropy fits' : ''),
    );
}

/** The trajectories that say something. */
function countedPart(problem: Problem): Problem {
  const decisions = decisionsPerTrajectory(problem);
  const { weight } = problem.trajectories;
  return {
    ...problem,
    trajectories: selectTrajectories(
      problem.trajectories,
      (i) => decisions[i] > 0 && weight[i] > 0,
    ),
  };
}

/** A fit that ended before classes could be sought: with everybody in one. */
function withoutClasses(space: ClassSpace, everybody: LinearFit): Fit {
  const details: Record<string, unknown> = { objective: 'likelihood' };
  if (everybody.refusal) Object.assign(details, everybody.refusal);
  return {
    stop: everybody.stop,
    stopReason: `already with everybody in one class: ${everybody.stopReason ?? everybody.stop}`,
    logLikelihood: everybody.value,
    gradientNorm: everybody.gradientNorm,
    evaluations: everybody.evaluations,
    parameters: space.names.map((name) => ({ name, estimate: Number.NaN })),
    unidentified: [],
    unbounded: [...(everybody.identification?.unbounded ?? [])].flatMap((name) =>
      Array.from({ length: space.classCount }, (_, k) => `class ${k + 1}: ${name}`),
    ),
    freedom: space.free.length,
    information: null,
    details,
    arrays: {},
    predict: () => null,
    predictChoices: () => false,
  };
}

function describe(
  problem: Problem,
  counted: Problem,
  space: ClassSpace,
  { mixture, settled }: FoundClasses,
  rows: readonly ClassCount[],
): Fit {
  const { classes, stop, held } = settled;
  const odd = degenerateClasses(classes, space.one, settled.posterior, counted.trajectories.weight);
  const twins = twinsOf(classes, space.one);
  const everyone = posteriorOf(problem, classes);
  const { count, weight } = problem.trajectories;
  const estimates = [...classes.theta.flatMap((own) => [...own]), ...classes.share];
  const parameters = space.names.map((name, p): ParameterEstimate => {
    const estimate = estimates[p];
    const coordinate = space.free.indexOf(p);
    const features = space.one.names.length;
    const shares = p - space.classCount * features;
    // Where two classes coincide the likelihood has no quadratic shape to read errors off.
    const twin = twins[shares < 0 ? Math.floor(p / features) : shares];
    const unsure = twin === null ? {} : { unsure: twin };
    if (shares >= 0) return { name, estimate, isShare: true, ...unsure };
    if (coordinate < 0) return { name, estimate, held: 'fixed' };
    return held[coordinate]
      ? { name, estimate, held: 'at-bound', ...unsure }
      : { name, estimate, ...unsure };
  });
  const best = mixture.best?.value ?? null;
  const assigned = new Int32Array(space.classCount);
  const members = new Float64Array(space.classCount);
  for (let i = 0; i < count; i++) {
    const own = everyone.subarray(i * space.classCount, (i + 1) * space.classCount);
    assigned[own.indexOf(Math.max(...own))]++;
    own.forEach((rho, k) => {
      members[k] += weight[i] * rho;
    });
  }
  const details: Record<string, unknown> = {
    objective: 'likelihood',
    classes: Array.from(classes.share, (share, k) => ({
      class: k + 1,
      share,
      expectedTrajectories: members[k],
      likeliestOf: assigned[k],
    })),
    assignmentEntropy: assignmentEntropy(settled.posterior, counted.trajectories.weight),
    restarts: mixture.runs.map(
      ({ start, stop, logLikelihood, emIterations, newtonIterations }) => ({
        start,
        stop,
        logLikelihood,
        emIterations,
        newtonIterations,
      }),
    ),
    restartsAtBest: mixture.runs.filter(
      ({ value }) => value !== null && best !== null && best - value < SAME_PEAK,
    ).length,
    ...(odd.length > 0 ? { degenerate: odd } : {}),
    ...(rows.length > 0 ? { classCounts: rows, preferredClasses: preferredCounts(rows) } : {}),
  };
  const arrays: Record<string, Float64Array> = { posterior: everyone };
  classes.theta.forEach((own, k) => {
    const reward = new Float64Array(problem.world.mdp.pairCount);
    linearReward(problem.world.mdp, problem.features).evaluate(own, reward);
    arrays[`reward-class-${k + 1}`] = reward;
  });
  const isShare = new Set(space.names.slice(-space.classCount));
  return {
    stop,
    stopReason: settled.stopReason,
    logLikelihood: settled.logLikelihood,
    gradientNorm: settled.gradientNorm,
    evaluations: mixture.runs.reduce((sum, { evaluations }) => sum + evaluations, 0),
    parameters,
    unidentified: settled.unidentified,
    // A share that runs to 0 has a limit; it is the class that is none.
    unbounded: settled.unbounded.filter((name) => !isShare.has(name)),
    freedom: settled.freedom,
    information: settled.information,
    details,
    arrays,
    predict: (others: Trajectories) => mixtureLikelihood(problem, others, classes),
    predictChoices: (others, visit) =>
      mixtureChoices({ ...problem, trajectories: others }, classes, visit),
  };
}

/** [trajectories × classes] who belongs where; the shares where nothing was decided. */
function posteriorOf(problem: Problem, { theta, share }: Classes): Float64Array {
  const engine = createTrajectoryScores(problem, 'likelihoods');
  const logs = theta.map((own) => {
    engine.evaluate(own);
    return engine.logLikelihood.slice();
  });
  const posterior = new Float64Array(problem.trajectories.count * share.length);
  memberships(logs, share, posterior, new Float64Array(problem.trajectories.count));
  return posterior;
}
