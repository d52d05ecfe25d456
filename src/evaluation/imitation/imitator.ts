/**
 * A policy of whatever origin as held-out decisions see it: actions are written as they were recorded.
 * Clones, agents of fitted rewards and policies of values all become one.
 */

import type { SoftAgent } from '../../algorithms/simulated/softAgent.ts';
import type { BoxActions, DiscreteActions } from '../../environments/simulator.ts';
import type { ClonedPolicy } from '../../learning/cloning/clonedPolicy.ts';
import type { CloningActions, CloningRows } from '../../learning/cloning/cloningRows.ts';
import { type ActingPolicy, agentPolicy, clonePolicy } from './actingPolicy.ts';

export interface Imitator {
  readonly name: string;
  readonly policy: ActingPolicy;
  /** By coordinate, [rows] Pr(A ≤ a); absent where only draws can tell. */
  readonly below?: (rows: CloningRows) => readonly Float64Array[];
}

export function imitatorOfClone(name: string, policy: ClonedPolicy): Imitator {
  const { actions } = policy.data;
  const size = actions.kind === 'discrete' ? 1 : actions.size;
  return {
    name,
    policy: clonePolicy(policy, worldActions(actions)),
    below(rows) {
      const out = Array.from({ length: size }, () => new Float64Array(rows.count));
      policy.eachRow(rows, (row, _, at, action) => {
        for (let j = 0; j < size; j++) out[j][row] = policy.head.below(at, action, 0, j) ?? 0;
      });
      return out;
    },
  };
}

/**
 * @param agent who writes actions as numbers, or as coordinates in [−1, 1] of the box
 * @throws RangeError where actions are continuous and have no box
 */
export function imitatorOf(
  name: string,
  agent: Pick<SoftAgent, 'act' | 'logLikelihood'>,
  actions: CloningActions,
): Imitator {
  if (actions.kind === 'continuous' && !actions.box)
    throw new RangeError(`Cannot score "${name}": it acts in a box, and the actions have none`);
  return { name, policy: agentPolicy(agent, worldActions(actions)) };
}

/** Where there is no box it reaches to infinity. */
function worldActions(actions: CloningActions): DiscreteActions | BoxActions {
  if (actions.kind === 'discrete') return actions;
  const { box, size } = actions;
  return {
    kind: 'box',
    low: Float64Array.from(box?.low ?? new Array<number>(size).fill(Number.NEGATIVE_INFINITY)),
    high: Float64Array.from(box?.high ?? new Array<number>(size).fill(Number.POSITIVE_INFINITY)),
  };
}
