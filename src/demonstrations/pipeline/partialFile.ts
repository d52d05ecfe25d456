/**
 * A file that grows under another name (`.partial`) until it is whole. It can be cut back to a
 * length that was reached before, and written on from there.
 */

import {
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  renameSync,
  writeSync,
} from 'node:fs';

/** Characters that are gathered before they are written. */
const BUFFERED = 1 << 16;

export interface PartialFile {
  readonly write: (text: string) => void;
  /** Brings all that was written to the disk; returns the length of the file in bytes. */
  readonly flush: () => number;
  /** Gives the file back without writing what is still gathered. */
  readonly close: () => void;
}

/** Opens `path.partial`, cut to `length` bytes; what it held beyond is lost. */
export function openPartial(path: string, length: number): PartialFile {
  const descriptor = openSync(partialPath(path), existsSync(partialPath(path)) ? 'r+' : 'w');
  ftruncateSync(descriptor, length);
  let position = length;
  let gathered: string[] = [];
  let size = 0;
  const drain = () => {
    const bytes = Buffer.from(gathered.join(''), 'utf8');
    for (let at = 0; at < bytes.length; )
      at += writeSync(descriptor, bytes, at, bytes.length - at, position + at);
    position += bytes.length;
    gathered = [];
    size = 0;
  };
  return {
    write(text) {
      gathered.push(text);
      size += text.length;
      if (size >= BUFFERED) drain();
    },
    flush() {
      drain();
      fsyncSync(descriptor);
      return position;
    },
    close: () => closeSync(descriptor),
  };
}

export function partialPath(path: string): string {
  return `${path}.partial`;
}

/** Gives a whole file its name; does nothing where that was done before. */
export function makeWhole(path: string): void {
  if (existsSync(partialPath(path))) renameSync(partialPath(path), path);
}
