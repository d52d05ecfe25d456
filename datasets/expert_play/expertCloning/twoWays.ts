/** Somebody who passes an obstacle on the left or on the right: what a single Gaussian makes of that. */

import {
  ClonedPolicy,
  type CloningRows,
  cloneBehavior,
  cloneScores,
  createRng,
  type HeadName,
  kernelEngine,
  type Question,
  standardNormal,
} from 'revealed';
import { rounded } from './play.ts';

const SEEDS = 5;
const HEADS: readonly HeadName[] = ['gaussian-one-spread', 'gaussian', 'mixture'];
const NOISE = 0.1;
/** log 2 for the side, and the entropy of a normal, with the sign changed. */
const TRUTH = -(Math.LN2 + Math.log(NOISE) + 0.5 * Math.log(2 * Math.PI * Math.E));

export const twoWays: Question = {
  name: 'two-ways',
  title: 'What does a clone make of somebody who passes on the left or on the right?',
  *ask(seed) {
    const scores: number[][] = HEADS.map(() => []);
    const ahead: number[][] = HEADS.map(() => []);
    for (let i = 0; i < SEEDS; i++) {
      const [train, others] = [walks(40, `${seed + i}, seen`), walks(100, `${seed + i}, others`)];
      for (let h = 0; h < HEADS.length; h++) {
        const engine = kernelEngine('kernels', 64);
        const steps = cloneBehavior(engine, train, { head: HEADS[h], hidden: [32] }, seed + i);
        let next = steps.next();
        while (!next.done) next = steps.next();
        const policy = new ClonedPolicy(engine, next.value.policy);
        scores[h].push(cloneScores(policy, others).perDecision);
        const action = new Float64Array(1);
        policy.act([0], null, action);
        ahead[h].push(action[0]);
        yield (i * HEADS.length + h + 1) / (SEEDS * HEADS.length);
      }
    }
    const best = scores[2].every((x, i) => x > scores[0][i] && x > scores[1][i]);
    const mean = (x: readonly number[]) => x.reduce((sum, y) => sum + y, 0) / x.length;
    return {
      sentence: `A Gaussian walks into the obstacle, a mixture goes round it: right in front the likeliest steering of a Gaussian is ${mean(ahead[1].map(Math.abs)).toFixed(2)}, of a mixture ${mean(ahead[2].map(Math.abs)).toFixed(2)} (people: 1). Held-out log-density per decision ${mean(scores[1]).toFixed(3)} against ${mean(scores[2]).toFixed(3)}, and ${TRUTH.toFixed(3)} of the truth.`,
      findings: [
        {
          claim: 'The mixture tells held-out decisions better than either Gaussian, for every seed',
          holds: best,
          evidence: HEADS.map(
            (head, h) => `${head} ${scores[h].map((x) => x.toFixed(3)).join(', ')}`,
          ).join('; '),
          law: false,
        },
      ],
      tables: [
        {
          title: 'Held-out log-density per decision, and steering right in front of the obstacle',
          columns: ['family', 'seed', 'held out', 'steering'],
          rows: HEADS.flatMap((head, h) =>
            scores[h].map((score, i) => [
              head,
              seed + i,
              rounded(score, 4),
              rounded(ahead[h][i], 3),
            ]),
          ),
        },
      ],
      charts: [
        {
          name: 'density',
          title: 'Held-out log-density by family',
          caption: `Mean of ${SEEDS} seeds, 2,000 decisions each.`,
          kind: 'bars',
          x: { label: 'family' },
          y: { label: 'log-density per decision' },
          series: [{ name: 'held out', points: HEADS.map((x, h) => ({ x, y: mean(scores[h]) })) }],
          marks: [{ axis: 'y', at: TRUTH, label: 'truth' }],
        },
      ],
    };
  },
};

/** Walks of 20 decisions: how far aside one is, and how far to steer: away from 0 by about 1. */
function walks(count: number, seed: string): CloningRows {
  const rng = createRng(seed, 'walks');
  const rows = 20 * count;
  const observations = Float64Array.from({ length: rows }, () => 2 * rng() - 1);
  return {
    count: rows,
    observationSize: 1,
    observations,
    actions: { kind: 'continuous', size: 1, box: null },
    taken: observations.map(
      (x) => (rng() < 0.5 ? -1 : 1) * (1 - 0.3 * x * x) + NOISE * standardNormal(rng),
    ),
    trajectories: Array.from({ length: count }, (_, i) => `walk ${i}`),
    trajectory: Int32Array.from({ length: rows }, (_, i) => Math.floor(i / 20)),
    step: Int32Array.from({ length: rows }, (_, i) => i % 20),
  };
}
