/**
 * Seeks classes of demonstrators among trajectories and among all but one of their folds, as many as
 * wanted, one less and one more; what was found once is kept, also over an interruption.
 */

import { selectTrajectories } from '../mdp/trajectories.ts';
import { likelihoodMoments } from '../planning/moments.ts';
import type { FitOptions, FitProgress } from './algorithm.ts';
import { type ClassCount, classCount, mixtureLikelihood } from './classCounts.ts';
import { type Classes, classSpace } from './classSpace.ts';
import { createCriterion } from './createCriterion.ts';
import { feasibleRegion } from './feasibleRegion.ts';
import { type LinearFit, linearFit } from './linearFit.ts';
import { assignmentEntropy } from './memberships.ts';
import { type ClassRun, fitMixture, type MixtureFit } from './mixtureFit.ts';
import { parameterSpace } from './parameters.ts';
import type { Problem } from './problem.ts';
import { type SettledMixture, settleMixture } from './settleMixture.ts';

type Steps<Result> = Generator<FitProgress, Result>;

/** Ends of starts by number of classes and fold: what an interrupted fit goes on from. */
type Book = Record<string, ClassRun[]>;

/** Of the trajectories that count; remembers what it found. */
export class ClassSearch {
  readonly one: ReturnType<typeof parameterSpace>;
  readonly #problem: Problem;
  readonly #options: FitOptions & { readonly restarts: number };
  readonly #book: Book;
  readonly #known = new Map<number, { mixture: MixtureFit; settled: SettledMixture | null }>();

  constructor(problem: Problem, options: FitOptions & { readonly restarts: number }) {
    this.#problem = problem;
    this.#options = options;
    this.one = parameterSpace(problem.world.mdp, problem.features, problem.temperature, options);
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

export interface FoundClasses {
  readonly mixture: MixtureFit;
  readonly settled: SettledMixture;
}
