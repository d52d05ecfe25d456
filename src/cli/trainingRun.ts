/** A training that runs to its end, or until somebody stops it; with a folder it is kept there. */

import type { Action } from '../environments/simulator.ts';
import { keepTraining } from '../learning/log/keepTraining.ts';
import type { ControlLearner } from '../learning/neural/controlLearner.ts';
import {
  type ControlProgress,
  type ControlResult,
  type ControlTraining,
  TrainingStopped,
  trainingKind,
} from '../learning/neural/controlTraining.ts';
import type { ExitCode, Output } from './command.ts';
import { listenForInterruption } from './interruption.ts';
import { progressLine } from './progress.ts';

/** A training, and where it goes. */
export interface TrainingRun<A extends Action> {
  readonly training: ControlTraining<A>;
  readonly learner: ControlLearner<A>;
  readonly out: string | undefined;
  readonly quiet: boolean;
  readonly output: Output;
}

/** Runs a training to its end; what was done so far stays in the folder where it is stopped. */
export async function runTraining<A extends Action>(
  { training, learner, out, quiet, output }: TrainingRun<A>,
  finished: (result: ControlResult) => ExitCode,
): Promise<ExitCode> {
  const line = progressLine(output, quiet);
  const interruption = listenForInterruption();
  const run = out === undefined ? training.run() : kept(training, learner, out);
  try {
    for (;;) {
      const next = run.next();
      if (next.done) {
        line.clear();
        return finished(next.value);
      }
      line.show(() => words(next.value));
      await interruption.breathe();
      if (interruption.signal.aborted) {
        line.clear();
        output.stderr(
          out === undefined
            ? 'Interrupted. With --out DIR an interrupted run can be resumed.\n'
            : `Interrupted; the same command with --resume goes on from ${out}/latest\n`,
        );
        return 130;
      }
    }
  } catch (error) {
    line.clear();
    if (!(error instanceof TrainingStopped)) throw error;
    const where = out === undefined ? '' : `; the last good checkpoint is ${out}/latest`;
    output.stderr(`revealed train: ${error.message}${where}\n`);
    return 1;
  } finally {
    interruption.release();
  }
}

/** The same with checkpoints and curves on the disk. */
function* kept<A extends Action>(
  training: ControlTraining<A>,
  learner: ControlLearner<A>,
  out: string,
): Generator<ControlProgress, ControlResult> {
  const { result } = yield* keepTraining(
    out,
    (from) => {
      if (from) training.restore(from);
      return training.run();
    },
    {
      kind: trainingKind(learner.kind),
      // The best is what was confirmed, as the training itself has it.
      score: ({ confirmed }: ControlProgress) => confirmed ?? Number.NaN,
    },
  );
  return result;
}

function words({ step, share, selection, best }: ControlProgress): string {
  return `${step.toLocaleString('en')} steps, ${Math.floor(100 * share)} %  returns ${selection.toFixed(1)}, best ${best.confirmed.toFixed(1)} at ${best.step.toLocaleString('en')}`;
}
