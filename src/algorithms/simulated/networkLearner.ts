/**
 * Soft Q-learning by a network of a reward that changes, in a world of plain tables that is only stepped
 * through: the learner of the tabular loop with the agent of continuous worlds. Every cell (a state of
 * a layer) is an input of its own; steps are kept, and told anew what they pay.
 *
 * Agents count entropy relative to the choices that are offered, the tabular loop in nats. What the
 * state after a step offers is therefore paid with the step,
 *
 *   r′ = r + γ (1 − terminated) τ log |A(s′)|,
 *
 * under which the values are those in nats.
 */

import { TransitionBuffer, transitionBatch } from '../../learning/neural/transitionBuffer.ts';
import { LayeredWalk } from '../../learning/walks/layeredWalk.ts';
import { softChoice } from '../../learning/walks/softChoice.ts';
import type { CreateLearner } from '../../learning/walks/softQLearner.ts';
import { type Checkpoint, restoreArray } from '../../networks/checkpoint.ts';
import type { Engine } from '../../networks/network.ts';
import { packCheckpoint, unpackCheckpoint } from '../../networks/packedCheckpoint.ts';
import { createRng, type RngState, restoreRng } from '../../numeric/rng.ts';
import { oneHotAgent } from './oneHotAgent.ts';
import { createSoftQAgent } from './softQAgent.ts';

/** Cells beyond this are too many inputs of their own. */
const MOST_CELLS = 4096;
/** Steps that are kept. */
const CAPACITY = 50_000;
/** So many steps are taken for every update, each of BATCH. */
const STEPS_PER_UPDATE = 10;
const BATCH = 128;
/** Widths: every cell has weights of its own into the first layer. */
const HIDDEN = [32, 32];
/** A step size of tabular learning at which a network learns at its full rate; */
const FULL = 0.1;
/** and this share of the rate at least. */
const LEAST_RATE = 0.1;

const KIND = 'network-learner';
const STREAMS = ['acting', 'chance', 'replay', 'noise'] as const;

interface LearnerState {
  readonly agent: unknown;
  readonly next: number;
  readonly size: number;
  readonly streams: Readonly<Record<string, RngState>>;
}

/** Width of the widest hidden layer. */
export const learnerWidth = Math.max(...HIDDEN);

/**
 * Returns who builds learners on an engine; building one throws a RangeError where states, layers
 * counted, are too many.
 */
