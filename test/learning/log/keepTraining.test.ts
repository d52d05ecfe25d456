/** Training that is kept on the disk: killed and begun again it ends with the same files. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { keepTraining } from '../../../src/learning/log/keepTraining.ts';
import { ControlTraining } from '../../../src/learning/neural/controlTraining.ts';
import { ReplayControl } from '../../../src/learning/neural/replayControl.ts';
import { ReplayedSoftActorCritic } from '../../../src/learning/neural/replayedSoftActorCritic.ts';
import { kernelEngine } from '../../../src/networks/kernelEngine.ts';
import { createRng } from '../../../src/numeric/rng.ts';
import { temporaryFolder } from '../../support/commandLine.ts';
import { KickedPoint } from '../../support/kickedPoint.ts';

const kind = 'training of soft-actor-critic';

function kept(folder: string) {
  const engine = kernelEngine('kernels', 16);
  const sizes = { observationSize: 2, actionSize: 1 };
  const options = { hidden: [8], batch: 16 };
  const agent = new ReplayedSoftActorCritic(engine, sizes, options, createRng(0, 'networks'));
  const control = { warmUp: 20, exploration: 0, capacity: 200 };
  const learner = new ReplayControl(agent, new KickedPoint(), control);
  const training = new ControlTraining(engine, learner, () => new KickedPoint(), {
    steps: 150,
    every: 7,
    selectionEpisodes: 5,
    episodes: 5,
  });
  return keepTraining(
    folder,
    (from) => {
      if (from) training.restore(from);
      return training.run();
    },
    { kind, score: ({ selection }) => selection },
  );
}

function end(folder: string) {
  const steps = kept(folder);
  for (;;) {
    const next = steps.next();
    if (next.done) return next.value;
  }
}

test('a run that is begun again on its folder ends with the same files', () => {
  const [whole, cut] = [temporaryFolder(), temporaryFolder()];
  const { best, result } = end(whole);
  for (const kill of [3, 1, 6]) {
    const steps = kept(cut);
    for (let i = 0; i < kill; i++) steps.next();
  }
  expect(end(cut)).toEqual({ best, result });
  // Begun again when all is done, nothing changes.
  expect(end(cut)).toEqual({ best, result });
  for (const file of ['curve.csv', 'curve.jsonl', 'latest/arrays.bin', 'best/arrays.bin'])
    expect(readFileSync(join(cut, file))).toEqual(readFileSync(join(whole, file)));
  const rows = readFileSync(join(whole, 'curve.jsonl'), 'utf8').trim().split('\n');
  const scores = rows.map((row) => JSON.parse(row) as { step: number; score: number });
  expect(scores.length).toBe(Math.ceil(150 / 7));
  const most = Math.max(...scores.map(({ score }) => score));
  expect(best).toEqual({ step: scores.find(({ score }) => score === most)!.step, score: most });
});
