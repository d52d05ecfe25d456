/**
 * A stage of a pipeline: takes item after item and hands on others. It never waits and never reads
 * ahead; what it keeps between items can be saved and given back, so that a run can be taken up
 * again. Every row that comes in is handed on, refused with a reason, or merged into another.
 *
 *   rows in + inserted = rows out + refused + merged
 */

/** A row that goes no further. */
export interface Refusal {
  /** Where it stands in its source; 0 for a row that a stage made. */
  readonly place: number;
  /** Why, in words that many rows share: they are counted by it. */
  readonly reason: string;
  /** What was wrong with this one. */
  readonly detail?: string;
  /** What it holds, where it is at hand. */
  readonly row?: unknown;
}

/** Why a row that was inserted goes no further: the recorded rows beside it have reasons of their own. */
export const INSERTED_REFUSED = 'inserted beside recorded rows that are refused';

/** Where a stage puts what it makes. */
export interface Outlet<Out> {
  readonly emit: (item: Out) => void;
  readonly refuse: (refusal: Refusal) => void;
  /** Rows that became one with others. */
  readonly merge: (rows: number) => void;
  /** Rows that nobody recorded and a stage added. */
  readonly insert: (rows: number) => void;
  /** Counts something worth knowing that loses no row: `gap`. */
  readonly note: (what: string, times?: number) => void;
}

export interface StageRun<In> {
  readonly take: (item: In) => void;
  /** Hands on what is left; to be called once, after the last item. */
  readonly finish: () => void;
  /** What it keeps, as plain data; what it shares with the run is not to be kept by the caller. */
  readonly save: () => unknown;
  /** What it found beside counts, for the manifest: plain data. */
  readonly measures?: () => Readonly<Record<string, unknown>>;
}

export interface Stage<In, Out> {
  readonly name: string;
  /** What it was asked for, as a manifest tells it: plain data, functions as their text. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** @param saved what `save` of an earlier run gave, read back from JSON */
  readonly begin: (outlet: Outlet<Out>, saved?: unknown) => StageRun<In>;
}

/** What went through a stage, in rows. */
export interface StageCounts {
  readonly stage: string;
  in: number;
  out: number;
  merged: number;
  inserted: number;
  /** Refused rows by reason. */
  readonly refused: Record<string, number>;
  /** Other things worth knowing. */
  readonly notes: Record<string, number>;
}

export function noCounts(stage: string): StageCounts {
  return { stage, in: 0, out: 0, merged: 0, inserted: 0, refused: {}, notes: {} };
}

/** How many rows an item stands for. */
export function rowsOf(item: unknown): number {
  const { places } = item as { readonly places?: readonly number[] };
  return places === undefined ? 1 : places.length;
}

/** Begins a stage that adds to `counts` whatever passes. */
export function countedStage<In, Out>(
  stage: Stage<In, Out>,
  counts: StageCounts,
  emit: (item: Out) => void,
  refuse: (refusal: Refusal, stage: string) => void,
  saved?: unknown,
): StageRun<In> {
  const outlet: Outlet<Out> = {
    emit(item) {
      counts.out += rowsOf(item);
      emit(item);
    },
    refuse(refusal) {
      add(counts.refused, refusal.reason, 1);
      refuse(refusal, stage.name);
    },
    merge(rows) {
      counts.merged += rows;
    },
    insert(rows) {
      counts.inserted += rows;
    },
    note(what, times = 1) {
      add(counts.notes, what, times);
    },
  };
  const run = stage.begin(outlet, saved);
  return {
    ...run,
    take(item) {
      counts.in += rowsOf(item);
      run.take(item);
    },
  };
}

function add(counts: Record<string, number>, key: string, times: number): void {
  counts[key] = (Object.hasOwn(counts, key) ? counts[key] : 0) + times;
}

/**
 * Runs one stage alone over a stream of batches, reading on only when asked. Returns what passed.
 *
 * @param onRefused is told of every refused row
 */
export async function* through<In, Out>(
  stage: Stage<In, Out>,
  batches: AsyncIterable<readonly In[]> | Iterable<readonly In[]>,
  onRefused: (refusal: Refusal) => void = () => {},
): AsyncGenerator<readonly Out[], StageCounts> {
  const counts = noCounts(stage.name);
  let made: Out[] = [];
  const run = countedStage(stage, counts, (item) => made.push(item), onRefused);
  for await (const batch of batches) {
    for (const item of batch) run.take(item);
    if (made.length === 0) continue;
    yield made;
    made = [];
  }
  run.finish();
  if (made.length > 0) yield made;
  return counts;
}

/** Options as a manifest tells them: functions as their text, what is undefined left out. */
export function settingsOf(options: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(options)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [key, settingOf(value)]),
  );
}

function settingOf(value: unknown): unknown {
  if (typeof value === 'function') return value.toString();
  if (Array.isArray(value)) return value.map(settingOf);
  if (typeof value === 'object' && value !== null) return settingsOf(value);
  return value;
}
