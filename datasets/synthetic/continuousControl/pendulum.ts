/** Soft actor-critic on the pendulum, from fixed starts, every 1,000 steps. */

import {
  type AnswerTable,
  createRng,
  drawStarts,
  episodeReturns,
  kernelEngine,
  Pendulum,
  pendulumStarts,
  type Question,
  trainSoftActorCritic,
} from 'revealed';

export interface PendulumPlan {
  readonly steps: number;
  readonly seeds: number;
  readonly every: number;
}

export const PLAN: PendulumPlan = { steps: 10_000, seeds: 5, every: 1_000 };

const ENOUGH = -160;
const GOOD_STARTS = 88;
/** How much less than near-optimal a good start may return. */
const SLACK = 50;
const FORGOTTEN = -165;
/** Share of the steps after which nothing may be forgotten. */
const LEARNED = 0.5;
const SELECTION = 20;

interface Scored {
  readonly step: number;
  readonly mean: number;
  /** Starts with a return within `SLACK` of near-optimal. */
  readonly good: number;
  /** Mean return from other starts, which choose the best. */
  readonly selection: number;
}

export const asPrinted = pendulum(
  'pendulum',
  'Does soft actor-critic as printed learn to swing the pendulum up in 10,000 steps?',
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
      const curves: Scored[][] = [];
      for (let run = 0; run < plan.seeds; run++) {
        const engine = kernelEngine();
        const own = `${seed}/${run}`;
        const selection = drawStarts(new Pendulum(), SELECTION, createRng(own, 'selection'));
        const curve: Scored[] = [];
        for (const { step, policy } of trainSoftActorCritic(engine, new Pendulum(), {
          ...form,
          steps: plan.steps,
          every: plan.every,
          seed: own,
        })) {
          const returns = episodeReturns(new Pendulum(), policy, pendulumStarts.map(startOf));
          const chosen = episodeReturns(new Pendulum(), policy, selection);
          curve.push({
            step,
            mean: mean(returns),
            good: returns.filter((sum, i) => sum > pendulumStarts[i][2] - SLACK).length,
            selection: mean(chosen),
          });
          yield (run + step / plan.steps) / plan.seeds;
        }
        curves.push(curve);
      }
      return answer(curves, plan);
    },
  };
}

function answer(curves: readonly (readonly Scored[])[], { steps, seeds }: PendulumPlan) {
  const last = curves.map((curve) => curve[curve.length - 1]);
  const best = curves.map((curve) =>
    curve.reduce((most, scored) => (scored.selection > most.selection ? scored : most)),
  );
  const worst = curves.map((curve) =>
    Math.min(...curve.filter(({ step }) => step >= LEARNED * steps).map((scored) => scored.mean)),
  );
  const passed = last.filter((scored) => scored.mean >= ENOUGH && scored.good >= GOOD_STARTS);
  const kept = worst.filter((least) => least >= FORGOTTEN);
  const most = (count: number) => count >= Math.ceil(0.8 * seeds);
  const near = mean(pendulumStarts.map(([, , known]) => known));
  const from = (LEARNED * steps).toLocaleString('en');
  const shown = (values: readonly number[]) => values.map((x) => x.toFixed(1)).join(', ');
  return {
    sentence: `${passed.length} of ${seeds} seeds return at least ${ENOUGH} on average after ${steps.toLocaleString('en')} steps, with ${GOOD_STARTS} of 100 starts within ${SLACK} of near-optimal: ${shown(last.map((scored) => scored.mean))}; near-optimal is ${near.toFixed(1)}.`,
    findings: [
      {
        claim: `After ${steps.toLocaleString('en')} steps the mean return is at least ${ENOUGH}, and ${GOOD_STARTS} starts are within ${SLACK} of near-optimal, on four of five seeds`,
        holds: most(passed.length),
        evidence: last.map((scored) => `${scored.mean.toFixed(1)} (${scored.good})`).join(', '),
        law: false,
      },
      {
        claim: `No checkpoint from ${from} steps on is below ${FORGOTTEN}, on four of five seeds`,
        holds: most(kept.length),
        evidence: `worst ${shown(worst)}`,
        law: false,
      },
    ],
    tables: [
      {
        title: 'By seed',
        columns: [
          'seed',
          'last',
          'starts within 50',
          'chosen step',
          'chosen',
          'its starts within 50',
          `worst from ${from}`,
        ],
        rows: curves.map((_, run) => [
          run,
          rounded(last[run].mean),
          last[run].good,
          best[run].step,
          rounded(best[run].mean),
          best[run].good,
          rounded(worst[run]),
        ]),
        note: `Mean returns from 100 fixed starts, acting without chance. The chosen checkpoint is the best from ${SELECTION} other starts.`,
      },
      {
        title: 'Mean return by steps',
        columns: ['steps', ...curves.map((_, run) => `seed ${run}`)],
        rows: curves[0].map(({ step }, k) => [step, ...curves.map((c) => rounded(c[k].mean))]),
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
        series: curves.map((curve, run) => ({
          name: `seed ${run}`,
          points: curve.map((scored) => ({ x: scored.step, y: scored.mean })),
        })),
        marks: [{ axis: 'y' as const, at: near, label: 'near-optimal' }],
      },
    ],
  };
}

function startOf([angle, speed]: readonly [number, number, number]): [number, number] {
  return [angle, speed];
}

function mean(x: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i];
  return sum / x.length;
}

function rounded(x: number): number {
  return Number(x.toFixed(1));
}
