/** Cross-entropy planning on the pendulum, in dynamics that an ensemble learns as it goes on. */

import {
  type AnswerTable,
  ControlTraining,
  EnsemblePlanning,
  GreedyEpisodes,
  type KnownOfBox,
  kernelEngine,
  Pendulum,
  type PolicyArrays,
  pendulumStarts,
  type Question,
} from 'revealed';

export interface PlannedPlan {
  readonly steps: number;
  readonly seeds: number;
  readonly every: number;
  /** How many of the fixed starts. */
  readonly starts: number;
  /** How many other starts say which checkpoint may be best, and how many confirm it. */
  readonly selection: number;
  readonly confirmation: number;
}

export const PLAN: PlannedPlan = {
  steps: 5_000,
  seeds: 5,
  every: 1_000,
  starts: 100,
  selection: 5,
  confirmation: 10,
};

const ENOUGH = -200;
/** How much less than near-optimal a good start may return. */
const SLACK = 50;
/** Share of the time that learning takes; the rest is for the fixed starts. */
const LEARNING = 0.6;

/** What a step pays, from what is seen before it: angle as cosine and sine, and speed. */
export const knownPendulum: KnownOfBox = {
  reward([cos, sin, speed], [torque]) {
    const lean = Math.atan2(sin, cos);
    return -(lean * lean + 0.1 * speed * speed + 0.001 * torque * torque);
  },
};

interface Played {
  readonly step: number;
  readonly mean: number;
  readonly good: number;
}

interface Course {
  /** At each checkpoint: mean return that selects, and error of the model on new steps. */
  readonly curve: readonly {
    readonly step: number;
    readonly selection: number;
    readonly error: number | null;
  }[];
  readonly last: Played;
  /** The best that was confirmed. */
  readonly best: Played;
}

export const planned = plannedPendulum(
  'pendulum-planned',
  'Does planning in learned dynamics swing the pendulum up after 5,000 steps?',
  'deterministic',
);

export const plannedWithSpread = plannedPendulum(
  'pendulum-planned-spread',
  'And where the members of the ensemble tell how sure they are?',
  'probabilistic',
);

export function plannedPendulum(
  name: string,
  title: string,
  form: 'deterministic' | 'probabilistic',
  plan = PLAN,
): Question {
  return {
    name,
    title,
    *ask(seed) {
      const courses: Course[] = [];
      for (let run = 0; run < plan.seeds; run++) {
        const steps = courseOf(`${seed}/${run}`, form, plan);
        let next = steps.next();
        for (; !next.done; next = steps.next()) yield (run + next.value) / plan.seeds;
        courses.push(next.value);
      }
      return answer(courses, plan);
    },
  };
}

function* courseOf(
  seed: string,
  form: 'deterministic' | 'probabilistic',
  { steps, every, starts, selection, confirmation }: PlannedPlan,
): Generator<number, Course> {
  const engine = kernelEngine();
  const create = () => new Pendulum();
  const learner = new EnsemblePlanning(engine, create(), { form, seed }, knownPendulum);
  const episodes = { selectionEpisodes: selection, episodes: confirmation, evaluate: 1 };
  const training = new ControlTraining(engine, learner, create, {
    steps,
    every,
    seed,
    ...episodes,
  });
  const curve: { step: number; selection: number; error: number | null }[] = [];
  const run = training.run();
  let next = run.next();
  for (; !next.done; next = run.next()) {
    const { step, share, row } = next.value;
    curve.push({ step, selection: next.value.selection, error: row.error ?? null });
    yield LEARNING * share;
  }
  const { best, last } = next.value;
  const fixed = pendulumStarts.slice(0, starts);
  const player = new GreedyEpisodes(engine, learner, create, starts);
  const played = (step: number, policy: PolicyArrays): Played => {
    const returns = player.returns(
      policy,
      fixed.map(([angle, speed]) => [angle, speed]),
    );
    const good = fixed.filter(([, , near], i) => returns[i] > near - SLACK).length;
    return { step, mean: meanOf(returns), good };
  };
  const ended = played(last.step, last.policy);
  yield (1 + LEARNING) / 2;
  const chosen = best.step === last.step ? ended : played(best.step, best.policy);
  return { curve, last: ended, best: chosen };
}

function answer(
  courses: readonly Course[],
  { steps, seeds, starts, selection, confirmation }: PlannedPlan,
) {
  const near = meanOf(pendulumStarts.slice(0, starts).map(([, , known]) => known));
  const lasts = courses.map(({ last }) => last.mean);
  const passed = lasts.filter((mean) => mean >= ENOUGH);
  const shown = (values: readonly number[]) => values.map((x) => x.toFixed(1)).join(', ');
  const count = steps.toLocaleString('en');
  return {
    sentence: `${passed.length} of ${seeds} seeds return at least ${ENOUGH} on average over ${starts} fixed starts after ${count} steps: ${shown(lasts)}; near-optimal is ${near.toFixed(1)}.`,
    findings: [
      {
        claim: `After ${count} steps the mean return is at least ${ENOUGH} on every seed`,
        holds: passed.length === seeds,
        evidence: courses.map(({ last }) => `${last.mean.toFixed(1)} (${last.good})`).join(', '),
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
          'best confirmed at',
          'best',
          'its starts within 50',
        ],
        rows: courses.map(({ last, best }, run) => [
          run,
          rounded(last.mean),
          last.good,
          best.step,
          rounded(best.mean),
          best.good,
        ]),
        note: `Mean returns from ${starts} fixed starts, every step planned anew. The best checkpoint was chosen by ${selection} episodes from other starts and confirmed by ${confirmation} more. What a step pays is known, where it leads is learned.`,
      },
      {
        title: 'Error of the model on new steps',
        columns: ['steps', ...courses.map((_, run) => `seed ${run}`)],
        rows: courses[0].curve.map(({ step }, k) => [
          step,
          ...courses.map(({ curve }) => {
            const { error } = curve[k];
            return error === null ? null : Number(error.toFixed(4));
          }),
        ]),
        note: 'Root mean square of what the mean of the members is off on steps that they had not learned from, in units of the spread of changes; mean over the lessons since the row before. None where there was no lesson with new steps.',
      },
    ] satisfies AnswerTable[],
    charts: [
      {
        name: 'learning',
        title: `Mean return from ${selection} starts as learning goes on`,
        caption: 'One line a seed; nearer to 0 is better.',
        kind: 'curves' as const,
        x: { label: 'steps' },
        y: { label: 'mean return' },
        series: courses.map((course, run) => ({
          name: `seed ${run}`,
          points: course.curve.map(({ step, selection: y }) => ({ x: step, y })),
        })),
      },
    ],
  };
}

function meanOf(x: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i];
  return sum / x.length;
}

function rounded(x: number): number {
  return Number(x.toFixed(1));
}
