/** Soft actor-critic on the pendulum, from fixed starts, every 1,000 steps. */

import {
  type AnswerTable,
  ControlTraining,
  controlMethods,
  GreedyEpisodes,
  kernelEngine,
  Pendulum,
  type PolicyArrays,
  pendulumStarts,
  type Question,
} from 'revealed';

export interface PendulumPlan {
  readonly steps: number;
  readonly seeds: number;
  readonly every: number;
  /** After so many steps it is to have learned. */
  readonly learned: number;
  /** From so many steps on nothing may be forgotten. */
  readonly kept: number;
}

export const PLAN: PendulumPlan = {
  steps: 20_000,
  seeds: 5,
  every: 1_000,
  learned: 10_000,
  kept: 5_000,
};

const ENOUGH = -160;
const GOOD_STARTS = 88;
/** How much less than near-optimal a good start may return. */
const SLACK = 50;
const FORGOTTEN = -165;

const starts = pendulumStarts.map(([angle, speed]) => [angle, speed]);

/** What a policy returns from the fixed starts. */
interface Worth {
  readonly mean: number;
  /** Starts with a return within `SLACK` of near-optimal. */
  readonly good: number;
}

interface SeedRun {
  readonly curve: readonly (Worth & { readonly step: number })[];
  /** The best that was confirmed on other starts. */
  readonly best: Worth & { readonly step: number };
}

export const asPrinted = pendulum(
  'pendulum',
  'Does soft actor-critic as printed learn to swing the pendulum up in 10,000 steps, and keep it?',
  {},
);

export const tuned = pendulum(
  'pendulum-tuned',
  'And with a temperature that is tuned, without value network?',
  { valueNetwork: false, temperature: 'tuned' },
);

export function pendulum(
  name: string,
  title: string,
  form: { readonly valueNetwork?: boolean; readonly temperature?: 'tuned' },
  plan = PLAN,
): Question {
  return {
    name,
    title,
    *ask(seed) {
      const runs: SeedRun[] = [];
      for (let run = 0; run < plan.seeds; run++) {
        const learning = learn(form, plan, `${seed}/${run}`);
        let next = learning.next();
        for (; !next.done; next = learning.next()) yield (run + next.value) / plan.seeds;
        runs.push(next.value);
      }
      return answer(runs, plan);
    },
  };
}

function* learn(
  form: Readonly<Record<string, unknown>>,
  { steps, every }: PendulumPlan,
  seed: string,
): Generator<number, SeedRun> {
  const engine = kernelEngine();
  const create = () => new Pendulum();
  const learner = controlMethods['soft-actor-critic'].box!.learner(engine, create, {
    ...form,
    seed,
  });
  const fixed = new GreedyEpisodes(engine, learner, create, starts.length);
  const worth = (policy: PolicyArrays): Worth => {
    const returns = fixed.returns(policy, starts);
    return {
      mean: returns.reduce((sum, x) => sum + x, 0) / returns.length,
      good: returns.filter((sum, i) => sum > pendulumStarts[i][2] - SLACK).length,
    };
  };
  const curve: (Worth & { step: number })[] = [];
  const training = new ControlTraining(engine, learner, create, { steps, every, seed }).run();
  let next = training.next();
  for (; !next.done; next = training.next()) {
    curve.push({ step: next.value.step, ...worth(learner.learned()) });
    yield next.value.share;
  }
  const { best } = next.value;
  return { curve, best: { step: best.step, ...worth(best.policy) } };
}

function answer(runs: readonly SeedRun[], plan: PendulumPlan) {
  const { steps, seeds, learned, kept } = plan;
  const then = runs.map(({ curve }) => curve.find(({ step }) => step >= learned)!);
  const last = runs.map(({ curve }) => curve[curve.length - 1]);
  const worst = runs.map(({ curve }) =>
    Math.min(...curve.filter(({ step }) => step >= kept).map((scored) => scored.mean)),
  );
  const passed = then.filter((scored) => scored.mean >= ENOUGH && scored.good >= GOOD_STARTS);
  const held = worst.filter((least) => least >= FORGOTTEN);
  const most = (count: number) => count >= Math.ceil(0.8 * seeds);
  const near = pendulumStarts.reduce((sum, [, , known]) => sum + known, 0) / starts.length;
  const [after, from, end] = [learned, kept, steps].map((count) => count.toLocaleString('en'));
  const shown = (values: readonly number[]) => values.map((x) => x.toFixed(1)).join(', ');
  return {
    sentence: `${passed.length} of ${seeds} seeds return at least ${ENOUGH} on average after ${after} steps, with ${GOOD_STARTS} of 100 starts within ${SLACK} of near-optimal: ${shown(then.map((scored) => scored.mean))}; near-optimal is ${near.toFixed(1)}. From ${from} to ${end} steps ${held.length} of ${seeds} never fall below ${FORGOTTEN}.`,
    findings: [
      {
        claim: `After ${after} steps the mean return is at least ${ENOUGH}, and ${GOOD_STARTS} starts are within ${SLACK} of near-optimal, on four of five seeds`,
        holds: most(passed.length),
        evidence: then.map((scored) => `${scored.mean.toFixed(1)} (${scored.good})`).join(', '),
        law: false,
      },
      {
        claim: `No checkpoint from ${from} steps on is below ${FORGOTTEN}, on four of five seeds`,
        holds: most(held.length),
        evidence: `worst ${shown(worst)}`,
        law: false,
      },
    ],
    tables: [
      {
        title: 'By seed',
        columns: [
          'seed',
          `after ${after}`,
          'starts within 50',
          `worst from ${from}`,
          'best confirmed at',
          'best',
          'its starts within 50',
          `last, at ${end}`,
          'its starts within 50',
        ],
        rows: runs.map(({ best }, run) => [
          run,
          rounded(then[run].mean),
          then[run].good,
          rounded(worst[run]),
          best.step,
          rounded(best.mean),
          best.good,
          rounded(last[run].mean),
          last[run].good,
        ]),
        note: 'Mean returns from 100 fixed starts, acting without chance. The best checkpoint was chosen and confirmed on episodes from other starts.',
      },
      {
        title: 'Mean return by steps',
        columns: ['steps', ...runs.map((_, run) => `seed ${run}`)],
        rows: runs[0].curve.map(({ step }, k) => [
          step,
          ...runs.map(({ curve }) => rounded(curve[k].mean)),
        ]),
      },
    ] satisfies AnswerTable[],
    charts: [
      {
        name: 'learning',
        title: 'Mean return from 100 fixed starts as learning goes on',
        caption: 'One line a seed, acting without chance; nearer to 0 is better.',
        kind: 'curves' as const,
        x: { label: 'steps' },
        y: { label: 'mean return' },
        series: runs.map(({ curve }, run) => ({
          name: `seed ${run}`,
          points: curve.map((scored) => ({ x: scored.step, y: scored.mean })),
        })),
        marks: [{ axis: 'y' as const, at: near, label: 'near-optimal' }],
      },
    ],
  };
}

function rounded(x: number): number {
  return Number(x.toFixed(1));
}
