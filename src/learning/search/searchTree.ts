/**
 * What a tree search has found out, and how it hands up what was found below.
 *
 *   returns   Q(s, a) = mean of the returns that followed
 *   maxima    Q(s, a) = Σ n(s′) [ r + γ maxᵦ Q(s′, b) ] / Σ n(s′),   n counting the outcomes drawn
 *
 * Nodes stand for (steps done, state) or, where the world is the same at every step, for states alone:
 * then all that passes through a state adds to what is known of it.
 */

import type { TabularTask } from '../../environments/tabularTask.ts';

export interface SearchNode {
  readonly state: number;
  /** [actions of the state] Q; 0 where one was never tried. */
  readonly actionValue: Float64Array;
  /** [actions of the state] how often each was tried. */
  readonly visits: Float64Array;
  /** Sum of `visits`. */
  total: number;
  /** What the state was thought to be worth before any action was tried. */
  readonly guess: number;
  /** [outcomes of the state] how often each was drawn. */
  readonly seen: Float64Array;
  /** [outcomes of the state] the node it leads to; null where there is none. */
  readonly next: (SearchNode | null)[];
}

/** One step of an imagined episode. */
export interface SearchStep {
  readonly node: SearchNode;
  readonly action: number;
  /** Which of the task's outcomes came. */
  readonly outcome: number;
}

export interface SearchTree {
  readonly nodeCount: number;
  find(state: number, step: number): SearchNode | null;
  add(state: number, step: number, guess: number): SearchNode;
  /** Says which node the outcome of a step leads to; null for none. */
  link(step: SearchStep, next: SearchNode | null): void;
  /**
   * Takes a step into the value of its action.
   *
   * @param after return that followed the outcome
   */
  handUp(step: SearchStep, after: number): void;
  /** Largest minus smallest value handed up so far; 1 where all were equal. */
  readonly spread: number;
}

/** The largest value among actions that were tried, else what was guessed. */
export function worthOf({ actionValue, visits, guess }: SearchNode): number {
  let best = Number.NEGATIVE_INFINITY;
  for (let a = 0; a < visits.length; a++)
    if (visits[a] > 0 && actionValue[a] > best) best = actionValue[a];
  return best === Number.NEGATIVE_INFINITY ? guess : best;
}

export interface SearchTreeOptions {
  readonly nodes: 'states' | 'steps';
  readonly backUp: 'maxima' | 'returns';
  readonly discount: number;
}

export function createSearchTree(
  { world, outcomes }: TabularTask,
  { nodes, backUp, discount }: SearchTreeOptions,
): SearchTree {
  const { stateCount, pairStart } = world.mdp;
  const { start, reward } = outcomes;
  const known = new Map<number, SearchNode>();
  let lowest = Infinity;
  let highest = Number.NEGATIVE_INFINITY;
  const key = (state: number, step: number): number =>
    nodes === 'states' ? state : step * stateCount + state;

  function meanOfOutcomes({ node, action }: SearchStep): number {
    const { state, seen, next, visits } = node;
    const own = start[pairStart[state]];
    const pair = pairStart[state] + action;
    let sum = 0;
    for (let k = start[pair]; k < start[pair + 1]; k++) {
      if (seen[k - own] === 0) continue;
      const below = next[k - own];
      sum += seen[k - own] * (reward[k] + (below ? discount * worthOf(below) : 0));
    }
    return sum / visits[action];
  }

  return {
    get nodeCount() {
      return known.size;
    },
    get spread() {
      return highest > lowest ? highest - lowest : 1;
    },
    find: (state, step) => known.get(key(state, step)) ?? null,
    add(state, step, guess) {
      const actionCount = pairStart[state + 1] - pairStart[state];
      const outcomeCount = start[pairStart[state + 1]] - start[pairStart[state]];
      const node: SearchNode = {
        state,
        actionValue: new Float64Array(actionCount),
        visits: new Float64Array(actionCount),
        total: 0,
        guess,
        seen: new Float64Array(outcomeCount),
        next: new Array<SearchNode | null>(outcomeCount).fill(null),
      };
      known.set(key(state, step), node);
      return node;
    },
    link({ node, outcome }, next) {
      node.next[outcome - start[pairStart[node.state]]] = next;
    },
    handUp(step, after) {
      const { node, action, outcome } = step;
      const { actionValue, visits } = node;
      // counted here, not on the way down, as one path may pass a node twice
      node.seen[outcome - start[pairStart[node.state]]]++;
      node.total++;
      visits[action]++;
      if (backUp === 'maxima') actionValue[action] = meanOfOutcomes(step);
      else
        actionValue[action] +=
          (reward[outcome] + discount * after - actionValue[action]) / visits[action];
      if (actionValue[action] < lowest) lowest = actionValue[action];
      if (actionValue[action] > highest) highest = actionValue[action];
    },
  };
}
