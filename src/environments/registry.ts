/** The ready-made worlds, by name: what can be listed, built with its defaults, or changed. */

import { z } from 'zod';
import type { FeatureMatrix } from '../features/featureMatrix.ts';
import type { World } from '../mdp/world.ts';
import { createRng } from '../numeric/rng.ts';
import { GridMapOptions, gridFromMap, SlipGridOptions, slipGrid } from './gridworld.ts';
import { RandomMdpOptions, randomWorld } from './randomMdp.ts';
import { ReplacementOptions, replacementWorld } from './replacement.ts';
import { CellGridOptions, cellGrid, RoadGridOptions, roadGrid } from './roadGrid.ts';
import { ChainOptions, chain } from './tabular/chain.ts';
import { CliffWalkingOptions, cliffWalking } from './tabular/cliffWalking.ts';
import { DeepSeaOptions, deepSea } from './tabular/deepSea.ts';
import { FrozenLakeOptions, frozenLake } from './tabular/frozenLake.ts';
import { GamblerOptions, gambler } from './tabular/gambler.ts';
import { ObjectWorldOptions, objectWorld } from './tabular/objectWorld.ts';
import { PlusMazeOptions, plusMaze } from './tabular/plusMaze.ts';
import { shortCorridor } from './tabular/shortCorridor.ts';
import { taxi } from './tabular/taxi.ts';
import {
  cornerGrid,
  jumpGrid,
  RandomWalkOptions,
  randomWalk,
  WindyGridOptions,
  windyGrid,
} from './tabular/textbookGrids.ts';
import { TwoGoalCorridorOptions, twoGoalCorridor } from './tabular/twoGoalCorridor.ts';
import type { TabularTask } from './tabularTask.ts';

/** A world, what a reward can see of it, and a task in it; null where it does not come with any. */
export interface Scene {
  readonly world: World;
  readonly features: FeatureMatrix | null;
  /** What is paid and where episodes begin: can be planned in and visited step by step. */
  readonly task: TabularTask | null;
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
    (options) => bare(slipGrid(options)),
  ),
  'grid-map': define('Grid drawn as text, with walls', GridMapOptions, (options) =>
    bare(gridFromMap(options).world),
  ),
  replacement: define(
    'Keep or replace a machine that wears (Rust 1987)',
    ReplacementOptions,
    (options) => bare(replacementWorld(options)),
  ),
  'random-mdp': define(
    'Random dynamics without structure (Garnet)',
    RandomMdpOptions.extend({ seed }),
    ({ seed, ...options }) => bare(randomWorld(options, createRng(seed, 'random-mdp'))),
  ),
  'road-grid': define(
    'Streets between crossings with length, left turn and U-turn; states are links',
    RoadGridOptions.extend({ seed }),
    ({ seed, ...options }) => ({
      ...roadGrid(options, createRng(seed, 'road-grid')),
      task: null,
    }),
  ),
  'cell-grid': define(
    'Cells with edges of random length to their neighbours, every cell a possible goal',
    CellGridOptions.extend({ seed }),
    ({ seed, ...options }) => ({
      ...cellGrid(options, createRng(seed, 'cell-grid')),
      task: null,
    }),
  ),
  'frozen-lake': define(
    'Cross slippery ice without falling into a hole (Gymnasium)',
    FrozenLakeOptions,
    (options) => withTask(frozenLake(options)),
  ),
  'cliff-walking': define(
    'Along the edge of a cliff, slippery or not (Sutton & Barto, Gymnasium)',
    CliffWalkingOptions,
    (options) => withTask(cliffWalking(definedOnly(options))),
  ),
  taxi: define('Fetch a passenger and set them down (Dietterich 2000)', z.strictObject({}), () =>
    withTask(taxi()),
  ),
  'windy-grid': define(
    'A grid with a crosswind, still or gusty (Sutton & Barto)',
    WindyGridOptions,
    (options) => withTask(windyGrid(definedOnly(options))),
  ),
  'jump-grid': define(
    '5 × 5 with two places that carry off and pay (Sutton & Barto)',
    z.strictObject({}),
    () => withTask(jumpGrid()),
  ),
  'corner-grid': define(
    '4 × 4, every step costs until a corner is reached (Sutton & Barto)',
    z.strictObject({}),
    () => withTask(cornerGrid()),
  ),
  'random-walk': define(
    'A coin decides; nothing to choose (Sutton & Barto)',
    RandomWalkOptions,
    (options) => withTask(randomWalk(options)),
  ),
  chain: define(
    'Forward for a large reward far away, or back for a small one (Strens 2000)',
    ChainOptions,
    (options) => withTask(chain(options)),
  ),
  'deep-sea': define(
    'A dive that pays at one spot, 2 to the power of N paths (Osband 2019)',
    DeepSeaOptions,
    (options) => withTask(deepSea(definedOnly(options))),
  ),
  gambler: define(
    'Stake any part of the capital on a coin (Sutton & Barto)',
    GamblerOptions,
    (options) => withTask(gambler(options)),
  ),
  'plus-maze': define(
    'Four corridors from the middle, some of whose ends pay (Haarnoja 2017)',
    PlusMazeOptions,
    (options) => withTask(plusMaze(options)),
  ),
  'short-corridor': define(
    'Three cells that look alike, the middle one reversed (Sutton & Barto)',
    z.strictObject({}),
    () => withTask(shortCorridor()),
  ),
  corridor: define(
    'A small goal near the start and a large one far from it',
    TwoGoalCorridorOptions,
    (options) => withTask(twoGoalCorridor(options)),
  ),
  'object-world': define(
    'A grid whose reward is a nonlinear function of nearby objects (Levine 2011)',
    ObjectWorldOptions,
    (options) => {
      const { task, features } = objectWorld(options);
      return { world: task.world, features, task };
    },
  ),
} satisfies Record<string, Environment>;

function bare(world: World): Scene {
  return { world, features: null, task: null };
}

function withTask(task: TabularTask): Scene {
  return { world: task.world, features: null, task };
}

/** Drops what was not given, so that absent stays absent. */
function definedOnly<Options extends object>(options: Options) {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as {
    [Key in keyof Options]: Exclude<Options[Key], undefined>;
  };
}

function define<Options extends z.ZodObject>(
  summary: string,
  options: Options,
  build: (options: z.output<Options>) => Scene,
): Environment {
  return { summary, options, build: (given = {}) => build(options.parse(given)) };
}
