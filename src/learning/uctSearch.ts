/**
 * Monte-Carlo tree search with upper confidence bounds (UCT): plans for one state by trying actions in
 * a model, the more often the better they look and the less they are known.
 *
 *   choose the a with the largest  Q(s, a) + c √( log N(s) / N(s, a) ),  untried ones first
 *   Q(s, a) ← mean of the returns r + γ G that followed
 *
 * in a tree of (steps left, state), which grows by one node a simulation; beyond it actions are drawn
 * uniformly. The model is a task's outcomes; only draws from it are used. As simulations grow Q tends to
 * the optimal values of the steps left.
 *
 * References: Kocsis & Szepesvári (2006), ECML, Bandit based Monte-Carlo planning; Browne et al. (2012),
 * IEEE Transactions on Computational Intelligence and AI in Games 4.
 */

import { z } from 'zod';
import type { TabularTask } from '../environments/tabularTask.ts';
import { type Rng, sampleIndex } from '../numeric/rng.ts';

export const UctOptions = z.strictObject({
  simulations: z.int().positive().default(1000).describe('Episodes imagined for the state'),
  depth: z.int().positive().default(100).describe('Steps of each'),
  exploration: z
    .number()
    .positive()
    .default(2)
    .describe(
      'c, in units of the spread of returns; too small a one misses what is only slightly better',
    ),
  discount: z.number().min(0).max(1).describe('Worth of the next step γ'),
});
/** What a caller may write. */
export type UctOptions = z.input<typeof UctOptions>;

export interface UctSearch {
  /** [actions of the state] mean return of each; 0 where one was never tried. */
  readonly actionValue: Float64Array;
  /** [actions of the state] how often each was tried. */
  readonly visits: Float64Array;
  /** The pair tried most, the better one among equals. */
  readonly best: number;
  /** Nodes of the tree. */
  readonly nodeCount: number;
}

interface Node {
  /** [actions] */
  readonly value: Float64Array;
  /** [actions] */
  readonly visits: Float64Array;
  total: number;
}

/** @throws RangeError where the state offers no action */
export function uctSearch(
  { world, outcomes }: TabularTask,
  root: number,
  options: UctOptions,
  rng: Rng,
): UctSearch {
  const { simulations, depth, exploration, discount } = UctOptions.parse(options);
  const { stateCount, pairStart } = world.mdp;
  const first = pairStart[root];
  if (!(root >= 0 && root < stateCount) || pairStart[root + 1] === first)
    throw new RangeError(`Cannot search: state ${root} must offer an action, and it offers none`);
  const tree = new Map<number, Node>();
  const path: { readonly node: Node | null; readonly action: number; readonly reward: number }[] =
    [];
  for (let i = 0; i < simulations; i++) simulate();

  const { visits, value } = nodeAt(root, 0);
  let best = 0;
  for (let a = 1; a < visits.length; a++)
    if (visits[a] > visits[best] || (visits[a] === visits[best] && value[a] > value[best]))
      best = a;
  return { actionValue: value, visits, best: first + best, nodeCount: tree.size };

  function simulate(): void {
    path.length = 0;
    let s = root;
    let growing = true;
    for (let step = 0; step < depth && pairStart[s] < pairStart[s + 1]; step++) {
      const isNew = growing && !tree.has(step * stateCount + s);
      const node = growing ? nodeAt(s, step) : null;
      if (isNew && step > 0) growing = false;
      const count = pairStart[s + 1] - pairStart[s];
      const action = node ? mostPromising(node, exploration) : Math.floor(rng() * count);
      const pair = pairStart[s] + action;
      const k = sampleIndex(
        outcomes.probability,
        rng,
        outcomes.start[pair],
        outcomes.start[pair + 1],
      );
      path.push({ node, action, reward: outcomes.reward[k] });
      s = outcomes.to[k];
    }
    let after = 0;
    for (let t = path.length - 1; t >= 0; t--) {
      const { node, action, reward } = path[t];
      after = reward + discount * after;
      if (!node) continue;
      node.total++;
      node.visits[action]++;
      node.value[action] += (after - node.value[action]) / node.visits[action];
    }
  }

  function nodeAt(s: number, step: number): Node {
    const key = step * stateCount + s;
    const known = tree.get(key);
    if (known) return known;
    const count = pairStart[s + 1] - pairStart[s];
    const node = { value: new Float64Array(count), visits: new Float64Array(count), total: 0 };
    tree.set(key, node);
    return node;
  }
}

/** The first untried action; else that with the largest upper bound. */
function mostPromising({ value, visits, total }: Node, exploration: number): number {
  let best = 0;
  let most = Number.NEGATIVE_INFINITY;
  for (let a = 0; a < visits.length; a++) {
    if (visits[a] === 0) return a;
    const bound = value[a] + exploration * Math.sqrt(Math.log(total) / visits[a]);
    if (bound > most) {
      most = bound;
      best = a;
    }
  }
  return best;
}
