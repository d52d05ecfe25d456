/** The ready-made worlds, by name: what can be listed, built with its defaults, or changed. */

import { z } from 'zod';
import type { FeatureMatrix } from '../features/featureMatrix.ts';
import type { World } from '../mdp/world.ts';
import { createRng } from '../numeric/rng.ts';
import { GridMapOptions, gridFromMap, SlipGridOptions, slipGrid } from './gridworld.ts';
import { RandomMdpOptions, randomWorld } from './randomMdp.ts';
import { ReplacementOptions, replacementWorld } from './replacement.ts';
import { CellGridOptions, cellGrid, RoadGridOptions, roadGrid } from './roadGrid.ts';

/** A world and what a reward can see of it; no features where the world does not come with any. */
export interface Scene {
  readonly world: World;
  readonly features: FeatureMatrix | null;
}

export interface Environment {
  readonly summary: string;
  /** What may be chosen, with ranges, defaults and descriptions. */
  readonly options: z.ZodObject;
  /** Builds it from options still to be checked; from the defaults where none are given. */
  build(options?: unknown): Scene;
}

const seed = z.union([z.int(), z.string()]).default(0).describe('Seed of every random draw');

export const environments = {
  'slip-grid': define(
    'Open square grid, four moves and staying, moves that slip',
    SlipGridOptions,
    (options) => ({ world: slipGrid(options), features: null }),
  ),
  'grid-map': define('Grid drawn as text, with walls', GridMapOptions, (options) => ({
    world: gridFromMap(options).world,
    features: null,
  })),
  replacement: define(
    'Keep or replace a machine that wears (Rust 1987)',
    ReplacementOptions,
    (options) => ({ world: replacementWorld(options), features: null }),
  ),
  'random-mdp': define(
    'Random dynamics without structure (Garnet)',
    RandomMdpOptions.extend({ seed }),
    ({ seed, ...options }) => ({
      world: randomWorld(options, createRng(seed, 'random-mdp')),
      features: null,
    }),
  ),
  'road-grid': define(
    'Streets between crossings with length, left turn and U-turn; states are links',
    RoadGridOptions.extend({ seed }),
    ({ seed, ...options }) => roadGrid(options, createRng(seed, 'road-grid')),
  ),
  'cell-grid': define(
    'Cells with edges of random length to their neighbours, every cell a possible goal',
    CellGridOptions.extend({ seed }),
    ({ seed, ...options }) => cellGrid(options, createRng(seed, 'cell-grid')),
  ),
} satisfies Record<string, Environment>;

function define<Options extends z.ZodObject>(
  summary: string,
  options: Options,
  build: (options: z.output<Options>) => Scene,
): Environment {
  return { summary, options, build: (given = {}) => build(options.parse(given)) };
}
