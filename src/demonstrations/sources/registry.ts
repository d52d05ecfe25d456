/** Every format that recordings are read from. A format is one file and one line here. */

import type { CsvOptions } from './csvSource.ts';
import type { EpisodeFile, EpisodeOptions } from './episodes.ts';
import type { Source } from './source.ts';
import type { SqliteOptions } from './sqliteSource.ts';
import type { SqlOptions } from './sqlSource.ts';

/** What reading may be told; each format takes some of it. */
export type ReadOptions = CsvOptions &
  EpisodeOptions &
  Pick<SqlOptions, 'memory'> &
  Pick<SqliteOptions, 'table'>;

/** A file, opened: records of any kind, or episodes of numbers. */
export type Recording =
  | { readonly kind: 'records'; readonly source: Source }
  | { readonly kind: 'episodes'; readonly file: EpisodeFile };

export interface Format {
  readonly summary: string;
  /** Endings of file names, without .gz and .zst. */
  readonly endings: readonly string[];
  /** What such files begin with, where that tells them; as Latin-1. */
  readonly magic?: string;
  readonly takes: readonly (keyof ReadOptions)[];
  readonly open: (path: string, options: ReadOptions) => Promise<Recording>;
}

const TEXT = ['encoding', 'maxUnpacked', 'maxRecord'] as const;
const CSV = [...TEXT, 'delimiter', 'quote', 'comment', 'columns'] as const;
const EPISODES = ['timeLimit', 'maxUnpacked'] as const;

function records(source: Source): Recording {
  return { kind: 'records', source };
}

function episodes(file: EpisodeFile): Recording {
  return { kind: 'episodes', file };
}

export const formats = {
  csv: {
    summary: 'delimited text, .gz and .zst too',
    endings: ['.csv'],
    takes: CSV,
    open: async (path, options) =>
      records((await import('./csvSource.ts')).csvSource(path, options)),
  },
  tsv: {
    summary: 'text delimited by tabs, .gz and .zst too',
    endings: ['.tsv'],
    takes: CSV,
    open: async (path, options) =>
      records((await import('./csvSource.ts')).csvSource(path, { delimiter: '\t', ...options })),
  },
  jsonl: {
    summary: 'one JSON object per line, .gz and .zst too',
    endings: ['.jsonl', '.ndjson'],
    takes: TEXT,
    open: async (path, options) =>
      records((await import('./jsonLinesSource.ts')).jsonLinesSource(path, options)),
  },
  parquet: {
    summary: 'Parquet',
    endings: ['.parquet'],
    magic: 'PAR1',
    takes: ['memory'],
    open: async (path, options) =>
      records((await import('./sqlSource.ts')).parquetSource(path, options)),
  },
  arrow: {
    summary: 'Arrow files and streams, Feather version 2',
    endings: ['.arrow', '.arrows', '.feather'],
    magic: 'ARROW1',
    takes: [],
    open: async (path) => records((await import('./arrowSource.ts')).arrowSource(path)),
  },
  sqlite: {
    summary: 'a table of an SQLite database',
    endings: ['.sqlite', '.sqlite3', '.db'],
    magic: 'SQLite format 3\0',
    takes: ['table', 'maxRecord'],
    open: async (path, options) =>
      records((await import('./sqliteSource.ts')).sqliteSource(path, options)),
  },
  gpx: {
    summary: 'GPX tracks, .gz and .zst too',
    endings: ['.gpx'],
    takes: TEXT,
    open: async (path, options) =>
      records((await import('./gpxSource.ts')).gpxSource(path, options)),
  },
  geojson: {
    summary: 'GeoJSON lines and points, .gz and .zst too',
    endings: ['.geojson'],
    takes: TEXT,
    open: async (path, options) =>
      records((await import('./geoJsonSource.ts')).geoJsonSource(path, options)),
  },
  npz: {
    summary: 'episodes in the layout of imitation',
    endings: ['.npz'],
    takes: EPISODES,
    open: async (path, options) =>
      episodes(await (await import('./npzEpisodes.ts')).openNpz(path, options)),
  },
  hdf5: {
    summary: 'episodes in the layout of Minari or D4RL',
    endings: ['.hdf5', '.h5', '.hdf'],
    magic: '\x89HDF\r\n\x1a\n',
    takes: EPISODES,
    open: async (path, options) =>
      episodes(await (await import('./hdf5Episodes.ts')).openHdf5Episodes(path, options)),
  },
  episodes: {
    summary: 'episodes as the table that import writes',
    endings: [],
    takes: [],
    open: async (path) =>
      episodes(await (await import('./episodesTable.ts')).openEpisodesTable(path)),
  },
} as const satisfies Readonly<Record<string, Format>>;

export type FormatName = keyof typeof formats;
