import { expect, test } from 'vitest';
import { expertEpisodes } from '../../../datasets/expert_play/expertCloning/play.ts';
import { CartPole } from '../../../src/environments/classicControl/cartPole.ts';
import { Pendulum } from '../../../src/environments/classicControl/pendulum.ts';
import type { AnySimulator } from '../../../src/environments/simulators.ts';
import { stepFeatures } from '../../../src/features/stepFeatures.ts';
import { dynamicsWarnings } from '../../../src/study/simulated/recordedDynamics.ts';

async function warned(
  task: 'cartpole' | 'pendulum',
  world: AnySimulator,
  stateOf: (seen: ArrayLike<number>) => ArrayLike<number>,
): Promise<string[]> {
  return dynamicsWarnings(
    {
      createSimulator: () => world,
      demonstrations: await expertEpisodes(task),
      which: [0, 3, 7],
      features: stepFeatures({ alive: () => 1 }),
      discount: 0.9,
      temperature: 1,
      stateOf,
    },
    world,
  );
}

const angleOf = (seen: ArrayLike<number>) => [Math.atan2(seen[1], seen[0]), seen[2]];

test('the simulators that ship go where the recordings of their worlds went', async () => {
  expect(await warned('cartpole', new CartPole(), (seen) => seen)).toEqual([]);
  expect(await warned('pendulum', new Pendulum(), angleOf)).toEqual([]);
});

test('a world with other physics is told from the recorded one', async () => {
  const reversed = await warned('cartpole', new CartPole(500, { reversed: true }), (seen) => seen);
  expect(reversed[0]).toMatch(/in (\d+) of \1 recorded steps that were tried the world goes else/);
  const longer = await warned('pendulum', new Pendulum(200, { length: 1.5 }), angleOf);
  expect(longer[0]).toMatch(/goes elsewhere than was recorded/);
});
