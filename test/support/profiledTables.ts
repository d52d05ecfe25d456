/** Plain tables given as text, looked through. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Finding } from '../../src/evaluation/profile/finding.ts';
import { type Profile, profileOf } from '../../src/evaluation/profile/profile.ts';
import type { Profiled } from '../../src/evaluation/profile/profiled.ts';
import { type ProfiledFiles, readProfiled } from '../../src/evaluation/profile/readProfiled.ts';
import type { TimeStructure } from '../../src/mdp/timeStructure.ts';

type Texts = { readonly [Table in keyof ProfiledFiles]?: string };

export interface Looked {
  readonly profile: Profile;
  /** Throws where the trajectories could not be read. */
  readonly data: Profiled;
  readonly measures: NonNullable<Profile['measures']>;
  /** What a check found. */
  readonly of: (check: string) => Finding[];
}

/** Rows are separated by line breaks or by spaces. */
export async function look(texts: Texts, time: TimeStructure | null = null): Promise<Looked> {
  const folder = mkdtempSync(join(tmpdir(), 'revealed-profile-'));
  try {
    const files: Record<string, string> = {};
    for (const [table, text] of Object.entries(texts)) {
      files[table] = join(folder, `${table}.csv`);
      writeFileSync(files[table], `${text.trim().replace(/\s+/g, '\n')}\n`);
    }
    const source = await readProfiled(files as unknown as ProfiledFiles, time);
    const profile = profileOf('test', source, null);
    if (!source.data || !profile.measures) throw new Error('nothing was read');
    return {
      profile,
      data: source.data,
      measures: profile.measures,
      of: (check) => profile.findings.filter((finding) => finding.check === check),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A line of `n` states with steps to both sides, called `up` and `down`. */
export function lineWorld(n: number): string {
  const rows = Array.from({ length: n }, (_, s) => [
    `s${s},up,s${Math.min(s + 1, n - 1)}`,
    `s${s},down,s${Math.max(s - 1, 0)}`,
  ]);
  return ['state,action,next_state', ...rows.flat()].join(' ');
}
