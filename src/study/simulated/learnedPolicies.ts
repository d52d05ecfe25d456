/**
 * What learns in a study in a simulator, by method: each yields how far it is and ends with a policy,
 * what it knows of its reward, and a checkpoint of what was learned.
 */

import { fitSimulated, type SimulatedProgress } from '../../algorithms/simulated/fitSimulated.ts';
import { scaledAgent } from '../../algorithms/simulated/scaledAgent.ts';
import type { SimulatedFit } from '../../algorithms/simulated/simulatedFit.ts';
import type { SimulatedProblem } from '../../algorithms/simulated/simulatedProblem.ts';
import { createSoftActorCriticAgent } from '../../algorithms/simulated/softActorCriticAgent.ts';
import type { SoftAgent } from '../../algorithms/simulated/softAgent.ts';
import { createSoftQAgent } from '../../algorithms/simulated/softQAgent.ts';
import { type Imitator, imitatorOf, imitatorOfClone } from '../../evaluation/imitation/imitator.ts';
import { ClonedPolicy } from '../../learning/cloning/clonedPolicy.ts';
import { cloneBehavior } from '../../learning/cloning/neuralCloning.ts';
import { InverseSoftBellman } from '../../learning/offline/inverseSoftBellman.ts';
import { recordedSteps } from '../../learning/offline/recordedSteps.ts';
import { SoftQPolicy } from '../../learning/offline/softQPolicy.ts';
import type { Checkpoint as NetworkCheckpoint } from '../../networks/checkpoint.ts';
import type { Engine } from '../../networks/network.ts';
import { type OpenedEngine, openEngine } from '../../networks/openEngine.ts';
import type { Checkpoint } from '../../optimizers/minimizer.ts';
import type { SimulatedAgentSettings, SimulatedSpecification } from '../simulatedStudy.ts';
import type { PreparedSimulated } from './prepareSimulated.ts';

/** On its way. */
export interface LearningProgress {
  /** How far, in a few words. */
  readonly words: string;
  /** Set by who goes on from where it was stopped, with the policy as it is. */
  readonly round?: { readonly progress: SimulatedProgress; readonly policy: Imitator };
}

export interface Learned {
  readonly policy: Imitator;
  readonly stop: SimulatedFit['stop'];
  readonly stopReason: string;
  readonly evaluations: number;
  /** What was fitted to rewards; null where none were. */
  readonly fit: SimulatedFit | null;
  readonly agent: string | null;
  readonly backend: string;
  readonly kept: NetworkCheckpoint;
}

export type Learning = Generator<LearningProgress, Learned>;

/** Updates between two words of progress. */
const SAY_EVERY = 20;

/** @param resume where causal entropy goes on; the others are quick and begin anew */
export async function learnPolicy(
  specification: SimulatedSpecification,
  prepared: PreparedSimulated,
  seed: number,
  resume?: Checkpoint,
): Promise<Learning> {
  const hidden =
    specification.method === 'causal-entropy-simulator'
      ? agentSettings(specification, prepared).hidden
      : specification.fit?.hidden;
  const opened = await openEngine(Math.max(0, ...(hidden ?? [])));
  if (specification.method === 'causal-entropy-simulator')
    return fitReward(specification, prepared, opened, seed, resume);
  return specification.method === 'inverse-soft-bellman'
    ? explainByValues(specification, prepared, opened, seed)
    : clone(specification, prepared, opened, seed);
}

/** What a method of rewards is fitted to: the study's problem, with the features it sees. */
export function problemOf(
  specification: SimulatedSpecification,
  { problem, study }: PreparedSimulated,
): SimulatedProblem {
  if (specification.method !== 'causal-entropy-simulator' || !specification.features)
    return problem;
  const seen = specification.features;
  const all = problem.features;
  const missing = seen.find((name) => !all.names.includes(name));
  if (missing !== undefined || seen.length === 0)
    throw new RangeError(
      `Cannot fit "${specification.name}" of study "${study.name}": ${missing === undefined ? 'it has no features' : `there is no feature "${missing}"`}; there are ${all.names.join(', ')}`,
    );
  if (new Set(seen).size < seen.length)
    throw new RangeError(
      `Cannot fit "${specification.name}" of study "${study.name}": wanted each feature once, got ${seen.join(', ')}`,
    );
  const from = seen.map((name) => all.names.indexOf(name));
  const row = new Float64Array(all.names.length);
  return {
    ...problem,
    features: {
      names: seen,
      write(observation, action, next, out, start = 0) {
        all.write(observation, action, next, row);
        from.forEach((k, i) => {
          out[start + i] = row[k];
        });
      },
    },
  };
}

type OfMethod<Name> = Extract<SimulatedSpecification, { readonly method: Name }>;

function agentSettings(
  { agent }: OfMethod<'causal-entropy-simulator'>,
  { study }: PreparedSimulated,
): SimulatedAgentSettings {
  return { ...study.agent, ...agent };
}

/** The agent of a method, as it is before it learns. */
export async function agentOf(
  specification: OfMethod<'causal-entropy-simulator'>,
  prepared: PreparedSimulated,
  seed: number,
): Promise<SoftAgent> {
  const { hidden = [] } = agentSettings(specification, prepared);
  const { engine } = await openEngine(Math.max(0, ...hidden));
  return agentIn(engine, specification, prepared, seed);
}

