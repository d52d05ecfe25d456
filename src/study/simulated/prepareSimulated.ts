/**
 * A study in a simulator made ready: its episodes read, checked against its world, and parted. What
 * does not fit is said with the file, the episode and the step.
 */

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { checkWorlds } from '../../algorithms/simulated/checkWorlds.ts';
import { demonstratedSteps } from '../../algorithms/simulated/demonstratedSteps.ts';
import {
  checkedOffer,
  type SimulatedProblem,
} from '../../algorithms/simulated/simulatedProblem.ts';
import {
  type EpisodeFile,
  type Episodes,
  readEpisodes,
} from '../../demonstrations/sources/episodes.ts';
import { suggestion } from '../../demonstrations/tables/nameIndex.ts';
import { type AnySimulator, simulators } from '../../environments/simulators.ts';
import { cloningActions } from '../../evaluation/imitation/actingPolicy.ts';
import type { SimulatedData } from '../../evaluation/simulated/simulatedResult.ts';
import { ownValue } from '../../features/ownValue.ts';
import { stepFeatures } from '../../features/stepFeatures.ts';
import {
  type CloningActions,
  type CloningRows,
  cloningRows,
} from '../../learning/cloning/cloningRows.ts';
import { createRng } from '../../numeric/rng.ts';
import type { SimulatedStudy } from '../simulatedStudy.ts';
import { checkSimulatedStudy } from './checkSimulatedStudy.ts';
import { partEpisodes } from './heldOutEpisodes.ts';
import { dynamicsWarnings } from './recordedDynamics.ts';

export interface PreparedSimulated {
  readonly study: SimulatedStudy;
  /** With the episodes that are fitted to. */
  readonly problem: SimulatedProblem;
  readonly fitted: readonly number[];
  /** None where nothing is held out. */
  readonly heldOut: readonly number[];
  /** How they were parted; null where nothing is held out. */
  readonly parted: string | null;
  readonly world: AnySimulator;
  /** Of the world, as imitators are told them. */
  readonly actions: CloningActions;
  /** Decisions of the episodes fitted to, and of those held out. */
  readonly rows: { readonly fitted: CloningRows; readonly heldOut: CloningRows | null };
  readonly data: SimulatedData;
  /** Tells what is fitted to, and by what, from anything else. */
  readonly digest: string;
}

/** Numbers of a box are often written in single precision: so far outside, as a share of it, is at its edge. */
const ROUNDING = 1e-6;
/** A state is that of an observation where it shows it to so many units. */
const SAME = 1e-3;

/** @param seed of what is drawn to be held out */
export async function prepareSimulated(
  study: SimulatedStudy,
  seed: number,
): Promise<PreparedSimulated> {
  checkSimulatedStudy(study);
  const { features, discount, temperature = 1, stateOf = null, offered } = study;
  const createSimulator = simulatorOf(study);
  const outcomes = createRng(seed, 'outcomes');
  const world = createSimulator(outcomes);
  checkWorlds([world, createSimulator(outcomes)]);
  const given = await study.demonstrations();
  checkGiven(study, given);
  const file = isFile(given) ? given : null;
  const read = file ? await readEpisodes(file) : (given as Episodes);
  const label = file?.name ?? 'what was demonstrated';
  const demonstrations = { ...read, actions: withinBox(read, world) };
  const which = Array.from({ length: read.count }, (_, e) => e).filter((e) => decided(read, e) > 0);
  if (which.length === 0)
    throw new RangeError(
      `Cannot fit ${label}: wanted at least one episode with a decision, got ${read.count === 0 ? 'no episode' : `${read.count} without any`}`,
    );
  const problem: SimulatedProblem = {
    createSimulator,
    demonstrations,
    which,
    features: stepFeatures(features),
    discount,
    temperature,
    stateOf,
    ...(offered ? { offered: checkedOffer(offered, world) } : {}),
  };
  checkWhole(read, label);
  inFile(label, () => demonstratedSteps(problem, world));
  if (stateOf) checkStates(problem, world, label);
  const { fitted, heldOut, words } = partEpisodes(read.names, which, study.holdOut, seed);
  const fitting = { ...problem, which: fitted };
  const { decisions, warnings } = inFile(label, () => demonstratedSteps(fitting, world));
  const actions = cloningActions(world.actions);
  const told = [...(file?.warnings ?? []), ...warnings, ...dynamicsWarnings(fitting, world)];
  return {
    study,
    problem: fitting,
    fitted,
    heldOut,
    parted: words,
    world,
    actions,
    rows: {
      fitted: cloningRows(demonstrations, actions, fitted),
      heldOut: heldOut.length === 0 ? null : cloningRows(demonstrations, actions, heldOut),
    },
    data: {
      trajectories: fitted.length,
      decisions,
      states: null,
      actions: world.actions.kind === 'discrete' ? world.actions.count : null,
      goals: 0,
      cutOff: fitted.filter((e) => read.ends[e] !== 'terminated').length,
      empty: read.count - which.length,
      heldOut:
        heldOut.length === 0
          ? null
          : {
              trajectories: heldOut.length,
              decisions: heldOut.reduce((sum, e) => sum + decided(read, e), 0),
            },
      files: file ? summaries(file, read) : [],
      ...(told.length > 0 ? { warnings: told } : {}),
      reasons: {
        states: 'states are observed as numbers and too many to list',
        ...(world.actions.kind === 'box' ? { actions: 'actions fill a box' } : {}),
      },
    },
    digest: digestOf(demonstrations, fitted, heldOut),
  };
}

