/** Models of classic control from random steps. */

import {
  CartPole,
  createRng,
  linearDynamics,
  Pendulum,
  randomTransitions,
  type StepModel,
} from 'revealed';

export const TRANSITIONS = 2000;

const streams = (seed: number) => ({
  startRng: createRng(seed, 'starts of random steps'),
  actionRng: createRng(seed, 'random actions'),
});

/** Linear in [s; a; 1]; that falling ends the task is known. */
export function learnedCartPole(seed: number): StepModel<number> {
  const cart = new CartPole();
  return linearDynamics(randomTransitions<number>(cart, TRANSITIONS, streams(seed)), {
    actions: cart.actions,
    reward: () => 1,
    terminated: (state) => Math.abs(state[0]) > 2.4 || Math.abs(state[2]) > Math.PI / 15,
  }).model();
}

/** Linear in [s; a; 1], or with the sine of the angle too; what is paid is known. */
export function learnedPendulum(seed: number, knowsSine: boolean): StepModel<Float64Array> {
  const swing = new Pendulum();
  return linearDynamics(randomTransitions<Float64Array>(swing, TRANSITIONS, streams(seed)), {
    actions: swing.actions,
    reward: (state, action) => {
      const [angle, speed, torque] = [state[0], state[1], action[0]];
      const lean = angle - 2 * Math.PI * Math.round(angle / (2 * Math.PI));
      return -(lean ** 2 + 0.1 * speed ** 2 + 0.001 * torque ** 2);
    },
    ...(knowsSine
      ? { features: (state, action) => [Math.sin(state[0]), state[1], action[0], 1] }
      : {}),
  }).model();
}
