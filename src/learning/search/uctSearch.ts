/**
 * Monte-Carlo tree search with upper confidence bounds (UCT): plans for one state by trying actions in
 * a model, the more often the better they look and the less they are known.
 *
 *   choose the a with the largest  Q(s, a) + c Δ √( log N(s) / N(s, a) ),  untried ones first
 *
 * until a state is met for the first time; a guess of its worth (random play, or a value that is given)
 * is handed up the path. Δ is the spread of all values handed up so far, so that c has no unit.
 *
 * As published (`nodes: 'steps', backUp: 'returns'`) a node is a state after so many steps, and Q the mean
 * of what followed. That fails on slippery worlds with a single far reward: a mean carries along every
 * action that was tried below only to learn, a state is learnt anew at every depth, and random play
 * hardly ever arrives. So two things differ by default:
 *
 *   nodes: 'states'    the world is the same at every step, and so is what is known of a state
 *   backUp: 'maxima'   values are those of the best action in the outcomes that were drawn
 *
 * Trying then costs simulations but no longer moves values, and c can be large. Only draws from the
 * task's outcomes are used, never their probabilities.
 *
 * References: Kocsis & Szepesvári (2006), ECML, Bandit based Monte-Carlo planning; Keller & Helmert
 * (2013), ICAPS, Trial-based heuristic tree search (maxima: DP-UCT); Saffidine, Cazenave & Méhat (2012),
 * Knowledge-Based Systems 34 (UCD: nodes that are met on several paths); Schrittwieser et al. (2020),
 * Nature 588 (Δ); Anthony, Tian & Barber (2017), NIPS, eq. 4 (a policy that is known shifts the bounds).
 */

import { z } from 'zod';
import type { TabularTask } from '../../environments/tabularTask.ts';
import { type Rng, sampleIndex } from '../../numeric/rng.ts';
import { playedReturn } from './playedReturn.ts';
import { createSearchTree, type SearchNode, type SearchStep, worthOf } from './searchTree.ts';

export const UctOptions = z.strictObject({
  discount: z.number().min(0).max(1).describe('Worth of the next step γ'),
  simulations: z.int().positive().default(5000).describe('Episodes imagined for the state'),
  depth: z.int().positive().default(200).describe('Longest of them, in steps'),
  exploration: z
    .number()
    .min(0)
    .default(30)
    .describe('c, in units of the spread of values; small ones miss what is only slightly better'),
  nodes: z
    .enum(['states', 'steps'])
    .default('states')
    .describe('What is known belongs to a state, or to a state after so many steps'),
  backUp: z
    .enum(['maxima', 'returns'])
    .default('maxima')
    .describe('Hand up the value of the best action, or the mean of what followed'),
  priorWeight: z
    .number()
    .min(0)
    .default(1)
    .describe('w: a known policy adds w Δ π(a | s) / (N(s, a) + 1) to the bounds'),
});
/** What a caller may write. */
export type UctOptions = z.input<typeof UctOptions>;

/** What is known before a search. */
export interface SearchGuidance {
  /** [states] what a state is thought to be worth, in place of random play. */
  readonly value?: Float64Array;
  /** [pairs] how one would act. */
  readonly policy?: Float64Array;
}

export interface UctSearch {
  /** [actions of the state] value of each; 0 where one was never tried. */
  readonly actionValue: Float64Array;
  /** [actions of the state] how often each was tried. */
  readonly visits: Float64Array;
  /** The pair to take: of the largest value for maxima, tried most for returns; the first among equals. */
  readonly best: number;
  /** What the state is worth by its best action. */
  readonly value: number;
  readonly nodeCount: number;
}

/**
 * Searches from the state `root`.
 *
 * @param rng draws outcomes, equals and random play
 * @throws RangeError where the state offers no action
 */
