/** What the methods of one cell predict of what its split holds out, or of a changed world. */

import type { FoldPrediction } from '../../evaluation/comparison/methodScore.ts';
import { shortestRoutes } from '../../evaluation/comparison/shortestRoutes.ts';
import { keptChoices, keptOutcomes, type Where } from './heldOutArrays.ts';
import type { ExperimentRun } from './runExperiment.ts';

/** What a cell predicts: in the changed world where something was recorded there, else at home. */
export function predictionOf(name: string, run: ExperimentRun): FoldPrediction {
  return run.prepared.changed?.recorded ? foldAway(name, run) : foldAtHome(name, run);
}

/** What is held out at home. */
export function foldAtHome(name: string, run: ExperimentRun): FoldPrediction {
  const { problem, heldOut, recordings, split, trueTheta } = run.prepared;
  if (!heldOut || !split) throw new TypeError(`Cannot compare: cell "${name}" has no split`);
  const all = Array.from({ length: recordings.trajectories.count }, (_, i) => i);
  const test = { ...problem, trajectories: heldOut };
  return {
    name,
    heldOut: test,
    units: Int32Array.from(all.filter((i) => split.isTest[i] === 1)),
    truthKnown: trueTheta !== null,
    shortest: run.prepared.wholeTrips ? shortestRoutes(test, run.prepared.shortestBy) : null,
    methods: methodsOf(run, 'heldOut'),
  };
}

const NOT_RECORDED = 'no behaviour was recorded in the changed world';
const NOT_CARRIED =
  'the method has no finite value in the changed world, or cannot be carried there';

/** What is predicted in the changed world. */
export function foldAway(name: string, run: ExperimentRun): FoldPrediction {
  const { changed, trueTheta, wholeTrips, shortestBy } = run.prepared;
  if (!changed) throw new TypeError(`Cannot compare: cell "${name}" has no changed world`);
  const { problem, recorded } = changed;
  return {
    name,
    heldOut: problem,
    units: Int32Array.from({ length: problem.trajectories.count }, (_, i) => i),
    truthKnown: trueTheta !== null,
    startsOnly: !recorded,
    shortest: wholeTrips && recorded ? shortestRoutes(problem, shortestBy) : null,
    methods: methodsOf(run, 'changed', recorded ? NOT_CARRIED : NOT_RECORDED),
  };
}

function methodsOf(run: ExperimentRun, where: Where, why?: string): FoldPrediction['methods'] {
  return Object.fromEntries(
    Object.entries(run.result.methods).map(([method, { stop }]) => {
      const arrays = run.arrays[method] ?? {};
      const outcomes = keptOutcomes(arrays, where);
      return [
        method,
        {
          stop,
          choices: keptChoices(arrays, where),
          ...(run.prepared.wholeTrips || where === 'changed' ? { outcomes } : {}),
          ...(why === undefined ? {} : { why }),
        },
      ];
    }),
  );
}
