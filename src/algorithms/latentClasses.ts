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
import { likelihoodMoments } from '../planning/moments.ts';
import { linearReward } from '../rewards/linearReward.ts';
import type {
  Algorithm,
  Fit,
  FitOptions,
  FitProgress,
  ParameterEstimate,
} from './algorithm.ts';
import { type ClassCount, classCount, mixtureLikelihood, preferredCounts } from './classCounts.ts';
import { type Classes, type ClassSpace, classSpace } from './classSpace.ts';
import { degenerateClasses } from './classWords.ts';
import { createCriterion } from './createCriterion.ts';
import { feasibleRegion } from './feasibleRegion.ts';
import { type LinearFit, linearFit } from './linearFit.ts';
import { assignmentEntropy, memberships } from './memberships.ts';
import { mixtureChoices } from './mixtureChoices.ts';
import { type ClassRun, fitMixture, type MixtureFit, SAME_PEAK } from './mixtureFit.ts';
import { parameterSpace } from './parameters.ts';
import { decisionsPerTrajectory, type Problem } from './problem.ts';
import { type SettledMixture, settleMixture } from './settleMixture.ts';
import { createTrajectoryScores } from './trajectoryScores.ts';

export const DEFAULT_CLASSES = 2;
export const DEFAULT_RESTARTS = 6;

type Steps<Result> = Generator<FitProgress, Result>;

/** Ends of starts by number of classes and fold: what an interrupted fit goes on from. */
type Book = Record<string, ClassRun[]>;

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

/** Fits numbers of classes to the trajectories and their folds; each one once. */
class ClassSearch {
  readonly one: ReturnType<typeof parameterSpace>;
  readonly #problem: Problem;
  readonly #options: FitOptions & { readonly restarts: number };
  readonly #book: Book;
  readonly #known = new Map<number, { mixture: MixtureFit; settled: SettledMixture | null }>();

  constructor(problem: Problem, options: FitOptions & { readonly restarts: number }) {
    this.#problem = problem;
    this.#options = options;
    this.one = parameterSpace(problem.world.mdp, problem.features, options);
    this.#book = { ...((options.resume?.book as Book | undefined) ?? {}) };
  }

  /** The fit of a single class; it is quick, and an interrupted one begins again. */
  *everybody(part: Problem): Steps<LinearFit> {
    const { world, goals, trajectories, time } = part;
    const moments = likelihoodMoments(world.mdp, goals, trajectories, time);
    const region = time.kind === 'undiscounted' ? feasibleRegion(part, moments) : null;
    const { resume: _, ...options } = this.#options;
    const steps = linearFit(part, createCriterion(part, moments), options, region);
    let next = steps.next();
    for (; !next.done; next = steps.next()) yield this.#keeping(next.value);
    return next.value;
  }

  /** The best mixture found of all trajectories, looked at closely; null where all starts failed. */
  *settled(classes: number, theta: Float64Array): Steps<FoundClasses | null> {
    let known = this.#known.get(classes);
    if (!known) {
      const mixture = yield* this.#mixture(this.#problem, classes, theta, 'all', 1);
      const space = classSpace(this.one, classes);
      const settled =
        mixture.best && settleMixture(this.#problem, space, mixture.best, this.#options);
      known = { mixture, settled };
      this.#known.set(classes, known);
    }
    const { mixture, settled } = known;
    return settled && { mixture, settled };
  }

  *row(classes: number, everybody: LinearFit): Steps<ClassCount> {
    const penalised = (this.#options.l2 ?? 0) > 0;
    const heldOut = yield* this.#heldOut(classes);
    if (classes === 1)
      return classCount(
        {
          classes,
          stop: everybody.stop,
          logLikelihood: everybody.value,
          freeParameters: everybody.freedom,
          entropy: null,
          heldOut,
        },
        this.#problem,
        penalised,
      );
    const theta = everybody.theta ?? this.one.start;
    const found = yield* this.settled(classes, theta);
    return classCount(
      {
        classes,
        stop: found?.settled.stop ?? 'infeasible',
        logLikelihood: found?.settled.logLikelihood ?? null,
        freeParameters: found?.settled.freedom ?? 0,
        entropy:
          found && assignmentEntropy(found.settled.posterior, this.#problem.trajectories.weight),
        heldOut,
      },
      this.#problem,
      penalised,
    );
  }

  /** Log-likelihood of every fold as predicted without it, or why there is none. */
  *#heldOut(classes: number): Steps<number | string> {
    const { trajectories } = this.#problem;
    const { folds } = trajectories;
    const names = [...new Set(folds ?? [])];
    if (!folds || names.length < 2) return 'the trajectories have no folds';
    let total = 0;
    for (const name of names) {
      const select = (keep: (fold: string) => boolean): Problem => ({
        ...this.#problem,
        trajectories: selectTrajectories(trajectories, (i) => keep(folds[i])),
      });
      const train = select((fold) => fold !== name);
      const test = select((fold) => fold === name);
      if (train.trajectories.count < classes)
        return `fewer trajectories than classes are left without fold "${name}"`;
      const everybody = yield* this.everybody(train);
      if (!everybody.theta) return `no reward is feasible without fold "${name}"`;
      let found: Classes = { theta: [everybody.theta], share: Float64Array.of(1) };
      if (classes > 1) {
        const mixture = yield* this.#mixture(train, classes, everybody.theta, `fold ${name}`, 2);
        if (!mixture.best) return `no classes were found without fold "${name}"`;
        found = classSpace(this.one, classes).classesAt(Float64Array.from(mixture.best.x));
      }
      const predicted = mixtureLikelihood(test, test.trajectories, found);
      if (predicted === null || !Number.isFinite(predicted))
        return `what fold "${name}" shows is impossible, or has no finite value, without it`;
      total += predicted;
    }
    return total;
  }

  *#mixture(
    part: Problem,
    classes: number,
    theta: Float64Array,
    of: string,
    fewer: number,
  ): Steps<MixtureFit> {
    const key = `${classes} classes, ${of}`;
    const steps = fitMixture(
      part,
      classSpace(this.one, classes),
      theta,
      { ...this.#options, restarts: Math.ceil(this.#options.restarts / fewer), stream: key },
      this.#book[key] ?? [],
      (run) => {
        this.#book[key] = [...(this.#book[key] ?? []), run];
      },
    );
    let next = steps.next();
    for (; !next.done; next = steps.next()) yield this.#keeping(next.value);
    return next.value;
  }

  #keeping(progress: Omit<FitProgress, 'checkpoint'>): FitProgress {
    return { ...progress, checkpoint: { book: { ...this.#book } } };
  }
}

interface FoundClasses {
  readonly mixture: MixtureFit;
  readonly settled: SettledMixture;
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
  const everyone = posteriorOf(problem, classes);
  const { count, weight } = problem.trajectories;
  const estimates = [...classes.theta.flatMap((own) => [...own]), ...classes.share];
  const parameters = space.names.map((name, p): ParameterEstimate => {
    const estimate = estimates[p];
    const coordinate = space.free.indexOf(p);
    if (p >= space.classCount * space.one.names.length) return { name, estimate };
    if (coordinate < 0) return { name, estimate, held: 'fixed' };
    return held[coordinate] ? { name, estimate, held: 'at-bound' } : { name, estimate };
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
