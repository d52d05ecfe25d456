import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const SHARED = fileURLToPath(new URL('../../../shared/datasets', import.meta.url));

/**
 * Whether the files of a data set that is not shipped lie beside the project or where REVEALED_DATA
 * points; makes loaders find them, and says so where tests have to be skipped.
 */
export function hasSharedData(dataset: string): boolean {
  process.env.REVEALED_DATA ??= SHARED;
  const there = existsSync(`${process.env.REVEALED_DATA}/${dataset}`);
  if (!there) {
    process.stderr.write(
      `SKIPPED: no data set "${dataset}" in ${process.env.REVEALED_DATA}; its tests need it\n`,
    );
  }
  return there;
}
