/** The answers of `control-as-inference` against every trajectory, one by one. */

import { describe, expect, test } from 'vitest';
import { corridor, corridorTask } from '../../../datasets/synthetic/controlAsInference/corridor.ts';
import {
  type ControlTask,
  hardPlan,
  inferenceAt,
} from '../../../datasets/synthetic/controlAsInference/inferenceAt.ts';
import { lake, lakeTask } from '../../../datasets/synthetic/controlAsInference/lake.ts';
import {
  lottery,
  lotteryTask,
  temperatures,
} from '../../../datasets/synthetic/controlAsInference/lottery.ts';
import { answerTo, brokenLaws, columnOf } from '../../support/askQuestion.ts';
import { readInquiry, revealed, temporaryFolder } from '../../support/commandLine.ts';
import { readReference } from '../../support/references.ts';

interface Walk {
  /** p(x) under uniform choices: of the start, the choices and the moves. */
  readonly probability: number;
  readonly reward: number;
  readonly states: readonly number[];
  readonly pairs: readonly number[];
}

/** Every trajectory of the task, by walking through all that may happen. */
function allWalks({ mdp, reward, initial, horizon }: ControlTask): Walk[] {
  const { pairStart, transitionStart, nextState, probability } = mdp;
  const walks: Walk[] = [];
  const walk = (at: Walk): void => {
    const s = at.states[at.states.length - 1];
    const choices = pairStart[s + 1] - pairStart[s];
    if (at.pairs.length === horizon || choices === 0) {
      walks.push(at);
      return;
    }
    for (let pair = pairStart[s]; pair < pairStart[s + 1]; pair++)
      for (let k = transitionStart[pair]; k < transitionStart[pair + 1]; k++)
        walk({
          probability: (at.probability * probability[k]) / choices,
          reward: at.reward + reward[pair],
          states: [...at.states, nextState[k]],
          pairs: [...at.pairs, pair],
        });
  };
  initial.forEach((p, s) => {
    if (p > 0) walk({ probability: p, reward: 0, states: [s], pairs: [] });
  });
  return walks;
}

/** What enumeration says of a temperature. */
function enumerated(task: ControlTask, walks: readonly Walk[], temperature: number) {
  const weights = walks.map(
    ({ probability, reward }) => probability * Math.exp(reward / temperature),
  );
  const evidence = weights.reduce((sum, w) => sum + w, 0);
  const expected = walks.reduce((sum, { reward }, i) => sum + weights[i] * reward, 0) / evidence;
  /** Weight that passes through (t, s) and through (t, s, a). */
  const through = new Map<string, number>();
  walks.forEach(({ states, pairs }, i) => {
    pairs.forEach((pair, t) => {
      for (const key of [`${t} ${states[t]}`, `${t} ${states[t]} ${pair}`])
        through.set(key, (through.get(key) ?? 0) + weights[i]);
    });
  });
  const chosen = (t: number, s: number, pair: number): number =>
    (through.get(`${t} ${s} ${pair}`) ?? 0) / (through.get(`${t} ${s}`) ?? Number.NaN);
  /** Return of a policy with the moves as they are: reweighted from uniform choices. */
  const returnOf = (policy: (t: number, s: number, pair: number) => number): number =>
    walks.reduce((sum, { probability, reward, states, pairs }) => {
      const { pairStart } = task.mdp;
      const ratio = pairs.reduce((product, pair, t) => {
        const s = states[t];
        return product * policy(t, s, pair) * (pairStart[s + 1] - pairStart[s]);
      }, 1);
      return sum + probability * ratio * reward;
    }, 0);
  return { logEvidence: Math.log(evidence), expected, executed: returnOf(chosen), returnOf };
}

