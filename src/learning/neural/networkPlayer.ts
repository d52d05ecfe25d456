/** Players that go by the outputs of one network. */

import type { Action } from '../../environments/simulator.ts';
import { restoreArray } from '../../networks/checkpoint.ts';
import type { DenseShape } from '../../networks/denseShape.ts';
import type { Engine, Pass } from '../../networks/network.ts';
import { greedyAction } from './actionScores.ts';
import type { Player } from './controlLearner.ts';

export interface NetworkPlayerShape {
  /** Of its parameters in a policy. */
  readonly name: string;
  readonly network: DenseShape;
  /** Worlds. */
  readonly rows: number;
  /** Rows of the network to a world; 1. */
  readonly each?: number;
}

/** How what is seen gets into the network, and actions out of it. */
export interface NetworkPlayerRows<A extends Action> {
  see(pass: Pass, row: number, observation: ArrayLike<number>): void;
  action(pass: Pass, row: number): A;
}

export function networkPlayer<A extends Action>(
  engine: Engine,
  { name, network: shape, rows, each = 1 }: NetworkPlayerShape,
  { see, action }: NetworkPlayerRows<A>,
): Player<A> {
  const network = engine.network(shape);
  const pass = network.pass(rows * each);
  return {
    take(arrays) {
      restoreArray({ arrays }, name, network.parameters);
      network.changed();
    },
    see: (row, observation) => see(pass, row, observation),
    decide() {
      pass.evaluate();
    },
    action: (row) => action(pass, row),
  };
}

/** Takes the action with the largest output. */
export function greedyPlayer(
  engine: Engine,
  network: DenseShape,
  rows: number,
  name: string,
): Player<number> {
  const { inputs, outputs } = network;
  return networkPlayer(
    engine,
    { name, network, rows },
    {
      see: (pass, row, observation) => pass.inputs.set(observation, row * inputs),
      action: (pass, row) => greedyAction(pass.outputs, row * outputs, outputs),
    },
  );
}
