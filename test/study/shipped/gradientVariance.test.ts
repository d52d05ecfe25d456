/** The answers of `gradient-variance` against walks that are written out one by one. */

import { describe, expect, test } from 'vitest';
import { bridge } from '../../../datasets/synthetic/gradientVariance/bridge.ts';
import { horizon } from '../../../datasets/synthetic/gradientVariance/horizon.ts';
import { ladder } from '../../../datasets/synthetic/gradientVariance/ladder.ts';
import {
  ladderOf,
  type Rung,
  rungNames,
  rungs,
} from '../../../datasets/synthetic/gradientVariance/rungs.ts';
import { sampledRungs } from '../../../datasets/synthetic/gradientVariance/sampledRungs.ts';
import {
  type SmallWorld,
  smallWorldOf,
} from '../../../datasets/synthetic/gradientVariance/smallWorld.ts';
import { worlds } from '../../../datasets/synthetic/gradientVariance/worlds.ts';
import { InquiryFile } from '../../../src/evaluation/resultFile.ts';
import { answerTo, brokenLaws, columnOf } from '../../support/askQuestion.ts';
import { revealed } from '../../support/commandLine.ts';

const SIZE = { states: 3, actions: 2, successors: 2 };

interface Walk {
  readonly chance: number;
  readonly states: readonly number[];
  readonly pairs: readonly number[];
}

/** Every walk of so many decisions from a state; also from the middle of an episode. */
function walksFrom({ task, policy }: SmallWorld, state: number, decisions: number): Walk[] {
  const { pairStart, transitionStart, nextState, probability } = task.world.mdp;
  let walks: Walk[] = [{ chance: 1, states: [state], pairs: [] }];
  for (let t = 0; t < decisions; t++)
    walks = walks.flatMap(({ chance, states, pairs }) => {
      const s = states[t];
      const longer: Walk[] = [];
      for (let pair = pairStart[s]; pair < pairStart[s + 1]; pair++)
        for (let k = transitionStart[pair]; k < transitionStart[pair + 1]; k++)
          longer.push({
            chance: chance * policy[pair] * probability[k],
            states: [...states, nextState[k]],
            pairs: [...pairs, pair],
          });
      return longer;
    });
  return walks;
}

/** Mean and total variance of an estimator, ψ_t by its definition and values by walking on. */
function moments(small: SmallWorld, decisions: number, rung: Rung, constant: number) {
  const { mdp } = small.task.world;
  const { reward } = small.task;
  const returnOf = (pairs: readonly number[]) => pairs.reduce((sum, p) => sum + reward[p], 0);
  const cache = new Map<string, number>();
  const value = (t: number, s: number): number => {
    const key = `${t} ${s}`;
    const known = cache.get(key);
    if (known !== undefined) return known;
    const walks = walksFrom(small, s, decisions - t);
    const mean = walks.reduce((sum, { chance, pairs }) => sum + chance * returnOf(pairs), 0);
    cache.set(key, mean);
    return mean;
  };
  const actionValue = (t: number, pair: number): number => {
    let q = reward[pair];
    for (let k = mdp.transitionStart[pair]; k < mdp.transitionStart[pair + 1]; k++)
      q += mdp.probability[k] * value(t + 1, mdp.nextState[k]);
    return q;
  };
  const averageValue = (s: number): number => {
    let sum = 0;
    for (let t = 0; t < decisions; t++) sum += value(t, s);
    return sum / decisions;
  };
  const weight = ({ states, pairs }: Walk, t: number): number => {
    switch (rung) {
      case 'whole-return':
        return returnOf(pairs);
      case 'reward-to-go':
        return returnOf(pairs.slice(t));
      case 'constant-baseline':
        return returnOf(pairs) - value(0, 0);
      case 'best-constant':
        return returnOf(pairs) - constant;
      case 'state-baseline':
        return returnOf(pairs.slice(t)) - averageValue(states[t]);
      case 'state-time-baseline':
        return returnOf(pairs.slice(t)) - value(t, states[t]);
      case 'action-value':
        return actionValue(t, pairs[t]);
      default:
        return actionValue(t, pairs[t]) - value(t, states[t]);
    }
  };
  const mean = new Float64Array(mdp.pairCount);
  let square = 0;
  for (const walk of walksFrom(small, 0, decisions)) {
    const g = new Float64Array(mdp.pairCount);
    walk.pairs.forEach((pair, t) => {
      const psi = weight(walk, t);
      g[pair] += psi;
      const s = walk.states[t];
      for (let b = mdp.pairStart[s]; b < mdp.pairStart[s + 1]; b++) g[b] -= psi * small.policy[b];
    });
    g.forEach((x, i) => {
      mean[i] += walk.chance * x;
      square += walk.chance * x * x;
    });
  }
  return { mean, variance: square - mean.reduce((sum, m) => sum + m * m, 0) };
}

