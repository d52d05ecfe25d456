/** Tracks between the two halves of a run, on the disk: one line of JSON each. */

import { createReadStream } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import type { Track, Values } from './track.ts';

export function spoolLine(track: Track): string {
  return `${JSON.stringify(track)}\n`;
}

/** Yields the tracks of a file in order, holding no more of it than a piece. */
export async function* readSpool<Row extends Values>(path: string): AsyncGenerator<Track<Row>> {
  const decoder = new StringDecoder('utf8');
  let pieces: string[] = [];
  for await (const chunk of createReadStream(path)) {
    // Only \n ends a line: texts may hold what other readers take for line breaks.
    const lines = decoder.write(chunk).split('\n');
    for (let i = 0; i + 1 < lines.length; i++) {
      pieces.push(lines[i]);
      yield JSON.parse(pieces.join(''));
      pieces = [];
    }
    pieces.push(lines[lines.length - 1]);
  }
}
