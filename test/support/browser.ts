/** A headless browser from the system, where there is one. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** The path of a browser on the PATH; null, said loudly, where there is none. */
export function findBrowser(): string | null {
  const folders = (process.env.PATH ?? '').split(':').filter((folder) => folder !== '');
  const found = folders
    .flatMap((folder) => NAMES.map((name) => join(folder, name)))
    .find((path) => existsSync(path));
  if (found !== undefined) return found;
  process.stderr.write(
    `SKIPPED: no browser (${NAMES.join(', ')}) on the PATH; tests that open pages need one\n`,
  );
  return null;
}
