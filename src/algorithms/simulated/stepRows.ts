/**
 * Steps of one episode side by side, as a reward and an agent see them; made for rollouts and for
 * demonstrations alike, so that both are added up by the same sum.
 */

export interface StepRows<Numbers = Float64Array | Float32Array> {
  readonly count: number;
  /** [count × observationSize], perhaps with room to spare. */
  readonly observation: Numbers;
  /** [count × actionSize] numbers of actions, or coordinates in [−1, 1]. */
  readonly action: Numbers;
  /** [count × observationSize] what was seen after it. */
  readonly next: Numbers;
  /** [count × features] φ(o, a, o′). */
  readonly features: Numbers;
}

/** One episode: its steps, and whether nothing came after them. */
export interface SteppedEpisode {
  readonly rows: StepRows<Float64Array>;
  readonly terminated: boolean;
}

export interface StepSizes {
  readonly observationSize: number;
  readonly actionSize: number;
  readonly featureCount: number;
}

/** An episode that is being made. */
export class GrowingEpisode implements SteppedEpisode {
  terminated = false;
  readonly sizes: StepSizes;
  rows: StepRows<Float64Array>;

  constructor(sizes: StepSizes, capacity = 64) {
    this.sizes = sizes;
    this.rows = { ...roomFor(sizes, capacity), count: 0 };
  }

  /** Makes room for one step more and returns its number; it is the caller's to fill in. */
  push(): number {
    const { count, ...room } = this.rows;
    const { observationSize } = this.sizes;
    const isFull = (count + 1) * observationSize > room.observation.length;
    const wider = isFull ? copied(room, roomFor(this.sizes, 2 * count)) : room;
    this.rows = { ...wider, count: count + 1 };
    return count;
  }
}

type Room = Omit<StepRows<Float64Array>, 'count'>;

function roomFor({ observationSize, actionSize, featureCount }: StepSizes, rows: number): Room {
  return {
    observation: new Float64Array(rows * observationSize),
    action: new Float64Array(rows * actionSize),
    next: new Float64Array(rows * observationSize),
    features: new Float64Array(rows * featureCount),
  };
}

function copied(from: Room, to: Room): Room {
  for (const name of ['observation', 'action', 'next', 'features'] as const)
    to[name].set(from[name]);
  return to;
}