export const networkLearner =
  (engine: Engine): CreateLearner =>
  (world, { discount, temperature, curiosity, episodeLength, seed, begin }, resume) => {
    const { pairStart, layers } = world;
    const stateCount = pairStart.length - 1;
    const pairCount = pairStart[stateCount];
    const cells = layers.count * stateCount;
    if (cells > MOST_CELLS)
      throw new RangeError(
        `Cannot plan with a network: ${stateCount} states${layers.count > 1 ? ` in ${layers.count} layers (decisions of a horizon, or goals)` : ''} are too many inputs of their own, wanted at most ${MOST_CELLS}; take the planner replay or rollouts`,
      );
    const offeredIn = (state: number): number => pairStart[state + 1] - pairStart[state];
    let actionCount = 1;
    for (let s = 0; s < stateCount; s++) actionCount = Math.max(actionCount, offeredIn(s));
    const offered = (seen: ArrayLike<number>): number =>
      Math.max(1, offeredIn(Array.prototype.indexOf.call(seen, 1) % stateCount));
    const agent = oneHotAgent(
      createSoftQAgent(
        engine,
        { observationSize: cells, actionCount },
        { discount, temperature, batch: BATCH, hidden: HIDDEN },
        seed,
        offered,
      ),
      cells,
    );
    const checkpoint = resume === undefined ? null : unpackCheckpoint(resume, KIND);
    const saved = checkpoint?.state as LearnerState | undefined;
    const [acting, chance, replaying, noise] = STREAMS.map((name) =>
      saved ? restoreRng(saved.streams[name]) : createRng(seed, `network ${name}`),
    );
    const shape = { observationSize: 1, actionSize: 1 };
    const buffer = new TransitionBuffer({ ...shape, capacity: CAPACITY });
    const batch = transitionBatch(BATCH, shape);
    const actionValue = new Float64Array(layers.count * pairCount);
    const walk = new LayeredWalk(world, chance);
    if (checkpoint && saved) {
      agent.restore(checkpoint, saved.agent);
      buffer.restore(storedSteps(checkpoint, saved));
      restoreArray(checkpoint, 'policy', actionValue);
    }

    return {
      actionValue,
      learn(reward, steps, floor) {
        let taken = 0;
        while (taken < steps) taken += walkOnce();
        relabel(reward);
        const rate = Math.min(1, Math.max(LEAST_RATE, floor / FULL));
        for (let i = 0; i < steps; i += STEPS_PER_UPDATE) {
          buffer.draw(replaying, batch);
          agent.update(batch, noise, rate);
        }
        tabulate();
        return taken;
      },
      state() {
        const { numbers, arrays } = agent.state();
        const kept = buffer.state();
        const streams = [acting, chance, replaying, noise].map((rng) => rng.state());
        const state: LearnerState = {
          agent: numbers,
          next: kept.next,
          size: buffer.size,
          streams: Object.fromEntries(STREAMS.map((name, i) => [name, streams[i]])),
        };
        const steps = Object.entries(kept.arrays).map(([name, array]) => [`steps ${name}`, array]);
        return packCheckpoint({
          kind: KIND,
          state,
          arrays: { ...arrays, ...Object.fromEntries(steps), policy: actionValue },
        });
      },
    };

    /** Keeps the steps of an episode; returns how many, 1 at least. */
    function walkOnce(): number {
      begin(walk, acting);
      let length = 0;
      for (; length < episodeLength && !walk.isOver; length++) {
        const { first, end } = walk;
        const pair =
          acting() < curiosity
            ? first + Math.floor(acting() * (end - first))
            : softChoice(actionValue, first, end, temperature, acting());
        const cell = cellOf(walk);
        walk.step(pair);
        buffer.add([cell], [pair - first], 0, [walk.isOver ? 0 : cellOf(walk)], walk.isOver);
      }
      // a start where nothing can be chosen is no step, but must not be drawn for ever
      return Math.max(length, 1);
    }

    function cellOf({ first, state }: LayeredWalk): number {
      return Math.floor(first / pairCount) * stateCount + state;
    }

    function relabel(reward: Float64Array): void {
      const { observation, action, nextObservation, terminated, reward: paid } = buffer.kept;
      for (let i = 0; i < buffer.size; i++) {
        const pair = pairStart[observation[i] % stateCount] + action[i];
        const choices = offeredIn(nextObservation[i] % stateCount);
        const after = terminated[i] === 1 ? 0 : discount * temperature * Math.log(choices);
        paid[i] = reward[pair] + after;
      }
    }

    /** Q less V of every cell: τ log π. */
    function tabulate(): void {
      const cell = new Float64Array(actionValue.length);
      const action = new Float64Array(actionValue.length);
      for (let layer = 0; layer < layers.count; layer++)
        for (let s = 0; s < stateCount; s++)
          for (let pair = pairStart[s]; pair < pairStart[s + 1]; pair++) {
            cell[layer * pairCount + pair] = layer * stateCount + s;
            action[layer * pairCount + pair] = pair - pairStart[s];
          }
      agent.logLikelihood(cell, action, actionValue.length, actionValue);
      for (let i = 0; i < actionValue.length; i++) actionValue[i] *= temperature;
    }
  };

function storedSteps(checkpoint: Checkpoint, { size, next }: LearnerState) {
  const read = (name: string): Float32Array => {
    const array = new Float32Array(size);
    restoreArray(checkpoint, `steps ${name}`, array);
    return array;
  };
  const names = ['observation', 'action', 'reward', 'nextObservation', 'terminated'];
  return { next, arrays: Object.fromEntries(names.map((name) => [name, read(name)])) };
}
