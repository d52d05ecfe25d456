/** Adam on one number, such as the logarithm of a temperature; see networks/adam.ts. */

import { z } from 'zod';

export const ScalarAdamState = z.strictObject({
  value: z.number(),
  steps: z.int().nonnegative(),
  first: z.number(),
  second: z.number(),
});
export type ScalarAdamState = Readonly<z.output<typeof ScalarAdamState>>;

export class ScalarAdam {
  #state: ScalarAdamState;
  readonly #rate: number;

  constructor(value: number, rate: number) {
    this.#state = { value, steps: 0, first: 0, second: 0 };
    this.#rate = rate;
  }

  get value(): number {
    return this.#state.value;
  }

  step(gradient: number): void {
    const steps = this.#state.steps + 1;
    const first = this.#state.first + 0.1 * (gradient - this.#state.first);
    const second = this.#state.second + 0.001 * (gradient * gradient - this.#state.second);
    const rate = this.#rate / (1 - 0.9 ** steps);
    const spread = Math.sqrt(second / (1 - 0.999 ** steps)) + 1e-8;
    this.#state = { value: this.#state.value - (rate * first) / spread, steps, first, second };
  }

  state(): ScalarAdamState {
    return this.#state;
  }

  restore(state: ScalarAdamState): void {
    this.#state = state;
  }
}
