/** Small sums for tables. */

export function mean(x: readonly number[]): number {
  return x.reduce((sum, value) => sum + value, 0) / x.length;
}

/** Mean with 95 % interval from the spread between runs. */
export function interval(x: readonly number[]): { y: number; low: number; high: number } {
  const y = mean(x);
  const spread = Math.sqrt(x.reduce((sum, value) => sum + (value - y) ** 2, 0) / (x.length - 1));
  const reach = (1.96 * spread) / Math.sqrt(x.length);
  return { y, low: y - reach, high: y + reach };
}

export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
