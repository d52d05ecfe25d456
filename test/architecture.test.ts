/** The house rules that a reader relies on: who may import whom, and what every file says first. */

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SOURCE = join(ROOT, 'src');

/** From the ground up: a room may import itself and those before it. */
const ROOMS = [
  'numeric',
  'optimizers',
  'networks',
  'mdp',
  'features',
  'environments',
  'demonstrations',
  'planning',
  'learning',
  'rewards',
  'algorithms',
  'evaluation',
  'study',
  'bench',
  'web',
  'cli',
];
const FOLDERS = ['src', 'datasets', 'scripts', 'test'];
/** What tools put beside the sources and git does not keep. */
const BUILT = ['node_modules', 'dist', 'coverage'];

interface Import {
  /** What stands between the quotes. */
  readonly specifier: string;
  /** The file meant, relative to src; null for packages and files outside. */
  readonly target: string | null;
}

interface SourceFile {
  /** Relative to src, with forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly Import[];
}

function walkFiles(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? walkFiles(path) : [path];
  });
}

/** Static, dynamic and re-exporting imports; comments left out, so that prose is not code. */
function importsOf(text: string): string[] {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
  const patterns = [
    /\b(?:import|export)\s[^;'"]*?\bfrom\s*['"]([^'"]+)['"]/g,
    /\bimport\s*['"]([^'"]+)['"]/g,
    /\bimport\s*\(\s*['"]([^'"]+)['"]\s*\)/g,
  ];
  return patterns.flatMap((pattern) => [...code.matchAll(pattern)].map((match) => match[1]));
}

function readSource(file: string): SourceFile {
  const text = readFileSync(file, 'utf8');
  const imports = importsOf(text).map((specifier): Import => {
    if (!specifier.startsWith('.')) return { specifier, target: null };
    const target = relative(SOURCE, join(dirname(file), specifier)).replaceAll('\\', '/');
    return { specifier, target: target.startsWith('..') ? null : target };
  });
  return { path: relative(SOURCE, file).replaceAll('\\', '/'), text, imports };
}

const files = walkFiles(SOURCE)
  .filter((file) => file.endsWith('.ts'))
  .map(readSource);

/** The room of a path relative to src; '' for files that lie at the top. */
function roomOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.indexOf('/')) : '';
}

/** The first import cycle found, as a path of files, or null. */
function findCycle(graph: ReadonlyMap<string, readonly string[]>): string[] | null {
  const done = new Set<string>();
  const visit = (path: string, trail: readonly string[]): string[] | null => {
    if (trail.includes(path)) return [...trail.slice(trail.indexOf(path)), path];
    if (done.has(path)) return null;
    for (const next of graph.get(path) ?? []) {
      const cycle = visit(next, [...trail, path]);
      if (cycle) return cycle;
    }
    done.add(path);
    return null;
  };
  for (const path of graph.keys()) {
    const cycle = visit(path, []);
    if (cycle) return cycle;
  }
  return null;
}

describe('the checks themselves', () => {
  test('importsOf sees every way to import, and no prose', () => {
    const text = [
      "import { a } from './a.ts';",
      "import type {\n  B,\n  C,\n} from '../b.ts';",
      "import './side.ts';",
      "export { d } from './d.ts';",
      "const e = async () => (await import('./e.ts')).e;",
      "// import { no } from './no.ts';",
      "/** import { no } from './no.ts'; */",
    ].join('\n');
    expect(importsOf(text).sort()).toEqual(
      ['./a.ts', '../b.ts', './side.ts', './d.ts', './e.ts'].sort(),
    );
  });

  test('findCycle finds a loop and only a loop', () => {
    const graph = new Map([
      ['a', ['b', 'c']],
      ['b', ['c']],
      ['c', [] as string[]],
    ]);
    expect(findCycle(graph)).toBeNull();
    expect(findCycle(graph.set('c', ['b']))).toEqual(['b', 'c', 'b']);
  });
});

test('src is read: it has files, rooms and imports', () => {
  expect(files.length).toBeGreaterThan(50);
  expect(files.flatMap(({ imports }) => imports).length).toBeGreaterThan(200);
});

test('every file of src lies in a room, except index.ts', () => {
  const strays = files.filter(({ path }) => path !== 'index.ts' && !ROOMS.includes(roomOf(path)));
  expect(strays.map(({ path }) => path)).toEqual([]);
});

test('every file of src imports only its own room and those above it', () => {
  const broken = files
    .filter(({ path }) => path !== 'index.ts')
    .flatMap(({ path, imports }) =>
      imports
        .filter(
          ({ target }) =>
            target !== null && !(ROOMS.indexOf(roomOf(target)) <= ROOMS.indexOf(roomOf(path))),
        )
        .map(({ target }) => `${path} imports ${target}`),
    );
  // index.ts is the door for users: from inside, files are imported directly
  const byTheDoor = files.flatMap(({ path, imports }) =>
    imports
      .filter(({ target }) => target === 'index.ts')
      .map(({ specifier }) => `${path} imports ${specifier}`),
  );
  expect([...broken, ...byTheDoor]).toEqual([]);
});

test('every relative import of src names a file that is there, with its extension', () => {
  const paths = new Set(files.map(({ path }) => path));
  const lost = files.flatMap(({ path, imports }) =>
    imports
      .filter(({ target }) => target?.endsWith('.ts') === false || (target && !paths.has(target)))
      .map(({ specifier }) => `${path} imports ${specifier}`),
  );
  expect(lost).toEqual([]);
});

test('src has no import cycles', () => {
  const graph = new Map(
    files.map(({ path, imports }) => [
      path,
      imports.flatMap(({ target }) => (target === null ? [] : [target])),
    ]),
  );
  expect(findCycle(graph)).toBeNull();
});

test('every file of src begins by saying what it is', () => {
  const silent = files.filter(({ text }) => !/^(#!.*\n)?\/\*\*[\s\S]{10,}?\*\//.test(text));
  expect(silent.map(({ path }) => path)).toEqual([]);
});

test('src draws random numbers only from seeded streams', () => {
  const code = (text: string) => text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/\/\/.*$/gm, '');
  const unseeded = files.filter(({ text }) => /Math\s*\.\s*random/.test(code(text)));
  expect(unseeded.map(({ path }) => path)).toEqual([]);
});

test('only networks imports TensorFlow.js', () => {
  const others = files.filter(
    ({ path, imports }) =>
      roomOf(path) !== 'networks' &&
      imports.some(({ specifier }) => specifier.startsWith('@tensorflow/')),
  );
  expect(others.map(({ path }) => path)).toEqual([]);
});

test('the top level holds src, datasets, scripts and test, and no other folder', () => {
  const others = readdirSync(ROOT, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => name)
    .filter((name) => !FOLDERS.includes(name) && !BUILT.includes(name));
  expect(others).toEqual([]);
});
