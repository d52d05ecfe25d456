/** The experiments of a study; one with splits is the same experiment once per split. */

import { buildWorld } from './experiment.ts';
import { curveCells } from './run/learningCurve.ts';
import type { Cell, Study } from './study.ts';

type SplitStudy = Extract<Study, { readonly cells?: undefined }>;

/**
 * The experiments of a study: its cells, its splits, or itself under its own name; and after its
 * splits those that its learning curve needs.
 *
 * @param seed of what the learning curve is drawn by
 */
export async function cellsOfStudy(study: Study, seed: number): Promise<readonly Cell[]> {
  const whole = study.cells ?? (study.splits ? await cellsOfSplits(study) : [withoutCurve(study)]);
  const plan = study.cells ? undefined : study.curve;
  const cells = plan ? [...whole, ...curveCells(plan, whole, seed)] : whole;
  const names = new Set<string>();
  for (const { name } of cells) {
    if (names.has(name))
      throw new RangeError(`Cannot run study "${study.name}": two cells are called "${name}"`);
    names.add(name);
  }
  return cells;
}

function withoutCurve({ curve, ...study }: SplitStudy): Cell {
  if (curve)
    throw new RangeError(
      `Cannot draw a learning curve of study "${study.name}": nothing says what to hold out`,
    );
  return study;
}

/** Reads the recordings and builds the world once, and makes a cell of every split, named like it. */
async function cellsOfSplits(study: SplitStudy): Promise<Cell[]> {
  if (!study.splits) throw new TypeError(`Cannot split study "${study.name}": it says not how`);
  const recordings = await study.data();
  const { splits, file, warnings } = await study.splits(recordings);
  if (splits.length === 0)
    throw new RangeError(`Cannot run study "${study.name}": it names no splits`);
  const { holdOut: _fold, published: _published, curve: _curve, ...experiment } = study;
  const read = {
    ...recordings,
    files: file ? [...recordings.files, file] : recordings.files,
    warnings: [...(recordings.warnings ?? []), ...warnings],
  };
  const { world, features } = buildWorld(study, read);
  const { changed } = experiment;
  let there: ReturnType<NonNullable<typeof changed>> | undefined;
  const once: typeof changed = changed && ((data, home) => (there ??= changed(data, home)));
  return splits.map((split) => ({
    ...experiment,
    ...(once ? { changed: once } : {}),
    name: split.name,
    data: () => read,
    world,
    features: () => features,
    split,
  }));
}
