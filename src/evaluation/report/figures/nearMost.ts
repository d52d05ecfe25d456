/** Which stretches of road a map should hold, so that a few far away do not make all others small. */

/** Share of the stretches at either end of an axis that may be far off. */
const TAIL = 0.01;
/** How far from the others, as a share of how far those reach. */
const FAR = 0.5;

/**
 * Returns which of the chosen stretches lie near most others of them; [stretches].
 *
 * A stretch is far off where its middle lies, along either axis, beyond the central 98 % of the
 * middles by more than half of what those span. Of fewer than a hundred none is.
 *
 * @param position [stretches × 4] x and y of both ends
 * @param chosen [stretches]
 */
export function nearMost(position: Float64Array, chosen: readonly boolean[]): boolean[] {
  const near = [...chosen];
  for (const axis of [0, 1]) {
    const middle = (s: number): number => (position[4 * s + axis] + position[4 * s + 2 + axis]) / 2;
    const sorted = Float64Array.from(
      chosen.flatMap((isChosen, s) => (isChosen ? [middle(s)] : [])),
    ).sort();
    if (sorted.length === 0) return near;
    const tail = Math.floor(TAIL * sorted.length);
    const [low, high] = [sorted[tail], sorted[sorted.length - 1 - tail]];
    const reach = FAR * (high - low);
    chosen.forEach((isChosen, s) => {
      if (isChosen && (middle(s) < low - reach || middle(s) > high + reach)) near[s] = false;
    });
  }
  return near;
}
