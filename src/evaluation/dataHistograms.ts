/** A set of trajectories in a picture: how long they are, where decisions were made, what was done. */

import { eachDecision } from '../algorithms/eachDecision.ts';
import { decisionsPerTrajectory, type Problem } from '../algorithms/problem.ts';
import type { DataHistograms, DataSummary } from './resultFile.ts';

const MOST_BARS = 24;
/** Worlds with more actions than these have no bar for each. */
const MOST_ACTIONS = 24;

/** @param isCutOff whether a trajectory ends before its goal or horizon */
export function dataHistograms(
  problem: Problem,
  isCutOff: (trajectory: number) => boolean,
): DataHistograms {
  // Counts do not say how long anything lasted.
  const lengths = problem.trajectories.times
    ? new Float64Array(0)
    : decisionsPerTrajectory(problem);
  const bars = lengthBars(lengths).map((bar) => ({ ...bar, count: 0, cutOff: 0 }));
  lengths.forEach((length, i) => {
    const bar = bars.find(({ high }) => length <= high);
    if (!bar) return;
    bar.count++;
    if (isCutOff(i)) bar.cutOff++;
  });
  return { trajectories: bars, states: stateBars(problem) };
}

/** Decisions by action, in the order of the world; undefined where there are too many actions. */
export function countChoices({ world, trajectories }: Problem): DataSummary['choices'] {
  if (world.actionNames.length > MOST_ACTIONS) return undefined;
  const counts = new Float64Array(world.actionNames.length);
  const { pair, times } = trajectories;
  eachDecision(trajectories, (i, row) => {
    if (pair[row] >= 0) counts[world.pairAction[pair[row]]] += times?.[i] ?? 1;
  });
  return world.actionNames.map((action, a) => ({ action, count: counts[a] }));
}

/** Ranges of equal, round width that hold every length. */
export function lengthBars(lengths: Float64Array): { low: number; high: number }[] {
  if (lengths.length === 0) return [];
  const shortest = lengths.reduce((a, b) => Math.min(a, b));
  const longest = lengths.reduce((a, b) => Math.max(a, b));
  const width = roundUp((longest - shortest + 1) / MOST_BARS);
  const first = width === 1 ? shortest : Math.floor(shortest / width) * width;
  const bars: { low: number; high: number }[] = [];
  for (let low = first; low <= longest; low += width) bars.push({ low, high: low + width - 1 });
  return bars;
}

/** The next of 1, 2, 5, 10, 20, 50, … */
function roundUp(x: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(x, 1)));
  const step = [1, 2, 5, 10].find((factor) => factor * power >= x - 1e-9) ?? 10;
  return step * power;
}

/** States that offer a choice by how often somebody decided there: never, once, 2–3, 4–7, … */
function stateBars({
  world,
  trajectories,
}: Problem): { low: number; high: number; count: number }[] {
  const { mdp } = world;
  const seen = new Float64Array(mdp.stateCount);
  eachDecision(trajectories, (i, row) => {
    seen[trajectories.state[row]] += trajectories.times?.[i] ?? 1;
  });
  const counts: number[] = [];
  for (let s = 0; s < mdp.stateCount; s++) {
    if (mdp.pairStart[s] === mdp.pairStart[s + 1] && seen[s] === 0) continue;
    const bar = seen[s] === 0 ? 0 : 1 + Math.floor(Math.log2(seen[s]));
    counts[bar] = (counts[bar] ?? 0) + 1;
  }
  return Array.from(counts, (count, bar) => ({
    low: bar === 0 ? 0 : 2 ** (bar - 1),
    high: bar === 0 ? 0 : 2 ** bar - 1,
    count: count ?? 0,
  }));
}
