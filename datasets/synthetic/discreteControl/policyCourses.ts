/** Learning from one's latest steps: REINFORCE with a baseline, and actor-critic. */

import { actorCritic, PolicyGradientControl, reinforce } from 'revealed';
import { course } from './trainedSeeds.ts';

export const reinforceCartPole = course({
  name: 'reinforce-cart-pole',
  method: 'REINFORCE with a learned baseline',
  world: 'cart-pole',
  steps: 60_000,
  learner: (engine, create, seed) =>
    new PolicyGradientControl(engine, create, { ...reinforce, seed }),
});

export const actorCriticCartPole = course({
  name: 'actor-critic-cart-pole',
  method: 'actor-critic on eight worlds at once',
  world: 'cart-pole',
  steps: 60_000,
  learner: (engine, create, seed) =>
    new PolicyGradientControl(engine, create, { ...actorCritic, seed }),
});
