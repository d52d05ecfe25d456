/** CartPole and Pendulum with other masses, lengths, motors and wind: what mechanics says of them. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CartPole } from '../../../src/environments/classicControl/cartPole.ts';
import { Pendulum } from '../../../src/environments/classicControl/pendulum.ts';
import { simulators } from '../../../src/environments/simulators.ts';
import { expectClose } from '../../support/closeness.ts';

const ROUND_OFF = 1e-9;
const between = (min: number, max: number) => fc.double({ min, max, noNaN: true });

describe('CartPole', () => {
  const physics = fc.record({
    force: between(0, 20),
    reversed: fc.boolean(),
    poleLength: between(0.2, 4),
    poleMass: between(0.01, 2),
    cartMass: between(0.2, 5),
    wind: between(-10, 10),
  });
  const states = fc.tuple(between(-2, 2), between(-2, 2), between(-0.2, 0.2), between(-2, 2));
  const SECONDS = 0.02;

  /** Rates of change of (x, ẋ, θ, θ̇): a step is explicit Euler. */
  function rates(world: CartPole, state: readonly number[], action: number): number[] {
    world.startAt(state);
    world.step(action);
    return state.map((x, i) => (world.state[i] - x) / SECONDS);
  }

  test('energy changes by what the motor and the wind do to the cart, and by nothing else', () => {
    fc.assert(
      fc.property(physics, states, fc.constantFrom(0, 1), (given, state, action) => {
        const { force, reversed, poleLength, poleMass: m, cartMass, wind } = given;
        const [, dx, angle, spin] = state;
        const [, acceleration, , spinRate] = rates(new CartPole(500, given), state, action);
        const l = poleLength / 2;
        const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
        // E = ½ (M + m) ẋ² + m l ẋ θ̇ cos θ + ½ 4/3 m l² θ̇² + m g l cos θ
        const power =
          (cartMass + m) * dx * acceleration +
          m * l * (acceleration * spin * cos + dx * spinRate * cos - dx * spin * spin * sin) +
          (4 / 3) * m * l * l * spin * spinRate -
          m * 9.8 * l * sin * spin;
        const push = (action === 1) !== reversed ? force : -force;
        expectClose([power], [(push + wind) * dx], ROUND_OFF);
      }),
    );
  });

  test('in a mirror it goes as in the mirror', () => {
    fc.assert(
      fc.property(physics, states, fc.constantFrom(0, 1), (given, state, action) => {
        const mirrored = new CartPole(500, { ...given, wind: -given.wind });
        const there = rates(
          mirrored,
          state.map((x) => -x),
          1 - action,
        );
        expectClose(
          there.map((x) => -x),
          rates(new CartPole(500, given), state, action),
          ROUND_OFF,
        );
      }),
    );
  });

  test('with the motor reversed, left is right', () => {
    fc.assert(
      fc.property(physics, states, fc.constantFrom(0, 1), (given, state, action) => {
        const reversed = new CartPole(500, { ...given, reversed: !given.reversed });
        expect(rates(reversed, state, 1 - action)).toEqual(
          rates(new CartPole(500, given), state, action),
        );
      }),
    );
  });

  test('twice all masses and forces move alike', () => {
    fc.assert(
      fc.property(physics, states, fc.constantFrom(0, 1), (given, state, action) => {
        const heavier = new CartPole(500, {
          ...given,
          force: 2 * given.force,
          wind: 2 * given.wind,
          poleMass: 2 * given.poleMass,
          cartMass: 2 * given.cartMass,
        });
        expectClose(
          rates(heavier, state, action),
          rates(new CartPole(500, given), state, action),
          ROUND_OFF,
        );
      }),
    );
  });
});

describe('Pendulum', () => {
  const physics = fc.record({
    length: between(0.5, 3),
    mass: between(0.2, 3),
    gravity: between(0, 12),
    torque: between(0.5, 4),
  });
  // slow enough that its speed is not cut off
  const states = fc.tuple(between(-4, 4), between(-1, 1));
  const SECONDS = 0.05;

  function spinRate(world: Pendulum, state: readonly number[], torque: number): number {
    world.startAt(state);
    world.step(Float64Array.of(torque));
    return (world.state[1] - state[1]) / SECONDS;
  }

  test('energy changes by what the motor does, and by nothing else', () => {
    fc.assert(
      fc.property(physics, states, between(-1, 1), (given, state, share) => {
        const { length: l, mass: m, gravity: g } = given;
        const [angle, spin] = state;
        const torque = share * given.torque;
        const rate = spinRate(new Pendulum(200, given), state, torque);
        fc.pre(Math.abs(spin + rate * SECONDS) < 8);
        // E = ½ · 1/3 m l² θ̇² + ½ m g l cos θ
        const power = ((m * l * l) / 3) * spin * rate - 0.5 * m * g * l * Math.sin(angle) * spin;
        expectClose([power], [torque * spin], ROUND_OFF);
      }),
    );
  });

  test('in a mirror it goes as in the mirror, and a torque beyond the motor is cut off', () => {
    fc.assert(
      fc.property(physics, states, between(-5, 5), (given, state, torque) => {
        const world = new Pendulum(200, given);
        const rate = spinRate(world, state, torque);
        expectClose(
          [
            -spinRate(
              world,
              state.map((x) => -x),
              -torque,
            ),
          ],
          [rate],
          ROUND_OFF,
        );
        const cut = Math.max(-given.torque, Math.min(given.torque, torque));
        expect(spinRate(world, state, cut)).toBe(rate);
      }),
    );
  });
});

describe('simulators', () => {
  test('changed worlds are built by name', () => {
    const world = simulators['cart-pole'].build({ wind: 3, timeLimit: 7 }) as CartPole;
    const known = new CartPole(7, { wind: 3 });
    for (const each of [world, known]) {
      each.startAt([0, 0, 0, 0]);
      each.step(0);
    }
    expect(world.state).toEqual(known.state);
    expect(world.timeLimit).toBe(7);
    const { actions } = simulators.pendulum.build({ torque: 3 });
    expect(actions).toEqual({ kind: 'box', low: Float64Array.of(-3), high: Float64Array.of(3) });
  });

  test('nonsense is refused', () => {
    for (const [name, options] of [
      ['cart-pole', { poleMass: 0 }],
      ['cart-pole', { force: -1 }],
      ['cart-pole', { length: 2 }],
      ['pendulum', { length: Number.NaN }],
      ['mountain-car', { mass: 2 }],
    ] as const)
      expect(() => simulators[name].build(options)).toThrow();
    expect(() => new CartPole(500, { wind: Number.POSITIVE_INFINITY })).toThrow();
  });
});