describe.each([1, 2, 3])('the ladder in small world %i', (seed) => {
  const small = smallWorldOf(SIZE, seed);
  const decisions = 4;
  const { exact, bestConstant, moments: found, meanError } = ladderOf(small, decisions);

  test.each([...rungs])('%s has the moments of its walks', (rung) => {
    const { mean, variance } = moments(small, decisions, rung, bestConstant);
    expect(found[rung].totalVariance).toBeCloseTo(variance, 9);
    mean.forEach((m, pair) => {
      expect(found[rung].mean[pair]).toBeCloseTo(m, 9);
      expect(exact.gradient[pair]).toBeCloseTo(m, 9);
    });
    expect(meanError).toBeLessThan(1e-10);
  });

  test('no other constant does better than the best one', () => {
    const least = moments(small, decisions, 'best-constant', bestConstant).variance;
    for (const off of [-1, -0.1, -0.001, 0.001, 0.1, 1]) {
      const { variance } = moments(small, decisions, 'best-constant', bestConstant + off);
      expect(variance).toBeGreaterThan(least);
    }
  });
});

test('intervals of sampled variances cover the exact ones about as often as they say', () => {
  const small = smallWorldOf(SIZE, 4);
  const { exact, bestConstant, moments: found } = ladderOf(small, 3);
  let covered = 0;
  const repeats = 60;
  for (let seed = 0; seed < repeats; seed++) {
    const drawing = sampledRungs(small, exact, bestConstant, rungs, 300, seed, 'coverage');
    let next = drawing.next();
    while (!next.done) next = drawing.next();
    for (const rung of rungs) {
      const { low, high } = next.value[rung].variance;
      const truth = found[rung].totalVariance;
      if (low <= truth && truth <= high) covered++;
    }
  }
  // 0.95 ± 3 standard errors of 60 draws; rungs of one draw move together.
  const share = covered / repeats / rungs.length;
  expect(share).toBeGreaterThan(0.95 - 3 * Math.sqrt((0.95 * 0.05) / repeats));
});

test.each([ladder, worlds, horizon, bridge])(
  '$name keeps every law with another seed too',
  async (question) => {
    expect(brokenLaws(await answerTo(question, 11))).toEqual([]);
  },
);

test('the ladder shows exact variances inside the intervals of sampled ones', async () => {
  const { tables, findings } = await answerTo(ladder, 5);
  const [exact, low, high] = ['exact', 'low', 'high'].map((name) => columnOf(tables[0], name));
  expect(tables[0].rows.map(([name]) => name)).toEqual(rungs.map((rung) => rungNames[rung]));
  const inside = exact.filter((x, i) => low[i] <= x && x <= high[i]).length;
  expect(inside).toBeGreaterThanOrEqual(rungs.length - 2);
  expect(findings.find(({ claim }) => claim.includes('agree with the exact'))?.holds).toBe(true);
});

test('noise of the whole return grows like T³, that of the true advantage like T', async () => {
  const { tables, findings } = await answerTo(horizon, 5);
  const powers = columnOf(tables[0], 'power 16–128');
  expect(powers[0]).toBeGreaterThan(2.75);
  expect(powers[0]).toBeLessThan(3.25);
  expect(Math.abs(powers[powers.length - 1] - 1)).toBeLessThan(0.25);
  expect(findings.map(({ holds }) => holds)).toEqual([true, true]);
});

test('the two soft updates agree in the mean only where the values are those of the policy', async () => {
  const { tables } = await answerTo(bridge, 5);
  const [any, own, optimum] = columnOf(tables[0], 'difference');
  const [, size, none] = columnOf(tables[0], 'policy gradient');
  expect(any).toBeGreaterThan(0.01);
  expect([own, optimum, none]).toEqual([0, 0, 0]);
  expect(size).toBeGreaterThan(0.01);
});

test('revealed run gradient-variance answers all four and exits 0', async () => {
  const { code, stdout, stderr } = await revealed(
    ...['run', 'gradient-variance', '--json', '--workers', '1'],
  );
  expect(code, stderr).toBe(0);
  const { questions } = InquiryFile.parse(JSON.parse(stdout));
  expect(questions.map(({ name }) => name)).toEqual(['ladder', 'worlds', 'horizon', 'bridge']);
});
