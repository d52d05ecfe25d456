/** Every method by name: what it learns in, that its options reach it, and what is refused. */

import { describe, expect, test } from 'vitest';
import { CartPole } from '../../../src/environments/classicControl/cartPole.ts';
import { Pendulum } from '../../../src/environments/classicControl/pendulum.ts';
import type { Simulator } from '../../../src/environments/simulator.ts';
import { type ControlForm, controlMethods } from '../../../src/learning/neural/controlMethods.ts';
import { ControlTraining } from '../../../src/learning/neural/controlTraining.ts';
import { kernelEngine } from '../../../src/networks/kernelEngine.ts';

const worlds = { discrete: () => new CartPole(40), box: () => new Pendulum(40) };

const forms = Object.entries(controlMethods).flatMap(([name, method]) =>
  (['discrete', 'box'] as const).flatMap((kind) => {
    const form = method[kind] as ControlForm | null;
    const create = worlds[kind] as () => Simulator;
    return form === null ? [] : [[name, kind, form, create] as const];
  }),
);

describe.each(forms)('%s, %s', (_, kind, form, create) => {
  const small = {
    hidden: [4],
    ...('batch' in form.options.shape ? { batch: 4, warmUp: 20 } : { horizon: 10 }),
  };

  test('learns, and the same seed gives the same bits', () => {
    const learned = (seed: number) => {
      const engine = kernelEngine('kernels', 16);
      const learner = form.learner(engine, create, { ...small, seed });
      const options = {
        steps: 80,
        every: 40,
        selectionEpisodes: 2,
        episodes: 2,
        evaluate: 3,
        seed,
      };
      const run = new ControlTraining(engine, learner, create, options).run();
      const rows: unknown[] = [];
      for (;;) {
        const next = run.next();
        if (next.done) return { rows, last: next.value.last.policy, learner };
        rows.push(next.value.row);
      }
    };
    const [one, same, other] = [learned(1), learned(1), learned(2)];
    expect(same.rows).toEqual(one.rows);
    expect(same.last).toEqual(one.last);
    expect(other.last).not.toEqual(one.last);
    for (const row of one.rows)
      expect(Object.keys(row as object)).toEqual([
        'selection',
        'confirmed',
        ...one.learner.columns,
      ]);
  });

  test('its defaults are its own, options change them, and others are refused', () => {
    const settings = (given: Readonly<Record<string, unknown>>) =>
      JSON.stringify(form.learner(kernelEngine('plain'), create, given).settings);
    for (const [name, value] of Object.entries(form.defaults))
      expect(settings({})).toContain(`"${name}":${JSON.stringify(value)}`);
    expect(settings({ discount: 0.5 })).toContain('"discount":0.5');
    expect(settings({})).toContain('"discount":0.99');
    expect(() => settings({ colour: 1 })).toThrow(/Unrecognized key.*colour/);
    expect(() => settings({ discount: 2 })).toThrow(/discount/);
  });

  test('a world of the other kind of actions is refused', () => {
    const other = worlds[kind === 'box' ? 'discrete' : 'box'] as () => Simulator;
    expect(() => form.learner(kernelEngine('plain'), other, small)).toThrow(
      kind === 'box'
        ? 'Cannot learn: wanted a world whose actions are a box, got 2 discrete actions'
        : 'Cannot learn: wanted a world of discrete actions, got a box of 1',
    );
  });
});

test('the temperature is what tells soft Q-learning from deep Q-learning', () => {
  const { 'deep-q': hard, 'soft-q': soft } = controlMethods;
  const settings = (form: ControlForm<number>, given: Readonly<Record<string, unknown>>) =>
    form.learner(kernelEngine('plain'), worlds.discrete, given).settings;
  expect(settings(hard.discrete!, {})).toMatchObject({ agent: { temperature: 0 } });
  expect(settings(soft.discrete!, {})).toMatchObject({ agent: { temperature: 0.1 } });
  expect(() => settings(hard.discrete!, { temperature: 1 })).toThrow(/temperature/);
  expect(() => settings(soft.discrete!, { temperature: 0 })).toThrow(/temperature/);
});
