/**
 * Rewards fitted without the dynamics: by soft Q-learning and rollouts in a simulator, and from
 * nothing but the log of what was done, each beside the exact fit. On slippery ice and on a windy grid
 * the demonstrations are synthetic and their reward is known; the buses are real (Rust 1987).
 */

import {
  busEngine,
  type CellResult,
  cellsOf,
  defineCell,
  defineStudy,
  evaluatePolicy,
  type FeatureMatrix,
  type ResultFile,
  replacementWorld,
  SoftPolicyIteration,
  type TabularTask,
  terminalStop,
} from 'revealed';
import { demonstrate } from './sampledFits/demonstrate.ts';
import { iceFeatures, iceTask, windFeatures, windTask } from './sampledFits/tasks.ts';

const DISCOUNT = 0.95;
const SEEDS = [0, 1, 2, 3, 4];
const METHODS = [
  'causal-entropy' as const,
  ...SEEDS.map((seed) => ({
    name: `simulator, seed ${seed}`,
    method: 'causal-entropy-simulator' as const,
    fit: { seed },
  })),
  'causal-entropy-log' as const,
];
/** What is demanded of a fit from a simulator, beside the exact one. */
const WORTH_WITHIN = 0.02;
const LIKELIHOOD_WITHIN = 0.01;
const SECONDS = 120;

interface Synthetic {
  readonly name: string;
  readonly task: TabularTask;
  readonly features: FeatureMatrix;
  /** [features] the reward that is demonstrated. */
  readonly theta: Float64Array;
}

const synthetic: readonly Synthetic[] = [
  { name: 'frozen lake', task: iceTask, features: iceFeatures, theta: Float64Array.of(-1, 12) },
  {
    name: 'windy grid',
    task: windTask,
    features: windFeatures,
    theta: Float64Array.of(-1, -1, -0.5),
  },
];

export default defineStudy({
  name: 'sampled-fits',
  title: 'Rewards without a model: from a simulator, and from a log alone, beside the exact fit',
  cells: [
    ...synthetic.map(({ name, task, features, theta }) =>
      defineCell({
        name,
        data: () => demonstrate(task, planFor(task, rewardOf(features, theta)), 150),
        world: task.world,
        features: () => features,
        discount: DISCOUNT,
        holdOut: 'test',
        methods: METHODS,
        fit: { sampling: { unseen: 'pooled' } },
      }),
    ),
    defineCell({
      name: 'bus engines, β = .99',
      data: () => busEngine({ groups: [4], bins: 90 }),
      world: ({ firstStage }) =>
        replacementWorld({ bins: 90, increments: [...firstStage.probabilities] }),
      features: {
        RC: (_bin, action) => (action === 'replace' ? -1 : 0),
        'θ₁': (bin, action) => (action === 'keep' ? -0.001 * Number(bin) : 0),
      },
      discount: 0.99,
      methods: ['causal-entropy', 'causal-entropy-log'],
      fit: { sampling: { unseen: 'pooled' } },
    }),
  ],
  meaning,
});

function rewardOf({ names, values }: FeatureMatrix, theta: ArrayLike<number>): Float64Array {
  return Float64Array.from({ length: values.length / names.length }, (_, pair) =>
    names.reduce((sum, _name, k) => sum + theta[k] * values[pair * names.length + k], 0),
  );
}

function planFor({ world: { mdp } }: TabularTask, reward: Float64Array): Float64Array {
  const stop = terminalStop(mdp);
  const planner = new SoftPolicyIteration({ mdp, discount: DISCOUNT, temperature: 1, stop });
  planner.plan(reward);
  return planner.policy;
}

/** What the soft-optimal policy of a fitted reward is worth under the true one, from the start. */
function worthOf({ task, features, theta }: Synthetic, fitted: readonly number[]): number {
  const policy = planFor(task, rewardOf(features, fitted));
  const reward = rewardOf(features, theta);
  const value = evaluatePolicy(task.world.mdp, reward, policy, { discount: DISCOUNT });
  return value.reduce((sum, v, s) => sum + task.initial[s] * v, 0);
}

