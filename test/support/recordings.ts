import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../references/recordings/', import.meta.url));
const EXPERT = fileURLToPath(new URL('../../../shared/expert/', import.meta.url));

/** Returns the path of a small recording that another program wrote (see make.py there). */
export function recording(name: string): string {
  return FOLDER + name;
}

/** What an episode of the recordings holds, by the program that wrote them. */
export interface ExpectedEpisode {
  readonly observations: readonly (number | readonly number[])[];
  readonly actions: readonly (number | readonly number[])[];
  readonly rewards: readonly number[];
  readonly end: string;
}

export const expected = JSON.parse(readFileSync(recording('expected.json'), 'utf8')) as {
  readonly continuous: readonly ExpectedEpisode[];
  readonly discrete: readonly ExpectedEpisode[];
};

/** Returns the path of expert rollouts, or null, said aloud, where they are not there. */
export function expert(name: string): string | null {
  if (existsSync(EXPERT + name)) return EXPERT + name;
  process.stderr.write(`SKIPPED: no ${name} in ${EXPERT}; its tests need it\n`);
  return null;
}
