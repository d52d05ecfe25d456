/**
 * Shares of outcomes, estimated from the recordings before any choice is looked at.
 *
 *   p̂_j = n_j / n          LL = Σⱼ n_j log p̂_j
 *
 * How sure they are: all but the last share that was seen vary freely,
 *
 *   scores of a trajectory    n_ij / p_j − n_iL / p_L
 *   information               n ( diag(1 / p) + 1 1ᵀ / p_L )
 */

/** What standard errors that count a first stage in need to know of it. */
export interface FirstStageSampling<Stage> {
  /** [free] estimates that vary freely. */
  readonly free: Float64Array;
  /** [free × free] minus the second derivatives of the first stage's log-likelihood. */
  readonly information: Float64Array;
  /** [trajectories × free] scores, in the order of the recorded trajectories. */
  readonly scores: Float64Array;
  /** The first stage, had it come to other estimates, [free]. */
  readonly at: (free: Float64Array) => Stage;
}

export interface SharesStage {
  /** [outcomes] how often each was seen. */
  readonly counts: readonly number[];
  /** [outcomes] */
  readonly probabilities: readonly number[];
  readonly logLikelihood: number;
  /** The same shares as named parameters. */
  readonly parameters: readonly { readonly name: string; readonly estimate: number }[];
  readonly sampling: FirstStageSampling<SharesStage>;
}

/**
 * @param countsOf [trajectories] of [outcomes] how often each was seen in each
 * @param nameOf the name of an outcome
 */
export function sharesStage(
  countsOf: readonly (readonly number[])[],
  nameOf: (outcome: number) => string,
): SharesStage {
  const outcomes = countsOf.reduce((most, counts) => Math.max(most, counts.length), 0);
  const counts = Array.from({ length: outcomes }, (_, j) =>
    countsOf.reduce((sum, own) => sum + (own[j] ?? 0), 0),
  );
  const total = counts.reduce((sum, n) => sum + n, 0);
  const seen = [...counts.keys()].filter((j) => counts[j] > 0);
  const loose = seen.slice(0, -1);
  const last = seen[seen.length - 1];

  const stageWith = (probabilities: readonly number[]): SharesStage => ({
    counts,
    probabilities,
    logLikelihood: seen.reduce((sum, j) => sum + counts[j] * Math.log(probabilities[j]), 0),
    parameters: probabilities.map((estimate, j) => ({ name: nameOf(j), estimate })),
    sampling: {
      free: Float64Array.from(loose, (j) => probabilities[j]),
      information: Float64Array.from(
        loose.flatMap((j) =>
          loose.map((k) => total / probabilities[last] + (j === k ? total / probabilities[j] : 0)),
        ),
      ),
      scores: Float64Array.from(
        countsOf.flatMap((own) =>
          loose.map(
            (j) => (own[j] ?? 0) / probabilities[j] - (own[last] ?? 0) / probabilities[last],
          ),
        ),
      ),
      at: (free) => {
        const moved = [...probabilities];
        loose.forEach((j, i) => {
          moved[j] = free[i];
        });
        moved[last] = 1 - free.reduce((sum, p) => sum + p, 0);
        return stageWith(moved);
      },
    },
  });
  return stageWith(counts.map((n) => n / total));
}
