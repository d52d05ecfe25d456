/** `revealed train`: learns to act in a ready-made simulator, by any of the methods with networks. */

import { join } from 'node:path';
import { z } from 'zod';
import { suggestion } from '../demonstrations/tables/nameIndex.ts';
import type { Simulator } from '../environments/simulator.ts';
import { controlWorlds } from '../environments/simulators.ts';
import { ownValue } from '../features/ownValue.ts';
import {
  type ControlForm,
  type ControlMethodName,
  controlMethods,
} from '../learning/neural/controlMethods.ts';
import { ControlTraining, ControlTrainingOptions } from '../learning/neural/controlTraining.ts';
import { saveTrainedPolicy } from '../learning/neural/trainedPolicy.ts';
import { hasCheckpoint } from '../networks/checkpoint.ts';
import { openEngine } from '../networks/openEngine.ts';
import { checkWritable } from '../study/output/outputDirectory.ts';
import { json as asJson, writeWhole } from '../study/output/wholeFile.ts';
import { commonOptions, defineCommand, numberFlag } from './command.ts';
import { definedOnly } from './experimentFlags.ts';
import { type FlagCase, readFlags, readText, schemaFlags } from './schemaFlags.ts';
import { trainedFile, trainedWords } from './trained.ts';
import { runTraining } from './trainingRun.ts';

const methods = Object.keys(controlMethods) as [ControlMethodName, ...ControlMethodName[]];
const kinds = { discrete: 'discrete actions', box: 'a box of actions' } as const;

const cases: readonly FlagCase[] = methods.flatMap((method) =>
  (['discrete', 'box'] as const).flatMap((kind) => {
    const form = controlMethods[method][kind];
    return form === null ? [] : [{ name: caseName(method, kind), ...form }];
  }),
);

const positive = (option: keyof typeof ControlTrainingOptions.shape) => {
  const schema = ControlTrainingOptions.shape[option];
  return numberFlag()
    .pipe(z.int({ error: ({ input }) => `wanted a whole number, got ${input}` }).positive())
    .optional()
    .describe(`${schema.description} (${schema.safeParse(undefined).data})`);
};

const own = {
  method: z
    .enum(methods)
    .optional()
    .describe(`${methods.join(', ')} (default: deep-q, or in a box soft-actor-critic)`),
  steps: positive('steps'),
  every: positive('every'),
  selectionEpisodes: positive('selectionEpisodes'),
  episodes: positive('episodes'),
  evaluate: positive('evaluate'),
  enough: numberFlag()
    .optional()
    .describe('Stop when a checkpoint is confirmed to return this much; exit 1 where none is'),
  with: z.string().optional().describe('Another world: name=value,… (revealed environments)'),
  out: z.string().optional().describe('Folder for checkpoints, curves and the policy'),
  resume: z.boolean().default(false).describe('Go on with the run in --out'),
  ...commonOptions,
};

export default defineCommand({
  name: 'train',
  summary: 'Learn to act in a simulator, and keep the best confirmed policy',
  positional: [['<world>', Object.keys(controlWorlds).join(', ')]],
  options: z.strictObject({ ...own, ...schemaFlags(cases, Object.keys(own)) }),
  async run(given, output, [name]) {
    const { method, steps, every, selectionEpisodes, episodes, evaluate, enough, ...flags } = given;
    const {
      with: changes,
      out,
      resume,
      json,
      quiet,
      seed,
      ...options
    } = flags as typeof flags & Record<string, unknown>;
    const known = ownValue(controlWorlds, name);
    if (!known)
      throw new RangeError(
        `Cannot learn in "${name}"${suggestion(name, Object.keys(controlWorlds))}: the worlds are ${Object.keys(controlWorlds).join(', ')}`,
      );
    checkFolder(out, resume);
    const world = { name, options: readChanges(changes, known.options) };
    const create = () => known.build(world.options) as Simulator;
    const { actions } = create();
    const chosen = method ?? (actions.kind === 'box' ? 'soft-actor-critic' : 'deep-q');
    const form = controlMethods[chosen][actions.kind] as ControlForm | null;
    if (form === null)
      throw new RangeError(
        `Cannot learn ${name} by ${chosen}: it has ${kinds[actions.kind]}; the methods are ${methods.filter((other) => controlMethods[other][actions.kind]).join(', ')}`,
      );
    const read = readFlags({ name: caseName(chosen, actions.kind), ...form }, options);
    const hidden = (form.options.shape.hidden as z.ZodType<number[]>).parse(read.hidden);
    const { engine, reason } = await openEngine(Math.max(0, ...hidden));
    const learner = form.learner(engine, create, { ...read, seed });
    const limits = definedOnly({ steps, every, selectionEpisodes, episodes, evaluate, enough });
    const training = new ControlTraining(engine, learner, create, { ...limits, seed, world });
    const asked = {
      world,
      method: chosen,
      seed,
      backend: { name: engine.name, reason },
      training: ControlTrainingOptions.parse(limits),
    };
    return await runTraining({ training, learner, out, quiet, output }, (result) => {
      const file = trainedFile(asked, learner.settings, result);
      if (out !== undefined) {
        const { step, policy } = result.best;
        const trained = { method: chosen, options: { ...read, seed }, world, step, policy };
        saveTrainedPolicy(join(out, 'policy'), trained);
        writeWhole(join(out, 'train.json'), asJson(file));
      }
      output.stdout(json ? asJson(file) : trainedWords(file, out));
      return file.reached === false ? 1 : 0;
    });
  },
});

function checkFolder(out: string | undefined, resume: boolean): void {
  if (out === undefined) {
    if (resume) throw new RangeError('Cannot resume without a folder: give the --out of the run');
    return;
  }
  checkWritable(out);
  const isThere = hasCheckpoint(join(out, 'latest'));
  if (isThere && !resume)
    throw new RangeError(
      `Cannot begin in ${out}: a run is there; go on with it by --resume, or name another folder`,
    );
}

/** Options of a world, from `name=value,…`. */
function readChanges(
  text: string | undefined,
  options: z.ZodObject,
): Record<string, z.core.util.JSONType> {
  const changes: Record<string, z.core.util.JSONType> = {};
  for (const part of text?.split(',') ?? []) {
    const [name, value, ...more] = part.split('=').map((word) => word.trim());
    if (value === undefined || more.length > 0)
      throw new RangeError(`--with: wanted name=value,…, got "${part}"`);
    const schema = ownValue(options.shape as Record<string, z.ZodType>, name);
    if (!schema)
      throw new RangeError(
        `--with: there is no "${name}"${suggestion(name, Object.keys(options.shape))}; what can be changed is ${Object.keys(options.shape).join(', ')}`,
      );
    changes[name] = readText(`--with ${name}`, value, schema) as z.core.util.JSONType;
  }
  return changes;
}

function caseName(method: ControlMethodName, kind: 'discrete' | 'box'): string {
  const { discrete, box } = controlMethods[method];
  return discrete && box ? `${method}${kind === 'box' ? ' in a box' : ''}` : method;
}
