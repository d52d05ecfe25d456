/** The files of a study beside the one it is named by: what tells two versions of it apart. */

import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

const IMPORT = /\b(?:from|import)\s*\(?\s*['"](\.{1,2}\/[^'"]+)['"]/g;

/**
 * Returns the file and those it imports by relative paths, and so on; each once, absolute. Paths
 * that lead to no file are left out: what loads them will say so.
 */
export function withImportedFiles(file: string): string[] {
  const found = new Set([resolve(file)]);
  // A set hands out what is added while it is gone through.
  for (const path of found)
    for (const [, specifier] of readFileSync(path, 'utf8').matchAll(IMPORT)) {
      const target = resolve(dirname(path), specifier);
      if (existsSync(target)) found.add(target);
    }
  return [...found];
}
