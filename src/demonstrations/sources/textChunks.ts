/** The text of a recording in any encoding, chunk by chunk, cut between characters. */

import { basename } from 'node:path';
import { TextDecoder } from 'node:util';
import { z } from 'zod';
import { TableError } from '../tables/tableError.ts';
import { fileBytes, firstBytes } from './fileBytes.ts';

/** What every source of text may be told. */
export const TextOptions = z.strictObject({
  encoding: z
    .string()
    .default('utf-8')
    .describe('Encoding by its label: utf-8, utf-16, windows-1252, … (WHATWG)'),
  maxUnpacked: z
    .int()
    .positive()
    .default(2 ** 34)
    .describe('Most bytes that a file may hold once unpacked'),
  maxRecord: z
    .int()
    .positive()
    .default(2 ** 20)
    .describe('Most characters that one record may have'),
});
/** What a caller may write; every field optional. */
export type TextOptions = z.input<typeof TextOptions>;

/** Stands where bytes are no character of the encoding; a record that holds it is malformed. */
export const REPLACEMENT = '\ufffd';

/** Yields the text of a file; throws a TableError where the file as a whole cannot be read. */
export async function* textChunks(
  path: string,
  { encoding, maxUnpacked }: Pick<z.output<typeof TextOptions>, 'encoding' | 'maxUnpacked'>,
): AsyncGenerator<string> {
  const file = basename(path);
  await firstBytes(path, 0);
  let decoder: TextDecoder | null = null;
  for await (const bytes of fileBytes(path, maxUnpacked)) {
    decoder ??= decoderFor(file, encoding, bytes);
    yield decoder.decode(bytes, { stream: true });
  }
  if (decoder === null) decoderFor(file, encoding, new Uint8Array(0));
  else yield decoder.decode();
}

/** Returns the decoder of an encoding, its byte order taken from the mark where there is one. */
function decoderFor(file: string, encoding: string, bytes: Uint8Array): TextDecoder {
  const mark = (bytes[0] << 8) | bytes[1];
  const bigEndian = mark === 0xfeff;
  const marked = bytes.length >= 2 && (bigEndian || mark === 0xfffe);
  const label = encoding.trim().toLowerCase();
  const isUtf16 = /^utf-?16/.test(label);
  if (marked && !isUtf16)
    throw new TableError(
      file,
      1,
      `begins as UTF-16 text does, but its encoding is given as ${encoding}; say utf-16`,
    );
  try {
    return new TextDecoder(isUtf16 && marked && bigEndian ? 'utf-16be' : label);
  } catch (cause) {
    throw new RangeError(
      `Cannot read ${file}: there is no encoding "${encoding}"; wanted utf-8, utf-16, windows-1252 or another WHATWG label`,
      { cause },
    );
  }
}
