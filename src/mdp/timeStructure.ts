/**
 * How far ahead a decision maker looks.
 *
 * - `discounted`: for ever, each step worth `discount` of the one before (0 ≤ discount < 1)
 * - `finite`: `horizon` decisions, discounted if wanted (0 < discount ≤ 1)
 * - `undiscounted`: until a goal is reached, which must happen
 */
export type TimeStructure =
  | { readonly kind: 'discounted'; readonly discount: number }
  | { readonly kind: 'finite'; readonly horizon: number; readonly discount: number }
  | { readonly kind: 'undiscounted' };

/** The factor γ on the value of the next state. */
export function discountOf(time: TimeStructure): number {
  return time.kind === 'undiscounted' ? 1 : time.discount;
}