function meaning(result: ResultFile): string {
  return cellsOf(result)
    .map((cell) => {
      const known = synthetic.find(({ name }) => name === cell.name);
      return known ? besideTruth(cell, known) : busWords(cell);
    })
    .join('\n\n');
}

function besideTruth({ name, methods }: CellResult, known: Synthetic): string {
  const exact = methods['causal-entropy'];
  const perDecision = ({ heldOut }: (typeof methods)[string]): number =>
    (heldOut?.logLikelihood ?? Number.NaN) / (heldOut?.decisions ?? 1);
  const estimates = ({ parameters }: (typeof methods)[string]): number[] =>
    parameters.map(({ estimate }) => estimate ?? Number.NaN);
  const best = worthOf(known, estimates(exact));
  let holds = true;
  const rows = Object.entries(methods).map(([method, fit]) => {
    const worth = worthOf(known, estimates(fit)) - best;
    const share = worth / Math.abs(best);
    const lost = perDecision(fit) - perDecision(exact);
    if (fit.sampling)
      holds &&=
        fit.stop === 'matched-within-error' &&
        Math.abs(share) <= WORTH_WITHIN &&
        Math.abs(lost) <= LIKELIHOOD_WITHIN &&
        fit.seconds <= SECONDS;
    return [
      method,
      estimates(fit)
        .map((t) => t.toFixed(3))
        .join(', '),
      `${signed(worth, 4)} (${signed(100 * share, 2)} %)`,
      signed(lost, 6),
      fit.stop,
      fit.sampling ? String(fit.sampling.simulatedSteps) : '',
      fit.seconds.toFixed(1),
    ];
  });
  return [
    `${name}: true θ ${[...known.theta].join(', ')}; the policy of the exact fit is worth ${best.toFixed(4)} under it, held out ${perDecision(exact).toFixed(5)} per decision. Differences to that fit:`,
    ...aligned([['', 'θ', 'worth', 'held out', 'stop', 'steps', 'seconds'], ...rows]),
    `From a simulator every seed ends within its error, within ${100 * WORTH_WITHIN} % of that worth and ${LIKELIHOOD_WITHIN} nats per decision, in ${SECONDS} seconds: ${holds ? 'holds' : 'does not hold'}.`,
  ].join('\n');
}

/** Lines of a table whose columns begin below each other. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0].map((_, i) => Math.max(...rows.map((row) => row[i].length)));
  return rows.map((row) =>
    `  ${row.map((cell, i) => cell.padEnd(widths[i])).join('  ')}`.trimEnd(),
  );
}

function busWords({ methods }: CellResult): string {
  const [exact, log] = [methods['causal-entropy'], methods['causal-entropy-log']];
  const words = ({ parameters }: typeof exact): string =>
    parameters.map(({ name, estimate }) => `${name} ${estimate?.toFixed(4)}`).join(', ');
  const { outcomes, unseenChoices, thinChoices } = log.log ?? {};
  return [
    `bus engines at β = .99: ${words(exact)} with dynamics given; ${words(log)} from the log alone`,
    `(log-likelihood ${exact.logLikelihood?.toFixed(3)} and ${log.logLikelihood?.toFixed(3)} in the dynamics given). The fit that is given dynamics shares`,
    'the monthly increments of mileage among all bins, as Rust does. The log counts each bin for itself',
    `in ${outcomes} months: ${thinChoices} choices were seen fewer than five times, mostly replacements and bins of high`,
    `mileage, and ${unseenChoices} never, which are taken to turn out as that action did elsewhere. A new engine starts`,
    'from 0 wherever it is put in, so pooling is right for replacing; for keeping it is not, and it is in',
    'the few bins of high mileage, where what comes next decides, that the two estimates part.',
  ].join('\n');
}

function signed(x: number, digits: number): string {
  return `${x < 0 ? '−' : '+'}${Math.abs(x).toFixed(digits)}`;
}
