/**
 * Whether probabilities mean what they say: decisions are sorted into bins by the probability of
 * their likeliest choice, and in each the mean probability is held against how often it was taken.
 *
 *   ECE = Σ_bins share of the bin · |accuracy − confidence|
 *
 * Reference: Guo, Pleiss, Sun & Weinberger (2017), On calibration of modern neural networks, eq. 3.
 */

import type { Calibration } from './comparisonResult.ts';

const BINS = 10;

/** Sums under collection, one of each per bin. */
export class CalibrationSums {
  readonly #weight = new Float64Array(BINS);
  readonly #confidence = new Float64Array(BINS);
  readonly #hits = new Float64Array(BINS);

  /** @param weight how much the decision counts */
  add(confidence: number, hit: number, weight: number): void {
    const bin = Math.min(BINS - 1, Math.max(0, Math.ceil(confidence * BINS) - 1));
    this.#weight[bin] += weight;
    this.#confidence[bin] += weight * confidence;
    this.#hits[bin] += weight * hit;
  }

  /** Returns null where nothing was added. */
  summary(): Calibration | null {
    const total = this.#weight.reduce((a, b) => a + b, 0);
    if (total === 0) return null;
    let error = 0;
    const bins = Array.from(this.#weight, (count, bin) => {
      const range = { low: bin / BINS, high: (bin + 1) / BINS, count };
      if (count === 0)
        return {
          ...range,
          confidence: null,
          accuracy: null,
          reasons: { confidence: 'no decision falls into the bin', accuracy: 'likewise' },
        };
      error += Math.abs(this.#hits[bin] - this.#confidence[bin]) / total;
      return {
        ...range,
        confidence: this.#confidence[bin] / count,
        accuracy: this.#hits[bin] / count,
      };
    });
    return { error, bins };
  }
}