/** Decisions of an episode. */
export function decided({ stepStart }: Episodes, episode: number): number {
  return stepStart[episode + 1] - stepStart[episode];
}

function simulatorOf({ simulator }: SimulatedStudy): SimulatedProblem['createSimulator'] {
  if (typeof simulator === 'function') return simulator;
  const { name, options = {} } = simulator;
  const known = ownValue(simulators, name);
  if (!known)
    throw new RangeError(
      `Cannot simulate "${name}": the worlds are ${Object.keys(simulators).join(', ')}${suggestion(name, Object.keys(simulators))}`,
    );
  return (outcomes) => known.build(options, outcomes);
}

function checkGiven({ name }: SimulatedStudy, given: Episodes | EpisodeFile): void {
  if (typeof given !== 'object' || given === null || !('read' in given || 'stepStart' in given))
    throw new RangeError(
      `Cannot run study "${name}": demonstrations must return episodes, or a file of them that was opened, got ${given === null ? 'null' : typeof given}`,
    );
}

function isFile(given: Episodes | EpisodeFile): given is EpisodeFile {
  return 'read' in given;
}

/** [decisions · actionWidth] with what lies at the edge of the box but for rounding put there. */
function withinBox({ actions, actionWidth }: Episodes, world: AnySimulator): Float64Array {
  if (world.actions.kind === 'discrete' || world.actions.low.length !== actionWidth) return actions;
  const { low, high } = world.actions;
  return actions.map((a, i) => {
    const [least, most] = [low[i % actionWidth], high[i % actionWidth]];
    const slack = ROUNDING * (most - least);
    if (a < least && a >= least - slack) return least;
    return a > most && a <= most + slack ? most : a;
  });
}

/** Refuses numbers that are none. */
function checkWhole(episodes: Episodes, label: string): void {
  const { count, names, layout, observationStart, observationWidth, observations } = episodes;
  const space = layout.observations;
  for (let e = 0; e < count; e++)
    for (let i = observationStart[e]; i < observationStart[e + 1]; i++)
      for (let j = 0; j < observationWidth; j++) {
        const seen = observations[i * observationWidth + j];
        if (Number.isFinite(seen)) continue;
        const what = space.kind === 'box' ? `"${space.names[j]}"` : 'the state';
        throw new RangeError(
          `Cannot fit ${label}: ${what} must be finite, got ${seen} in episode "${names[e]}", step ${i - observationStart[e]}`,
        );
      }
}

/** Refuses a `stateOf` whose states do not show what was observed. */
function checkStates(
  { demonstrations, which = [], stateOf }: SimulatedProblem,
  world: AnySimulator,
  label: string,
): void {
  const { observationStart, observationWidth: width, observations, names } = demonstrations;
  for (const e of which) {
    const from = observationStart[e] * width;
    const seen = observations.subarray(from, from + width);
    inFile(label, () => world.startAt(stateOf!(seen)));
    for (let j = 0; j < width; j++)
      if (!(Math.abs(world.observation[j] - seen[j]) <= SAME * (1 + Math.abs(seen[j]))))
        throw new RangeError(
          `Cannot begin where episode "${names[e]}" of ${label} began: the state from stateOf shows [${[...world.observation].map(short).join(', ')}], recorded was [${[...seen].map(short).join(', ')}]`,
        );
  }
}

function short(x: number): string {
  return String(Number(x.toPrecision(4)));
}

/** What is wrong with the episodes is told with their file. */
function inFile<Result>(label: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (error instanceof Error)
      error.message = error.message.replace(/^Cannot fit:/, `Cannot fit ${label}:`);
    throw error;
  }
}

function summaries({ files }: EpisodeFile, { actions, actionWidth }: Episodes) {
  return files.map((path) => ({
    name: basename(path),
    sha256: createHash('sha256').update(readFileSync(path)).digest('hex'),
    rows: actions.length / actionWidth,
  }));
}

function digestOf(
  { observations, actions, stepStart, ends }: Episodes,
  fitted: readonly number[],
  heldOut: readonly number[],
): string {
  const hash = createHash('sha256');
  for (const { buffer, byteOffset, byteLength } of [observations, actions, stepStart])
    hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  return hash.update(JSON.stringify([ends, fitted, heldOut])).digest('hex');
}
