/** A changed world from plain tables, as `revealed compare --world` names them. */

import { loadPlainTables, loadWorldTables } from '../../demonstrations/tables/plainTables.ts';
import { timeStructure } from '../experiment.ts';
import type { ChangedWorld, Experiment } from '../study.ts';
import type { TablesExperiment } from '../tablesExperiment.ts';

/** The tables of the changed world. */
export interface ChangedTables {
  readonly world?: string | undefined;
  readonly testFeatures?: string | undefined;
  readonly testTrajectories?: string | undefined;
  readonly testExits?: string | undefined;
}

/**
 * Returns how an experiment reads the changed world. Where features or exits of its own are not
 * given, those at home are read again for it: rows of what it no longer has are left out, and what
 * is new in it is missing.
 *
 * @param tables of the experiment at home, where it is made of tables
 */
export function changedTables(
  experiment: Pick<Experiment, 'discount' | 'horizon'>,
  { world, testFeatures, testTrajectories, testExits }: ChangedTables,
  tables: TablesExperiment | undefined,
): NonNullable<Experiment['changed']> {
  const features = testFeatures ?? tables?.features;
  const exits = testExits ?? tables?.exits;
  if (world === undefined) throw new TypeError('Cannot read a changed world: it has no moves');
  if (features === undefined)
    throw new RangeError('Cannot read the changed world: give its --test-features beside --world');
  const files = {
    transitions: world,
    features,
    exits,
    missingFeatures: tables?.missingFeatures,
    foreign: [
      ...(testFeatures === undefined ? (['features'] as const) : []),
      ...(testExits === undefined ? (['exits'] as const) : []),
    ],
  };
  return async ({ goals = [] }): Promise<ChangedWorld> => {
    if (testTrajectories !== undefined) {
      const time = timeStructure(experiment, goals.length > 0);
      const there = await loadPlainTables({ ...files, trajectories: testTrajectories }, time);
      return there;
    }
    const { exits: doors, ...there } = await loadWorldTables(files);
    return doors.length > 0 ? { ...there, goals: doors } : there;
  };
}
