/**
 * The best way through a trellis (Viterbi): stages one after another, weighted edges from states of
 * each to states of the next, and the way with the largest sum of weights.
 *
 *   m_t(s) = max over edges e out of s { w_t(e) + m_{t+1}(to(e)) },   m = 0 in the last stage
 *
 * Backwards in time, so that a start is chosen last. Among equals the first edge is taken.
 */

/** Edges from the states of one stage to those of the next. */
export interface TrellisEdges {
  /** [states + 1] first edge out of each state. */
  readonly start: Int32Array;
  /** [edges] state of the next stage. */
  readonly to: Int32Array;
  /** [edges] log-weights; −Infinity where an edge cannot be taken. */
  readonly weight: Float64Array;
}

export interface Trellis {
  /** One less than there are stages. */
  readonly layerCount: number;
  /** The edges from stage t to stage t + 1; may be the same object for every t. */
  readonly layer: (t: number) => TrellisEdges;
  /** States of the last stage. */
  readonly lastCount: number;
  /** Whether a state without edges ends a way there (weight 0), or spoils it (−Infinity). */
  readonly deadEnds: 'end' | 'spoil';
}

export interface BestWays {
  /** The first stage from which some way leads to the end: 0 unless the trellis is broken. */
  readonly stage: number;
  /** [states of that stage] weight of the best way from there; −Infinity where there is none. */
  readonly ahead: Float64Array;
  /** Returns the best way from a state of that stage: states, and edges between them. */
  readonly follow: (state: number) => {
    readonly states: readonly number[];
    readonly edges: readonly number[];
  };
}

export function viterbi({ layerCount, layer, lastCount, deadEnds }: Trellis): BestWays {
  const best: Int32Array[] = new Array(layerCount);
  let ahead = new Float64Array(lastCount);
  let stage = layerCount;
  for (let t = layerCount - 1; t >= 0; t--) {
    const { start, to, weight } = layer(t);
    const count = start.length - 1;
    const message = new Float64Array(count);
    const chosen = new Int32Array(count).fill(-1);
    let isOpen = false;
    for (let s = 0; s < count; s++) {
      if (start[s] === start[s + 1] && deadEnds === 'end') {
        isOpen = true;
        continue;
      }
      message[s] = Number.NEGATIVE_INFINITY;
      for (let edge = start[s]; edge < start[s + 1]; edge++) {
        const score = weight[edge] + ahead[to[edge]];
        if (!(score > message[s])) continue;
        message[s] = score;
        chosen[s] = edge;
        isOpen = true;
      }
    }
    if (!isOpen) break;
    best[t] = chosen;
    ahead = message;
    stage = t;
  }
  return {
    stage,
    ahead,
    follow(from) {
      const states = [from];
      const edges: number[] = [];
      let state = from;
      for (let t = stage; t < layerCount && best[t][state] >= 0; t++) {
        edges.push(best[t][state]);
        state = layer(t).to[best[t][state]];
        states.push(state);
      }
      return { states, edges };
    },
  };
}
