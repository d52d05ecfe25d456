import { describe, expect, test } from 'vitest';
import { geoJsonSource } from '../../../src/demonstrations/sources/geoJsonSource.ts';
import { gpxSource } from '../../../src/demonstrations/sources/gpxSource.ts';
import { failure, tableFile } from '../tables/tableFiles.ts';
import { readSource } from './readSource.ts';

const gpx = (inside: string) =>
  `<?xml version="1.0"?>\n<gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1">\n${inside}\n</gpx>\n`;
const point = '<trkpt lat="1" lon="2"/>';
const readGpx = (text: string) => readSource(gpxSource(tableFile('a.gpx', text)));
const readGeo = (value: unknown) =>
  readSource(geoJsonSource(tableFile('a.geojson', JSON.stringify(value))));

test('gpxSource gives each point its track, segment and fields', async () => {
  const text = gpx(`<metadata><time>2020-01-01T00:00:00Z</time></metadata>
<wpt lat="9" lon="9"><name>home</name></wpt>
<rte><rtept lat="8" lon="8"/></rte>
<trk><name>a &amp; b</name><trkseg>
<trkpt lat="57.70" lon="-11.97"><ele>4.5</ele><time>2020-01-01T00:00:01Z</time><extensions><x:TrackPointExtension xmlns:x="urn:x"><x:hr>90</x:hr></x:TrackPointExtension></extensions></trkpt>
<trkpt lon="-11.98" lat="57.71"/></trkseg>
<trkseg><trkpt lat="0" lon="180"><name><![CDATA[<here>]]></name></trkpt></trkseg></trk>
<trk><trkseg>${point}</trkseg></trk>`);
  expect(await readGpx(text)).toEqual({
    records: [
      {
        place: 7,
        fields: {
          track: 0,
          segment: 0,
          point: 0,
          latitude: 57.7,
          longitude: -11.97,
          ele: '4.5',
          time: '2020-01-01T00:00:01Z',
          hr: '90',
        },
      },
      {
        place: 8,
        fields: { track: 0, segment: 0, point: 1, latitude: 57.71, longitude: -11.98 },
      },
      {
        place: 9,
        fields: { track: 0, segment: 1, point: 0, latitude: 0, longitude: 180, name: '<here>' },
      },
      { place: 10, fields: { track: 1, segment: 0, point: 0, latitude: 1, longitude: 2 } },
    ],
    malformed: [],
  });
});

test('gpxSource hands on points that are nowhere', async () => {
  const points = ['lat="91" lon="0"', 'lat="1"', 'lat="1,5" lon="2"', 'lat="NaN" lon="0"'];
  const text = gpx(
    `<trk><trkseg>${points.map((p) => `<trkpt ${p}/>\n`).join('')}<trkpt lat="1" lon="2"><ele>1</ele><ele>2</ele></trkpt></trkseg></trk>`,
  );
  const { records, malformed } = await readGpx(text);
  expect(records).toEqual([]);
  expect(malformed.map(({ place, problem }) => [place, problem.slice(0, 20)])).toEqual([
    [3, 'must have lat within'],
    [4, 'must have lat within'],
    [5, 'must have lat within'],
    [6, 'must have lat within'],
    [7, 'has <ele> twice'],
  ]);
});

describe('what is no GPX is refused with its line', () => {
  test.each([
    ['<kml>\n</kml>', 'a.gpx:1: is <kml>, wanted <gpx>'],
    [gpx('<wpt lat="1" lon="2"/>'), 'a.gpx: has no track points (<trkpt>)'],
    [gpx(`<trk><trkseg>${point}`), 'a.gpx:4: is not well-formed XML: unexpected close tag.'],
    [gpx(`<trk>${point}&bomb;</trk>`), 'a.gpx:3: is not well-formed XML: undefined entity.'],
    ['not XML', 'a.gpx:1: is not well-formed XML'],
    ['', 'a.gpx:1: is not well-formed XML: document must contain a root element.'],
    [`<gpx>${'<a>'.repeat(100)}`, 'a.gpx:1: is nested more than 64 elements deep'],
  ])('%j', async (text, message) => {
    expect(await failure(readGpx(text))).toContain(message);
  });

  test('an element without end is not held in memory', async () => {
    const path = tableFile('a.gpx', gpx(`<trk><name>${'x'.repeat(400_000)}</name></trk>`));
    expect(await failure(readSource(gpxSource(path, { maxRecord: 1000 })))).toBe(
      'TableError: a.gpx:3: goes on for more than 1000 characters without a tag',
    );
  });
});

