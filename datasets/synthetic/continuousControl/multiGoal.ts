/** Which actors reach all of four equally good goals. */

import { type Answer, kernelEngine, type Question } from 'revealed';
import {
  type Actor,
  EXPLORATORY,
  hard,
  resampled,
  stein,
  TEMPERATURE,
  unimodal,
} from './actors.ts';
import { type GoalShares, goalShares, goals, ROLLOUTS } from './goalShares.ts';

export interface MultiGoalPlan {
  readonly steps: number;
  readonly steinSteps: number;
  readonly seeds: number;
}

export const PLAN: MultiGoalPlan = { steps: 10_000, steinSteps: 9_000, seeds: 5 };

const EVEN = 0.25;
const OFF = 0.1;
const LEAST = 0.1;

const softActors = {
  resampled,
  'hard-optimal': hard,
  'one Gaussian': unimodal,
} as const;

export const multiGoal = multiGoalOf();
export const steinGoals = steinGoalsOf();

export function multiGoalOf(plan = PLAN): Question {
  return {
    name: 'multi-goal',
    title: 'Which actors reach all of four equally good goals?',
    *ask(seed) {
      const byActor = yield* sharesOf(softActors, plan.steps, plan.seeds, seed);
      const soft = byActor.resampled;
      const even = soft.filter(isEven);
      const others = ['hard-optimal', 'one Gaussian'] as const;
      const uneven = (name: (typeof others)[number]) =>
        byActor[name].filter((found) => !isEven(found)).length;
      return answer(
        byActor,
        `Soft Q-learning with resampled actions reaches each goal in a share within ${EVEN} ± ${OFF} on ${even.length} of ${plan.seeds} seeds; the hard-optimal actor does not on ${uneven('hard-optimal')}, one Gaussian does not on ${uneven('one Gaussian')}.`,
        [
          {
            claim: `Resampled, each goal has a share within ${EVEN} ± ${OFF} on four of five seeds`,
            holds: even.length >= Math.ceil(0.8 * plan.seeds),
            evidence: soft.map(told).join('; '),
            law: false,
          },
          ...others.map((name) => ({
            claim: `The actor "${name}" has a goal further off than that on every seed`,
            holds: uneven(name) === plan.seeds,
            evidence: byActor[name].map(told).join('; '),
            law: false,
          })),
        ],
        plan.steps,
      );
    },
  };
}

export function steinGoalsOf(plan = PLAN): Question {
  return {
    name: 'stein',
    title: 'Does the amortised Stein sampler reach them too?',
    *ask(seed) {
      const byActor = yield* sharesOf({ stein }, plan.steinSteps, plan.seeds, seed);
      const all = byActor.stein.filter(({ shares }) => shares.every((x) => x >= LEAST));
      return answer(
        byActor,
        `With actions from the amortised Stein sampler every goal has a share of at least ${LEAST} on ${all.length} of ${plan.seeds} seeds.`,
        [
          {
            claim: `Every goal has a share of at least ${LEAST} on four of five seeds`,
            holds: all.length >= Math.ceil(0.8 * plan.seeds),
            evidence: byActor.stein.map(told).join('; '),
            law: false,
          },
        ],
        plan.steinSteps,
      );
    },
  };
}

type Actors = Readonly<Record<string, Actor>>;

function* sharesOf<Names extends Actors>(
  actors: Names,
  steps: number,
  seeds: number,
  seed: number,
): Generator<number, Record<keyof Names & string, GoalShares[]>> {
  const names = Object.keys(actors) as (keyof Names & string)[];
  const found = Object.fromEntries(names.map((name) => [name, [] as GoalShares[]]));
  for (const [k, name] of names.entries())
    for (let run = 0; run < seeds; run++) {
      const own = `${seed}/${run}`;
      const actor = actors[name](kernelEngine(), { steps, seed: own });
      for (let step = 1; step <= steps; step++) {
        actor.advance();
        if (step % Math.ceil(steps / 20) === 0)
          yield (k * seeds + run + step / steps) / (names.length * seeds);
      }
      found[name].push(goalShares(actor, own));
    }
  return found as Record<keyof Names & string, GoalShares[]>;
}

function answer(
  byActor: Readonly<Record<string, readonly GoalShares[]>>,
  sentence: string,
  findings: Answer['findings'],
  steps: number,
): Answer {
  const actors = Object.entries(byActor);
  const column = (runs: readonly GoalShares[], goal: number) =>
    runs.map(({ shares }) => shares[goal]);
  return {
    sentence,
    findings,
    tables: [
      {
        title: 'Shares of the goals by seed',
        columns: ['actor', 'seed', ...goals, 'none', 'steps'],
        rows: actors.flatMap(([name, runs]) =>
          runs.map(({ shares, none, length }, run) => [
            name,
            run,
            ...shares.map((x) => Number(x.toFixed(4))),
            Number(none.toFixed(4)),
            Number(length.toFixed(1)),
          ]),
        ),
        note: `${ROLLOUTS} episodes from the origin each, after ${steps.toLocaleString('en')} steps at temperature ${TEMPERATURE} (0 for the hard-optimal); ${100 * EXPLORATORY} % of the episodes of learning are uniform actions. A share of 0.25 has a standard error of 0.022.`,
      },
    ],
    charts: [
      {
        name: 'goals',
        title: 'Share of each goal, from the origin',
        caption:
          'Bars: mean over the seeds. Lines: smallest and largest. Without favour each goal has a quarter.',
        kind: 'bars',
        x: { label: 'goal' },
        y: { label: 'share of episodes' },
        series: actors.map(([name, runs]) => ({
          name,
          points: goals.map((x, goal) => {
            const found = column(runs, goal);
            const y = found.reduce((sum, share) => sum + share, 0) / found.length;
            return { x, y, low: Math.min(...found), high: Math.max(...found) };
          }),
        })),
        marks: [{ axis: 'y', at: EVEN, label: 'a quarter' }],
      },
    ],
  };
}

function isEven({ shares }: GoalShares): boolean {
  return shares.every((x) => Math.abs(x - EVEN) <= OFF);
}

function told({ shares }: GoalShares): string {
  return shares.map((x) => x.toFixed(3)).join(' ');
}
