/**
 * Recorded behaviour in the coordinates of a world: which state, which pair was chosen, step after
 * step, all trajectories one after another.
 */
export interface Trajectories {
  readonly count: number;
  /** [count + 1] first row of each trajectory. */
  readonly rowStart: Int32Array;
  /** [rows] state at each row. */
  readonly state: Int32Array;
  /** [rows] the pair chosen there; −1 where nothing was chosen (a last state, only reached). */
  readonly pair: Int32Array;
  /** [count] index of the goal; −1 where trajectories have none. */
  readonly goal: Int32Array;
  /** [count] multiplies the trajectory's likelihood, ≥ 0. */
  readonly weight: Float64Array;
  /** [count] 1 where the last row's state is left by the exit to the goal: a decision too. */
  readonly stopped: Uint8Array;
  /** [count] */
  readonly names: readonly string[];
  /** [count] the fold each belongs to, or null where the data have none. */
  readonly folds: readonly string[] | null;
  /**
   * [count] how many decisions each stands for, where decisions were counted and not followed: each
   * is then one row, and its weight is that number. Nothing says which of them belong together.
   */
  readonly times?: Float64Array | undefined;
  /** [count] whose each is; absent where nothing says that two are of the same person. */
  readonly persons?: readonly string[] | undefined;
}

/** Returns the trajectories that `keep` accepts, in the same order. */
export function selectTrajectories(
  all: Trajectories,
  keep: (trajectory: number) => boolean,
): Trajectories {
  return pickTrajectories(all, Array.from({ length: all.count }, (_, i) => i).filter(keep));
}

/** Returns the trajectories of these numbers, one as often as it is named. */
export function pickTrajectories(all: Trajectories, kept: readonly number[]): Trajectories {
  const rowStart = new Int32Array(kept.length + 1);
  kept.forEach((i, k) => {
    rowStart[k + 1] = rowStart[k] + all.rowStart[i + 1] - all.rowStart[i];
  });
  const state = new Int32Array(rowStart[kept.length]);
  const pair = new Int32Array(rowStart[kept.length]);
  kept.forEach((i, k) => {
    state.set(all.state.subarray(all.rowStart[i], all.rowStart[i + 1]), rowStart[k]);
    pair.set(all.pair.subarray(all.rowStart[i], all.rowStart[i + 1]), rowStart[k]);
  });
  return {
    count: kept.length,
    rowStart,
    state,
    pair,
    goal: Int32Array.from(kept, (i) => all.goal[i]),
    weight: Float64Array.from(kept, (i) => all.weight[i]),
    stopped: Uint8Array.from(kept, (i) => all.stopped[i]),
    names: kept.map((i) => all.names[i]),
    folds: all.folds && kept.map((i) => all.folds?.[i] ?? ''),
    ...(all.times ? { times: Float64Array.from(kept, (i) => all.times?.[i] ?? 0) } : {}),
    ...(all.persons ? { persons: kept.map((i) => all.persons?.[i] ?? '') } : {}),
  };
}
