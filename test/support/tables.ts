/**
 * The plain tables that `revealed fit` reads, already parsed, and the flags that go with them.
 *
 * The dense solver reads these, the random problems are made of these, and `writeTables` writes
 * these, so that the file format is the only thing between the referee and the command line.
 */

export interface TransitionRow {
  readonly state: string;
  /** Absent from every row where a move is named by its next state. */
  readonly action?: string;
  readonly nextState: string;
  /** 1 where absent. */
  readonly probability?: number;
}

export interface FeatureRow {
  readonly state: string;
  /** Absent from every row of a table of state features. */
  readonly action?: string;
  /** Present in every row of a table of transition features. */
  readonly nextState?: string;
  /** [features] */
  readonly values: readonly number[];
}

export interface TrajectoryRow {
  readonly trajectory: string;
  readonly step: number;
  readonly state: string;
  /** '' in a last row: the state reached. Absent from every row of a path on a graph. */
  readonly action?: string;
  readonly goal?: string;
  readonly weight?: number;
  readonly fold?: string;
}

interface ExitRow {
  readonly goal: string;
  readonly state: string;
  /** 0 where absent. */
  readonly reward?: number;
}

interface InitialRow {
  readonly state: string;
  readonly probability: number;
}

export interface Tables {
  readonly transitions: readonly TransitionRow[];
  readonly features: { readonly names: readonly string[]; readonly rows: readonly FeatureRow[] };
  readonly trajectories: readonly TrajectoryRow[];
  readonly exits?: readonly ExitRow[];
  readonly initial?: readonly InitialRow[];
}

/** What the flags of `revealed fit` say about the model and the objective. */
export interface FitSettings {
  /** γ; 1 where absent. */
  readonly discount?: number;
  /** T, the number of decisions; infinite where absent. */
  readonly horizon?: number;
  /** τ; 1 where absent. */
  readonly temperature?: number;
  readonly objective?: 'likelihood' | 'feature-matching';
  /** λ in objective − (λ / 2) ‖θ‖²; 0 where absent. */
  readonly l2?: number;
  /** Parameters that stay at a given value. */
  readonly fixed?: ReadonlyMap<string, number>;
}
