/** What learns by acting in a world, turn by turn, and can be stored between turns. */

import type { Checkpoint } from '../../networks/checkpoint.ts';
import type { Network } from '../../networks/network.ts';

export interface ControlLearner {
  readonly kind: string;
  /** What it was built with: plain JSON. A checkpoint of other settings is refused. */
  readonly settings: unknown;
  /** Its largest output is the action to take. */
  readonly policy: Network;
  /** Steps in the world that a turn takes. */
  readonly turn: number;
  /**
   * Acts and learns for a turn.
   *
   * @throws Error where a reward, an observation or a loss is not finite
   */
  advance(): void;
  /** Means since it was last asked; what did not happen is null. */
  report(): Readonly<Record<string, number | null>>;
  /** Where it stands, right after a report: plain JSON, and arrays. */
  stored(): Omit<Checkpoint, 'kind'>;
  /** @throws RangeError where the checkpoint is of networks of another shape */
  goOn(checkpoint: Checkpoint): void;
}

/** Means of numbers by name. */
export class Means {
  readonly #sums = new Map<string, { sum: number; count: number }>();

  add(numbers: Readonly<Record<string, number>>): void {
    for (const name in numbers) {
      const entry = this.#sums.get(name);
      if (entry) {
        entry.sum += numbers[name];
        entry.count++;
      } else this.#sums.set(name, { sum: numbers[name], count: 1 });
    }
  }

  /** Returns them and forgets what was added. */
  take(): Record<string, number | null> {
    const means = [...this.#sums].map(([name, { sum, count }]) => [
      name,
      count > 0 ? sum / count : null,
    ]);
    for (const entry of this.#sums.values()) {
      entry.sum = 0;
      entry.count = 0;
    }
    return Object.fromEntries(means);
  }
}