describe.each<[string, ControlTask, readonly number[]]>([
  ['the lottery', lotteryTask(), temperatures],
  ['the corridor from anywhere', corridorTask(new Float64Array(4).fill(0.25)), [0.2, 1, 5]],
  ['four decisions on the lake', lakeTask(4), [0.1, 0.5, 2]],
])('%s', (_, task, at) => {
  const walks = allWalks(task);

  test('has probability 1 in all', () => {
    expect(walks.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 12);
  });

  test.each([...at])('is inferred and acted in as enumeration says at temperature %f', (tau) => {
    const { logEvidence, expected, executed, returnOf } = enumerated(task, walks, tau);
    const found = inferenceAt(task, tau);
    expect(found.posterior.logEvidence).toBeCloseTo(logEvidence, 9);
    expect(found.expected).toBeCloseTo(expected, 9);
    expect(found.executed.expectedReward).toBeCloseTo(executed, 9);
    const planned = returnOf((t, _s, pair) => found.plan(t)[pair]);
    expect(found.maxEnt.expectedReward).toBeCloseTo(planned, 9);
  });

  test('has no plan that is better than the hard one', () => {
    const { returnOf } = enumerated(task, walks, 1);
    const best = returnOf((t, _s, pair) => hardPlan(task)(t)[pair]);
    // By choosing the best action backwards among all the walks that go on from a state.
    const { pairStart, transitionStart, nextState, probability } = task.mdp;
    const value = (t: number, s: number): number => {
      if (t === task.horizon || pairStart[s] === pairStart[s + 1]) return 0;
      const choices = Array.from({ length: pairStart[s + 1] - pairStart[s] }, (_, i) => {
        const pair = pairStart[s] + i;
        let q = task.reward[pair];
        for (let k = transitionStart[pair]; k < transitionStart[pair + 1]; k++)
          q += probability[k] * value(t + 1, nextState[k]);
        return q;
      });
      return Math.max(...choices);
    };
    const values = (s: number): number => (task.initial[s] > 0 ? value(0, s) : 0);
    expect(best).toBeCloseTo(
      task.initial.reduce((sum, p, s) => sum + p * values(s), 0),
      12,
    );
  });
});

interface Stored {
  readonly name: string;
  readonly alpha: number;
  readonly logPartitionUniformPrior: number;
  readonly exact: {
    readonly expectedRewardUnderPosterior: number;
    readonly expectedRewardExecuted: number;
  };
  readonly variational: { readonly expectedReward: number };
  readonly elboGap: number;
}

const { cases } = readReference<{ readonly cases: readonly Stored[] }>('control_as_inference');

describe('the answer to the lottery', () => {
  test.each(cases.filter(({ name }) => name.startsWith('lottery')))(
    'has the numbers of an independent program at temperature $alpha',
    async ({ alpha, logPartitionUniformPrior, exact, variational, elboGap }) => {
      const { tables } = await answerTo(lottery);
      const [inference, choices] = tables;
      const row = columnOf(inference, 'temperature').indexOf(alpha);
      const shown = (table: (typeof tables)[number], column: string) =>
        columnOf(table, column)[row];
      expect(shown(inference, 'log evidence')).toBeCloseTo(logPartitionUniformPrior, 9);
      expect(shown(inference, 'gap')).toBeCloseTo(elboGap, 9);
      expect(shown(choices, 'expects')).toBeCloseTo(exact.expectedRewardUnderPosterior, 9);
      expect(shown(choices, 'gets')).toBeCloseTo(exact.expectedRewardExecuted, 9);
      expect(shown(choices, 'max-ent gets')).toBeCloseTo(variational.expectedReward, 9);
    },
  );

  test('turns to the ticket where the closed form has even odds', async () => {
    const { charts, tables } = await answerTo(lottery);
    const turn = charts[0].marks?.find(({ axis }) => axis === 'x')?.at ?? Number.NaN;
    expect(0.1 + 0.9 * Math.exp(-5 / turn)).toBeCloseTo(Math.exp(-1 / turn), 9);
    const ticket = columnOf(tables[1], 'p(ticket | O)');
    columnOf(tables[1], 'temperature').forEach((tau, i) => {
      const odds = (0.1 + 0.9 * Math.exp(-5 / tau)) / Math.exp(-1 / tau);
      expect(ticket[i]).toBeCloseTo(odds / (1 + odds), 9);
    });
  });

  test('says that the exact posterior does not become the hard plan', async () => {
    const { findings } = await answerTo(lottery);
    const becomes = findings.filter(({ claim }) => claim.includes('becomes the hard plan'));
    expect(becomes.map(({ holds, law }) => [holds, law])).toEqual([
      [true, false],
      [false, false],
    ]);
  });
});

test.each([lottery, corridor, lake])('$name keeps every law', async (question) => {
  expect(brokenLaws(await answerTo(question))).toEqual([]);
});

test('revealed run control-as-inference answers all three and exits 0', async () => {
  const out = temporaryFolder();
  const { code, stdout, stderr } = await revealed('run', 'control-as-inference', '--out', out);
  expect(code, stderr).toBe(0);
  const { questions } = readInquiry(out);
  expect(questions.map(({ name }) => name)).toEqual(['lottery', 'corridor', 'lake']);
  for (const { sentence, charts } of questions) {
    expect(stdout.replace(/\s+/g, ' ')).toContain(sentence);
    expect(charts.length).toBeGreaterThan(0);
  }
});
