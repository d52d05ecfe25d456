/**
 * GeoJSON tracks as a source: one record per position of each LineString or MultiLineString, and one
 * per Point. `feature`, `segment` and `point` count from 0 in the order of the file; times come
 * from the property `coordTimes`, `times` or `coordinateProperties.times`, one per position; the
 * plain properties of the feature stand in each of its records.
 *
 * Reference: RFC 7946; times as toGeoJSON writes them.
 */

import { basename, resolve } from 'node:path';
import { TableError } from '../tables/tableError.ts';
import { flatFields } from './flatFields.ts';
import type { FieldValue, Source, SourceItem } from './source.ts';
import { TextOptions, textChunks } from './textChunks.ts';

/** GeoJSON has to be read whole before its first position is known. */
const DEFAULT_LIMIT = 2 ** 28;

/** Opens a GeoJSON file, packed with gzip or Zstandard or not; it is held in memory. */
export function geoJsonSource(path: string, options: TextOptions = {}): Source {
  const given = TextOptions.parse({ maxUnpacked: DEFAULT_LIMIT, ...options });
  const name = basename(path);
  return {
    name,
    files: [resolve(path)],
    unit: 'point',
    async *read() {
      const parts: string[] = [];
      for await (const text of textChunks(path, given)) parts.push(text);
      let value: unknown;
      try {
        value = JSON.parse(parts.join(''));
      } catch (error) {
        throw new TableError(name, null, `is not JSON (${(error as Error).message})`, {
          cause: error,
        });
      }
      let place = 0;
      for (const [number, feature] of featuresOf(name, value).entries()) {
        const items: SourceItem[] = [];
        for (const found of positionsOf(feature, number)) {
          place++;
          items.push(
            typeof found === 'string'
              ? { place, problem: found, text: JSON.stringify(feature).slice(0, 1000) }
              : { place, fields: found },
          );
        }
        if (items.length > 0) yield items;
      }
      if (place === 0) throw new TableError(name, null, 'has no lines or points');
    },
  };
}

type Json = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function featuresOf(file: string, value: unknown): readonly unknown[] {
  if (isObject(value)) {
    if (value.type === 'FeatureCollection' && Array.isArray(value.features)) return value.features;
    if (value.type === 'Feature') return [value];
    if (Array.isArray(value.coordinates)) return [{ type: 'Feature', geometry: value }];
  }
  throw new TableError(
    file,
    null,
    'is no GeoJSON: wanted a FeatureCollection, Feature or geometry',
  );
}

/** Yields the records of a feature, or what is wrong with it. */
function* positionsOf(
  feature: unknown,
  number: number,
): Generator<Record<string, FieldValue> | string> {
  if (!isObject(feature) || !isObject(feature.geometry))
    return yield `feature ${number} has no geometry`;
  const { type, coordinates } = feature.geometry;
  const properties = isObject(feature.properties) ? feature.properties : {};
  const lines =
    type === 'LineString'
      ? [coordinates]
      : type === 'MultiLineString'
        ? coordinates
        : type === 'Point'
          ? [[coordinates]]
          : null;
  if (!Array.isArray(lines) || !lines.every((line) => Array.isArray(line)))
    return yield `feature ${number} is a ${String(type)}, wanted a LineString, MultiLineString or Point`;
  const { coordTimes, times, coordinateProperties, ...plain } = properties;
  const inner = isObject(coordinateProperties) ? coordinateProperties.times : undefined;
  const given = coordTimes ?? times ?? inner ?? null;
  const timesOf = (segment: number): unknown =>
    type === 'MultiLineString' && Array.isArray(given) ? given[segment] : given;
  const shared = flatFields(withoutLists(plain), null);
  if (typeof shared === 'string') return yield `feature ${number} ${shared}`;
  for (const [segment, line] of (lines as unknown[][]).entries()) {
    const at = type === 'Point' ? null : timesOf(segment);
    if (at !== null && !(Array.isArray(at) && at.length === line.length)) {
      yield `feature ${number} has ${Array.isArray(at) ? at.length : 'no list of'} times for ${line.length} positions`;
      continue;
    }
    for (const [point, position] of line.entries()) {
      const fields = positionFields(position);
      if (typeof fields === 'string') yield `position ${point} of feature ${number} ${fields}`;
      else {
        const time: unknown = at?.[point];
        if (at !== null && typeof time !== 'string' && typeof time !== 'number')
          yield `time ${point} of feature ${number} is neither text nor a number`;
        else
          yield {
            ...shared,
            feature: number,
            segment,
            point,
            ...fields,
            ...(at === null ? {} : { time: time as FieldValue }),
          };
      }
    }
  }
}

/** Lists in properties describe the line as a whole, not a position. */
function withoutLists(properties: Json): Json {
  return Object.fromEntries(
    Object.entries(properties).filter(
      ([key, value]) => !Array.isArray(value) && !isObject(value) && key !== '__proto__',
    ),
  );
}

function positionFields(position: unknown): Record<string, FieldValue> | string {
  if (!Array.isArray(position) || !position.every((x) => typeof x === 'number'))
    return 'is not a list of numbers';
  const [longitude, latitude, elevation] = position as number[];
  if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180))
    return 'must be longitude within ±180 and latitude within ±90';
  return { latitude, longitude, ...(elevation === undefined ? {} : { elevation }) };
}
