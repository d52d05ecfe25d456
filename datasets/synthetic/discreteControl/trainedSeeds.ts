/** One algorithm in one world, several seeds: is a checkpoint good enough within the steps allowed? */

import {
  Acrobot,
  CartPole,
  type ControlLearner,
  type ControlResult,
  ControlTraining,
  type Engine,
  meanInterval,
  openEngine,
  type Question,
  type Simulator,
} from 'revealed';

export interface Course {
  readonly name: string;
  /** What learns, as it stands in sentences. */
  readonly method: string;
  readonly world: keyof typeof courseWorlds;
  /** Most steps in the world. */
  readonly steps: number;
  /** Of so many seeds, that many must get there; 4 of 5 by default. */
  readonly seeds?: number;
  readonly needed?: number;
  /** Go on to the last step, whatever was confirmed on the way. */
  readonly toTheEnd?: boolean;
  readonly learner: (
    engine: Engine,
    createSimulator: () => Simulator<number>,
    seed: number,
  ) => ControlLearner;
}

export const courseWorlds = {
  'cart-pole': {
    title: 'CartPole',
    create: () => new CartPole(),
    /** Mean return that is asked for. */
    goal: 475,
    /** Confirmed at this a run may stop: above the goal, so that fresh episodes pass too. */
    enough: 490,
    every: 1_000,
  },
  acrobot: {
    title: 'Acrobot',
    create: () => new Acrobot(),
    goal: -90,
    enough: -82,
    every: 2_000,
  },
} as const;

export function course(given: Course): Question {
  const { name, method, steps, seeds = 5, needed = 4, toTheEnd = false } = given;
  const { title, create, goal, enough, every } = courseWorlds[given.world];
  return {
    name,
    title: `Does ${method} learn ${title} within ${steps.toLocaleString('en')} steps?`,
    async *ask(seed) {
      const { engine, reason } = await openEngine(64);
      const runs: ControlResult[] = [];
      for (let i = 0; i < seeds; i++) {
        const learner = given.learner(engine, create, seed + i);
        const stop = toTheEnd ? {} : { enough };
        const options = { steps, every, seed: seed + i, ...stop };
        const run = new ControlTraining(engine, learner, create, options).run();
        let next = run.next();
        for (; !next.done; next = run.next()) yield (i + next.value.share) / seeds;
        runs.push(next.value);
        engine.release();
      }
      const passed = runs.filter(({ best }) => best.mean >= goal).length;
      const ends = runs.filter(({ last }) => last.mean >= goal).length;
      return {
        sentence: `${passed >= needed ? 'Yes' : 'No'}: the best confirmed checkpoint returns ${goal} or more in ${passed} of ${seeds} seeds (${runs.map(({ best }) => best.mean.toFixed(1)).join(', ')})${toTheEnd ? `; the last policy in ${ends}` : ''}.`,
        findings: [
          {
            claim: `A confirmed checkpoint within ${steps.toLocaleString('en')} steps returns at least ${goal} in ${needed} of ${seeds} seeds`,
            holds: passed >= needed,
            evidence: runs
              .map(({ best }, i) => `seed ${seed + i}: ${best.mean.toFixed(1)} at ${best.step}`)
              .join('; '),
            law: false,
          },
        ],
        tables: [
          {
            title: 'By seed',
            columns: [
              'seed',
              'best at step',
              'best',
              'from',
              'to',
              'worst of its episodes',
              'last step',
              'last',
            ],
            rows: runs.map(({ best, last }, i) => {
              const { low, high } = meanInterval(best.returns);
              const worst = best.returns.reduce((least, x) => Math.min(least, x));
              return [seed + i, best.step, best.mean, low, high, worst, last.step, last.mean];
            }),
            note: `Returns are means of greedy play over 100 episodes that chose nothing, with 95 % intervals over episodes. Checkpoints every ${every} steps are chosen on 20 episodes and confirmed on 100 others; ${toTheEnd ? 'runs go on to their end' : `a run stops when one is confirmed at ${enough}`}. Networks ran on ${engine.name}: ${reason}.`,
          },
        ],
        charts: [
          {
            name: 'learning',
            title: `Greedy play as ${method} learns ${title}`,
            caption:
              'Mean return of the 20 episodes that choose, by steps in the world; one line a seed.',
            kind: 'curves',
            x: { label: 'steps' },
            y: { label: 'return' },
            series: runs.map(({ curve }, i) => ({
              name: `seed ${seed + i}`,
              points: curve.map(({ step, selection }) => ({ x: step, y: selection })),
            })),
            marks: [{ axis: 'y', at: goal, label: 'asked for' }],
          },
        ],
      };
    },
  };
}
