/** Numbers as the answers say them. */

/** A share in per cent: whole ones from 10 %, one decimal below. */
export function percent({ value }: { readonly value: number }): string {
  const share = 100 * value;
  return `${share.toFixed(share >= 10 || share === 0 ? 0 : 1)} %`;
}

/** An interval of shares. */
export function range({ low, high }: { readonly low: number; readonly high: number }): string {
  return `${low.toFixed(2)} to ${high.toFixed(2)}`;
}