function agentIn(
  engine: Engine,
  specification: OfMethod<'causal-entropy-simulator'>,
  prepared: PreparedSimulated,
  seed: number,
): SoftAgent {
  const { discount, temperature, offered = null } = prepared.problem;
  const { actions, observation } = prepared.world;
  const { observationScale, ...given } = agentSettings(specification, prepared);
  const settings = { ...given, discount, temperature };
  const observationSize = observation.length;
  if (observationScale && observationScale.length !== observationSize)
    throw new RangeError(
      `Cannot fit "${specification.name}" of study "${prepared.study.name}": the world shows ${observationSize} numbers, observationScale has ${observationScale.length}`,
    );
  const plain: SoftAgent =
    actions.kind === 'discrete'
      ? createSoftQAgent(
          engine,
          { observationSize, actionCount: actions.count },
          settings,
          seed,
          offered,
        )
      : createSoftActorCriticAgent(
          engine,
          { observationSize, actionSize: actions.low.length },
          settings,
          seed,
        );
  return scaledAgent(plain, observationScale ?? reachOf(prepared));
}

function* fitReward(
  specification: OfMethod<'causal-entropy-simulator'>,
  prepared: PreparedSimulated,
  { engine }: OpenedEngine,
  seed: number,
  resume: Checkpoint | undefined,
): Learning {
  const problem = problemOf(specification, prepared);
  const agent = agentIn(engine, specification, prepared, seed);
  const policy = imitatorOf(specification.name, agent, prepared.actions);
  const { reward: asked, ...options } = specification.fit ?? prepared.study.fit ?? {};
  const reward = typeof asked === 'function' ? asked(engine, problem.features, seed) : asked;
  const steps = fitSimulated(problem, agent, {
    ...options,
    seed,
    ...(reward ? { reward } : {}),
    ...(resume ? { resume } : {}),
  });
  for (;;) {
    const next = steps.next();
    if (next.done) {
      const fit = next.value;
      const { numbers, arrays } = agent.state();
      const { kind, settings } = agent;
      return {
        policy,
        stop: fit.stop,
        stopReason: fit.stopReason,
        evaluations: fit.rounds,
        fit,
        agent: kind,
        backend: engine.name,
        kept: { kind, state: { settings, numbers }, arrays },
      };
    }
    const { round, gaps } = next.value;
    const [name, gap] = Object.entries(gaps).reduce(
      (most, one) => (Math.abs(one[1]) > Math.abs(most[1]) ? one : most),
      ['', 0],
    );
    yield {
      words: `round ${round}, largest gap ${gap.toPrecision(2)} (${name})`,
      round: { progress: next.value, policy },
    };
  }
}

/** The largest |number| observed among the episodes fitted to, coordinate by coordinate; 1 where it is 0. */
function reachOf({ problem, fitted }: PreparedSimulated): number[] {
  const { observations, observationStart, observationWidth: width } = problem.demonstrations;
  const reach = new Array<number>(width).fill(0);
  for (const e of fitted)
    for (let i = observationStart[e] * width; i < observationStart[e + 1] * width; i++)
      reach[i % width] = Math.max(reach[i % width], Math.abs(observations[i]));
  return reach.map((far) => far || 1);
}

function* explainByValues(
  { name, fit = {} }: OfMethod<'inverse-soft-bellman'>,
  { problem, fitted, actions }: PreparedSimulated,
  { engine }: OpenedEngine,
  seed: number,
): Learning {
  const count = actions.kind === 'discrete' ? actions.count : 0;
  const steps = recordedSteps(problem.demonstrations, count, fitted);
  const options = { discount: problem.discount, ...fit };
  const learning = new InverseSoftBellman(engine, steps, options, seed);
  while (!learning.done) {
    const { update, perDecision } = learning.update();
    if (update % SAY_EVERY === 0)
      yield {
        words: `update ${update}, log-likelihood ${perDecision.toFixed(3)} per decision of its batch`,
      };
  }
  const data = learning.policy('averaged');
  const { parameters, expectedNext, ...form } = data;
  return {
    policy: imitatorOf(name, new SoftQPolicy(engine, data), actions),
    stop: 'max-iterations',
    stopReason: `made the ${learning.updates} updates that were asked for; nothing says when they are enough`,
    evaluations: learning.updates,
    fit: null,
    agent: null,
    backend: engine.name,
    kept: {
      kind: 'soft-q-policy',
      state: form,
      arrays: expectedNext ? { parameters, expectedNext } : { parameters },
    },
  };
}

function* clone(
  { name, fit = {} }: OfMethod<'behavior-cloning-network'>,
  { rows }: PreparedSimulated,
  { engine }: OpenedEngine,
  seed: number,
): Learning {
  const steps = cloneBehavior(engine, rows.fitted, fit, seed);
  for (;;) {
    const next = steps.next();
    if (next.done) {
      const { policy: data, stop, updates, bestEpoch } = next.value;
      const { parameters, free, ...form } = data;
      return {
        policy: imitatorOfClone(name, new ClonedPolicy(engine, data)),
        stop: stop === 'stopped-early' ? stop : 'max-iterations',
        stopReason:
          stop === 'stopped-early'
            ? `decisions kept apart were told best after ${bestEpoch} passes`
            : 'decisions kept apart were told ever better to the last update allowed (maxUpdates)',
        evaluations: updates,
        fit: null,
        agent: null,
        backend: engine.name,
        kept: { kind: 'cloned-policy', state: form, arrays: { parameters, free } },
      };
    }
    const { epoch, heldOut, training } = next.value;
    yield {
      words: `pass ${epoch}, log-likelihood ${(heldOut ?? training).toFixed(3)} per decision`,
    };
  }
}
