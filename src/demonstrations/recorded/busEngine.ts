/**
 * Bus engines of the Madison Metropolitan Bus Company: monthly mileage, and when Harold Zurcher
 * replaced an engine (Rust 1987). One trajectory per bus, in the coordinates of `replacementWorld`.
 *
 * A bus in bin x has run (x · w, (x + 1) · w] miles since its engine was new, w = 450,000 / bins;
 * 0 miles is bin 0. Its first month is known but not a decision.
 *
 * First stage, by maximum likelihood: j of the steps between consecutive months, the one into the
 * first decision included,
 *
 *   j = x′ − x, or x′ + 1 after a replacement        p̂_j = n_j / n        LL = Σⱼ n_j log p̂_j
 *
 * Counting x′ + 1 is Rust's convention (a new engine's month is counted from below bin 0); the
 * model that the probabilities enter goes to 0 + j. Choice and first stage together reproduce the
 * paper's full log-likelihoods in Tables IX and X to 0.03.
 *
 * Reference: J. Rust (1987), Econometrica 55, 999–1033.
 */

import { z } from 'zod';
import { replacementPair } from '../../environments/replacement.ts';
import type { Trajectories } from '../../mdp/trajectories.ts';
import { type SharesStage, sharesStage } from '../sharesStage.ts';
import { openTable, type TableFile } from '../tables/readTable.ts';
import { NonNegative, StepNumber } from '../tables/tableCells.ts';
import { TableError } from '../tables/tableError.ts';
import { dataFile } from './dataHome.ts';

export const BusEngineOptions = z.strictObject({
  groups: z
    .array(z.int().min(1).max(4))
    .min(1)
    .default([4])
    .describe('Which groups of buses, 1 to 4: makes of engine and bus'),
  bins: z
    .int()
    .min(2)
    .default(90)
    .describe('How many bins 450,000 miles are cut into; 90 and 175 are published'),
});
export type BusEngineOptions = z.input<typeof BusEngineOptions>;

export interface BusEngine {
  /** One per bus; every row is a decision, the last one's outcome is not recorded. */
  readonly trajectories: Trajectories;
  /** How mileage grows: the shares of months in which it rose by 0, 1, 2, … bins. */
  readonly firstStage: SharesStage;
  readonly files: readonly TableFile[];
}

/** A bus, month after month. */
interface Bus {
  readonly name: string;
  readonly group: number;
  readonly bin: number[];
  readonly replaced: boolean[];
}

const MILES = 450_000;

const Month = z.object({
  group: StepNumber,
  bus_id: z.string(),
  period: StepNumber,
  miles_since_replacement: NonNegative,
  replaced: z.literal(['0', '1'], 'must be 0 or 1').transform((text) => text === '1'),
});

/** Reads the buses of the chosen groups. */
export async function busEngine(options: BusEngineOptions = {}): Promise<BusEngine> {
  const { groups, bins } = BusEngineOptions.parse(options);
  const { buses, files } = await readBuses(bins);
  const chosen = buses.filter((bus) => groups.includes(bus.group));
  return { trajectories: decisionsOf(chosen), firstStage: stepsOf(chosen), files };
}

/** Returns the bin of a mileage: (0, w] is 0, (w, 2w] is 1, … with w = 450,000 / bins miles. */
export function mileageBin(miles: number, bins: number): number {
  return Math.max(0, Math.ceil((miles * bins) / MILES) - 1);
}

async function readBuses(bins: number): Promise<{ buses: Bus[]; files: TableFile[] }> {
  const table = await openTable(dataFile('bus_engine', 'observations.csv'), {
    required: Object.keys(Month.shape),
    optional: [],
    further: 'ignored',
  });
  const buses: Bus[] = [];
  for await (const { line, values } of table.rows(Month)) {
    let bus = buses.at(-1);
    if (bus?.name !== values.bus_id) {
      bus = { name: values.bus_id, group: values.group, bin: [], replaced: [] };
      buses.push(bus);
    }
    if (values.period !== bus.bin.length) {
      throw new TableError(
        table.name,
        line,
        `bus ${bus.name} must go on with period ${bus.bin.length}, got ${values.period}`,
      );
    }
    const bin = mileageBin(values.miles_since_replacement, bins);
    if (bin >= bins) {
      throw new TableError(table.name, line, `mileage must be at most ${MILES}, in bin ${bin}`);
    }
    const before = bus.replaced.at(-1) ? 0 : (bus.bin.at(-1) ?? 0);
    if (bin < before) {
      throw new TableError(
        table.name,
        line,
        `mileage must not fall without a replacement, from bin ${before} to ${bin}`,
      );
    }
    bus.bin.push(bin);
    bus.replaced.push(values.replaced);
  }
  return { buses, files: [table.summary()] };
}

/** Returns the months of decision, the first of each bus left out. */
function decisionsOf(buses: readonly Bus[]): Trajectories {
  const count = buses.length;
  const rowStart = new Int32Array(count + 1);
  buses.forEach((bus, i) => {
    rowStart[i + 1] = rowStart[i] + bus.bin.length - 1;
  });
  const state = Int32Array.from(buses.flatMap((bus) => bus.bin.slice(1)));
  const replaced = buses.flatMap((bus) => bus.replaced.slice(1));
  return {
    count,
    rowStart,
    state,
    pair: state.map((bin, row) => replacementPair(bin, replaced[row])),
    goal: new Int32Array(count).fill(-1),
    weight: new Float64Array(count).fill(1),
    stopped: new Uint8Array(count),
    names: buses.map((bus) => bus.name),
    folds: null,
  };
}

function stepsOf(buses: readonly Bus[]): SharesStage {
  const countsOf = buses.map(({ bin, replaced }) => {
    const counts: number[] = [];
    for (let month = 1; month < bin.length; month++) {
      const step = replaced[month - 1] ? bin[month] + 1 : bin[month] - bin[month - 1];
      while (counts.length <= step) counts.push(0);
      counts[step]++;
    }
    return counts;
  });
  return sharesStage(countsOf, (j) => `step ${j}`);
}