const line = {
  type: 'Feature',
  properties: { id: 'x', coordTimes: ['t0', 't1'], list: [1] },
  geometry: {
    type: 'LineString',
    coordinates: [
      [11.97, 57.7, 4],
      [11.98, 57.71],
    ],
  },
};

test('geoJsonSource gives each position its feature, time and properties', async () => {
  const multi = {
    type: 'Feature',
    properties: {
      coordinateProperties: {
        times: [
          [1, 2],
          [3, 4],
        ],
      },
    },
    geometry: {
      type: 'MultiLineString',
      coordinates: [
        [
          [1, 2],
          [3, 4],
        ],
        [
          [5, 6],
          [7, 8],
        ],
      ],
    },
  };
  const place = {
    type: 'Feature',
    properties: { time: 'noon' },
    geometry: { type: 'Point', coordinates: [1, 2] },
  };
  const { records, malformed } = await readGeo({
    type: 'FeatureCollection',
    features: [line, multi, place],
  });
  expect(malformed).toEqual([]);
  expect(records.map(({ fields }) => fields)).toEqual([
    {
      id: 'x',
      feature: 0,
      segment: 0,
      point: 0,
      latitude: 57.7,
      longitude: 11.97,
      elevation: 4,
      time: 't0',
    },
    { id: 'x', feature: 0, segment: 0, point: 1, latitude: 57.71, longitude: 11.98, time: 't1' },
    ...[1, 2, 3, 4].map((time, i) => ({
      feature: 1,
      segment: i >> 1,
      point: i & 1,
      latitude: 2 * time,
      longitude: 2 * time - 1,
      time,
    })),
    { time: 'noon', feature: 2, segment: 0, point: 0, latitude: 2, longitude: 1 },
  ]);
  expect(records.map(({ place: at }) => at)).toEqual([1, 2, 3, 4, 5, 6, 7]);
});

test('geoJsonSource hands on what is no track, feature by feature', async () => {
  const { geometry } = line;
  const features = [
    { ...line, properties: { coordTimes: ['t0'] } },
    { type: 'Feature', geometry: null },
    { type: 'Feature', geometry: { type: 'Polygon', coordinates: [] } },
    {
      ...line,
      properties: null,
      geometry: { ...geometry, coordinates: [[1, 100], ['x'], [1, 2]] },
    },
  ];
  const { records, malformed } = await readGeo({ type: 'FeatureCollection', features });
  expect(records).toHaveLength(1);
  expect(malformed.map(({ problem }) => problem)).toEqual([
    'feature 0 has 1 times for 2 positions',
    'feature 1 has no geometry',
    'feature 2 is a Polygon, wanted a LineString, MultiLineString or Point',
    'position 0 of feature 3 must be longitude within ±180 and latitude within ±90',
    'position 1 of feature 3 is not a list of numbers',
  ]);
});

test.each([
  ['{"type": "Topology"}', 'a.geojson: is no GeoJSON'],
  ['{"type": ', 'a.geojson: is not JSON ('],
  ['{"type": "FeatureCollection", "features": []}', 'a.geojson: has no lines or points'],
])('geoJsonSource refuses %s', async (text, message) => {
  const source = geoJsonSource(tableFile('a.geojson', text));
  expect(await failure(readSource(source))).toContain(message);
});
