/**
 * Fair times on a machine that does other things too: CPU time instead of the clock on the wall,
 * variants in turns, the least of several rounds.
 */

/** Milliseconds of CPU that all threads of this process have used. */
function cpuMilliseconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Returns the CPU milliseconds of one call of `work`, the mean over `repeats` calls. */
export function cpuTime(work: () => void, repeats = 1): number {
  const start = cpuMilliseconds();
  for (let i = 0; i < repeats; i++) work();
  return (cpuMilliseconds() - start) / repeats;
}

/** Returns how many calls of `work` take about `milliseconds`. */
export function repeatsFor(work: () => void, milliseconds = 20): number {
  work();
  const once = Math.max(1e-3, cpuTime(work, 3));
  return Math.max(1, Math.round(milliseconds / once));
}

/**
 * Measures variants in turns, one after another within each round, and returns the least of each.
 *
 * @param variants each measures itself once and returns milliseconds
 */
export async function leastOf<Name extends string>(
  variants: Readonly<Record<Name, () => number | Promise<number>>>,
  rounds: number,
): Promise<Record<Name, number>> {
  const names = Object.keys(variants) as Name[];
  const least = Object.fromEntries(names.map((name) => [name, Number.POSITIVE_INFINITY])) as Record<
    Name,
    number
  >;
  for (let round = 0; round < rounds; round++)
    for (const name of names) least[name] = Math.min(least[name], await variants[name]());
  return least;
}
