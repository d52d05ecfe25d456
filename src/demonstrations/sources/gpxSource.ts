/**
 * GPX tracks as a source: one record per recorded point, `track`, `segment` and `point` counting
 * from 0 in the order of the file, `latitude`, `longitude`, and the plain fields of the point
 * (`time`, `ele`, `speed`, …, those of extensions too) as text. Routes and waypoints are places that
 * somebody planned or marked, not where somebody was, and are left out.
 *
 * Reference: GPX 1.1 schema, https://www.topografix.com/GPX/1/1/
 */

import { basename, resolve } from 'node:path';
import type { z } from 'zod';
import { parseDecimal } from '../tables/tableCells.ts';
import { TableError } from '../tables/tableError.ts';
import type { FieldValue, Source, SourceItem } from './source.ts';
import { TextOptions, textChunks } from './textChunks.ts';

/** How deep elements may be nested. */
const DEPTH = 64;

/** The point that is being read. */
interface Point {
  readonly line: number;
  readonly attributes: Readonly<Record<string, string>>;
  readonly fields: Record<string, FieldValue>;
  /** Field that is written twice, which is no plain point. */
  doubled: string | null;
}

/** Opens a GPX file, packed with gzip or Zstandard or not. */
export function gpxSource(path: string, options: TextOptions = {}): Source {
  const given = TextOptions.parse(options);
  return {
    name: basename(path),
    files: [resolve(path)],
    unit: 'line',
    read: () => readPoints(path, given),
  };
}

async function* readPoints(
  path: string,
  given: z.output<typeof TextOptions>,
): AsyncGenerator<readonly SourceItem[]> {
  const file = basename(path);
  const { SaxesParser } = await import('saxes');
  const parser = new SaxesParser();
  let items: SourceItem[] = [];
  const open: string[] = [];
  let track = -1;
  let segment = -1;
  let number = -1;
  let point: Point | null = null;
  let text = '';
  let seen = 0;
  /** Characters since the last tag: what the parser has to hold. */
  let since = 0;
  parser.on('error', (error) => {
    const said = error.message.replace(/^\d+:\d+: /, '');
    throw new TableError(file, parser.line, `is not well-formed XML: ${said}`);
  });
  parser.on('opentag', ({ name, attributes }) => {
    const tag = plainName(name);
    if (open.length === 0 && tag !== 'gpx')
      throw new TableError(file, parser.line, `is <${tag}>, wanted <gpx>`);
    if (tag === 'trk') [track, segment] = [track + 1, -1];
    else if (tag === 'trkseg') [segment, number] = [segment + 1, -1];
    else if (tag === 'trkpt') {
      number++;
      point = { line: parser.line, attributes, fields: {}, doubled: null };
    }
    open.push(tag);
    if (open.length > DEPTH)
      throw new TableError(file, parser.line, `is nested more than ${DEPTH} elements deep`);
    text = '';
    since = 0;
  });
  const addText = (more: string): void => {
    text += more;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('closetag', () => {
    const tag = open.pop()!;
    if (tag === 'trkpt' && point !== null) {
      items.push(itemOf(point, { track, segment, point: number }));
      seen++;
      point = null;
    } else if (point !== null && text.trim() !== '' && tag !== '__proto__') {
      if (Object.hasOwn(point.fields, tag)) point.doubled ??= tag;
      point.fields[tag] = text.trim();
    }
    text = '';
    since = 0;
  });
  for await (const chunk of textChunks(path, given)) {
    parser.write(chunk);
    since += chunk.length;
    if (since > given.maxRecord + chunk.length)
      throw new TableError(
        file,
        parser.line,
        `goes on for more than ${given.maxRecord} characters without a tag`,
      );
    if (items.length > 0) yield items;
    items = [];
  }
  parser.close();
  if (items.length > 0) yield items;
  if (seen === 0) throw new TableError(file, null, 'has no track points (<trkpt>)');
}

function itemOf(
  { line: place, attributes, fields, doubled }: Point,
  numbers: Record<string, number>,
): SourceItem {
  const { lat = '', lon = '' } = attributes;
  const latitude = parseDecimal(lat.trim());
  const longitude = parseDecimal(lon.trim());
  const text = `lat="${lat}" lon="${lon}"`;
  if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180))
    return { place, problem: 'must have lat within ±90 and lon within ±180', text };
  if (doubled !== null) return { place, problem: `has <${doubled}> twice`, text };
  return { place, fields: { ...numbers, latitude, longitude, ...fields } };
}

/** Returns a tag without the prefix of its namespace. */
function plainName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