export function uctSearch(
  task: TabularTask,
  root: number,
  options: UctOptions,
  rng: Rng,
  guidance: SearchGuidance = {},
): UctSearch {
  const settings = UctOptions.parse(options);
  const { simulations, depth, discount } = settings;
  const { pairStart } = task.world.mdp;
  const { start, to, probability, reward } = task.outcomes;
  checkSearch(task, root, guidance);
  const tree = createSearchTree(task, settings);
  const rootNode = tree.add(root, 0, 0);
  const path: SearchStep[] = [];
  for (let i = 0; i < simulations; i++) {
    path.length = 0;
    let after = descend();
    for (let t = path.length - 1; t >= 0; t--) {
      tree.handUp(path[t], after);
      after = reward[path[t].outcome] + discount * after;
    }
  }
  const { actionValue, visits } = rootNode;
  const best = largest(settings.backUp === 'maxima' ? actionValue : visits, visits);
  const value = settings.backUp === 'maxima' ? worthOf(rootNode) : actionValue[best];
  return { actionValue, visits, best: pairStart[root] + best, value, nodeCount: tree.nodeCount };

  /** Fills `path` down to a state that was not met before, or an end; returns what that is worth. */
  function descend(): number {
    let node = rootNode;
    for (let step = 0; step < depth; ) {
      const action = mostPromising(node);
      const pair = pairStart[node.state] + action;
      const outcome = sampleIndex(probability, rng, start[pair], start[pair + 1]);
      const state = to[outcome];
      const taken = { node, action, outcome };
      path.push(taken);
      step++;
      const isOver = pairStart[state] === pairStart[state + 1];
      const met = isOver ? null : tree.find(state, step);
      const isNew = !isOver && met === null;
      const next = isNew ? tree.add(state, step, guess(state, step)) : met;
      tree.link(taken, next);
      if (next === null) return 0;
      if (isNew) return next.guess;
      node = next;
    }
    return worthOf(node);
  }

  /** What a state is worth by what is given, else by one episode of random play. */
  function guess(from: number, done: number): number {
    if (guidance.value) return guidance.value[from];
    return playedReturn(task, from, null, { depth: depth - done, discount }, rng);
  }

  /** The action with the largest upper bound; equals share. */
  function mostPromising({ state, actionValue, visits, total }: SearchNode): number {
    const width = settings.exploration * tree.spread * Math.sqrt(Math.log(total + 1));
    const pull = guidance.policy ? settings.priorWeight * tree.spread : 0;
    let best = 0;
    let most = Number.NEGATIVE_INFINITY;
    let equals = 0;
    for (let a = 0; a < visits.length; a++) {
      const n = visits[a];
      let bound = n === 0 ? Infinity : actionValue[a] + width / Math.sqrt(n);
      if (pull > 0 && guidance.policy)
        bound += (pull * guidance.policy[pairStart[state] + a]) / (n + 1);
      if (bound > most) {
        most = bound;
        best = a;
        equals = 1;
      } else if (bound === most && rng() * ++equals < 1) best = a;
    }
    return best;
  }
}

/** The first of the largest entries among those with visits. */
function largest(x: Float64Array, visits: Float64Array): number {
  let best = -1;
  for (let a = 0; a < x.length; a++) if (visits[a] > 0 && (best < 0 || x[a] > x[best])) best = a;
  return best;
}

function checkSearch(
  { world }: TabularTask,
  root: number,
  { value, policy }: SearchGuidance,
): void {
  const { stateCount, pairCount, pairStart } = world.mdp;
  if (!(root >= 0 && root < stateCount && Number.isInteger(root)))
    throw new RangeError(`Cannot search: a state is one of 0 … ${stateCount - 1}, got ${root}`);
  if (pairStart[root + 1] === pairStart[root])
    throw new RangeError(`Cannot search: state ${root} must offer an action, and it offers none`);
  if (value && value.length !== stateCount)
    throw new RangeError(
      `Cannot search: the value must have ${stateCount} entries (one per state), got ${value.length}`,
    );
  if (policy && policy.length !== pairCount)
    throw new RangeError(
      `Cannot search: the policy must have ${pairCount} entries (one per pair), got ${policy.length}`,
    );
}
