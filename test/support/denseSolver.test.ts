/** The referee is refereed: closed forms, limits, brute force and differences. */

import { describe, expect, test } from 'vitest';
import { denseFit } from './denseFit.ts';
import { solveDense } from './denseLinearAlgebra.ts';
import { denseObjective } from './denseObjective.ts';
import { denseProblem } from './denseProblem.ts';
import { bellman, solveTask } from './denseSolver.ts';
import type { DenseTask } from './denseWorld.ts';
import { problemKinds, randomProblem } from './randomProblem.ts';
import type { FitSettings, Tables, TrajectoryRow } from './tables.ts';

/** Rows 'state action state action … [state]', one string per trajectory. */
function paths(texts: readonly string[], goal?: string): TrajectoryRow[] {
  return texts.flatMap((text, i) => {
    const words = text.split(' ');
    const steps = Array.from({ length: Math.ceil(words.length / 2) }, (_, step) => step);
    return steps.map((step) => ({
      trajectory: `${i}`,
      step,
      state: words[2 * step],
      action: words[2 * step + 1] ?? '',
      ...(goal === undefined ? {} : { goal }),
    }));
  });
}

/** Rows 'state action nextState probability | features…'. */
function world(rows: readonly string[], names: readonly string[]): Omit<Tables, 'trajectories'> {
  const cells = rows.map((row) => row.split(/[ |]+/));
  return {
    transitions: cells.map(([state, action, nextState, p]) => ({
      state,
      action,
      nextState,
      probability: Number(p),
    })),
    features: {
      names,
      rows: cells.map(([state, action, nextState, , ...values]) => ({
        state,
        action,
        nextState,
        values: values.map(Number),
      })),
    },
  };
}

function repeat(text: string, count: number): string[] {
  return new Array(count).fill(text);
}

describe('denseFit, against closed forms', () => {
  test.each([{ discount: 0.9 }, { horizon: 1 }, { horizon: 1, discount: 0.5 }])(
    'denseFit of a choice that changes nothing else is a logit: %o',
    (settings) => {
      const tables = {
        ...world(['s a s 1 | 0', 's b s 1 | 2'], ['f']),
        trajectories: paths([...repeat('s a', 30), ...repeat('s b', 10)]),
      };
      const fit = denseFit(tables, settings)!;
      expect(fit.theta[0]).toBeCloseTo(Math.log(10 / 30) / 2, 12);
      expect(fit.logLikelihood).toBeCloseTo(30 * Math.log(0.75) + 10 * Math.log(0.25), 10);
      expect(fit).toMatchObject({ converged: true, unique: true, feasibleAtZero: true });
    },
  );

  test('denseFit of rounds before the goal: π(round) = exp(θ c), so θ̂ = log(share) / c', () => {
    const tables = {
      ...world(['s round s 1 | 2', 's home g 1 | 5'], ['cost']),
      trajectories: paths(['s round s round s home g', 's home', 's home g', 'g'], 'g'),
    };
    const fit = denseFit(tables, {})!;
    expect(fit.theta[0]).toBeCloseTo(Math.log(2 / 5) / 2, 10);
    expect(fit.feasibleAtZero).toBe(false);
    expect(fit.problem.counts).toEqual({ trajectories: 4, decisions: 5, cutOff: 0, empty: 1 });
  });

  test('denseFit of rounds before an exit does not depend on the reward of the exit', () => {
    const tables = {
      ...world(['s round s 1 | 1'], ['cost']),
      exits: [{ goal: 'out', state: 's', reward: -3 }],
      trajectories: paths(['s round s round s', 's round s round', 's'], 'out'),
    };
    const fit = denseFit(tables, {})!;
    expect(fit.theta[0]).toBeCloseTo(Math.log(4 / 6), 10);
    expect(fit.problem.counts).toEqual({ trajectories: 3, decisions: 6, cutOff: 1, empty: 0 });
  });

  test('denseFit weighs trajectories, not their count', () => {
    const base = world(['s a s 1 | 0', 's b s 1 | 1'], ['f']);
    const trajectories = paths(['s a s b', 's b']).map((row) => ({
      ...row,
      weight: row.trajectory === '0' ? 3 : 0.5,
    }));
    const fit = denseFit({ ...base, trajectories }, { discount: 0.5 })!;
    expect(fit.theta[0]).toBeCloseTo(Math.log(3.5 / 3), 12);
    expect(fit.problem.counts.decisions).toBe(3);
  });

  test('denseFit holds fixed parameters and shrinks with L2', () => {
    const tables = {
      ...world(['s a s 1 | 0 1', 's b s 1 | 1 0'], ['f', 'g']),
      trajectories: paths(['s a', 's b', 's b', 's b']),
    };
    const fixed = denseFit(tables, { discount: 0, fixed: new Map([['g', 0.25]]) })!;
    expect(fixed.theta[0]).toBeCloseTo(Math.log(3) + 0.25, 12);
    const { theta } = denseFit(tables, { discount: 0, l2: 2 })!;
    const share = 1 / (1 + Math.exp(theta[1] - theta[0]));
    expect(theta[0]).toBeCloseTo((3 - 4 * share) / 2, 10);
    expect(theta[1]).toBeCloseTo(-theta[0], 10);
  });

  test('denseFit by feature matching discounts the demonstrated features: π(b) = (1 − γ) Σ γᵗ f', () => {
    const tables = {
      ...world(['s a s 1 | 0', 's b s 1 | 1'], ['f']),
      trajectories: paths(['s a s b s b', 's b s a s a s b', 's']),
    };
    const fit = denseFit(tables, { discount: 0.5, objective: 'feature-matching' })!;
    const share = (0.5 * (0.5 + 0.25 + 1 + 0.125)) / 2;
    expect(fit.theta[0]).toBeCloseTo(Math.log(share / (1 - share)), 12);
    expect(fit.logLikelihood).toBeCloseTo(4 * Math.log(share) + 3 * Math.log(1 - share), 12);
  });

  test('denseFit sees what the data do not identify, and what runs away', () => {
    const twins = world(['s a s 1 | 0 0', 's b s 1 | 1 2'], ['f', 'twin']);
    const collinear = denseFit({ ...twins, trajectories: paths(['s a', 's b']) }, { discount: 0 })!;
    expect(collinear.information).toBeLessThan(1e-12);
    const lone = world(['s a s 1 | 0', 's b s 1 | 1'], ['f']);
    const separated = denseFit({ ...lone, trajectories: paths(['s a', 's a']) }, { discount: 0 })!;
    expect(separated.reach).toBeGreaterThan(12);
  });
});

describe('solveTask, against closed forms', () => {
  test('solveTask of zero reward gives log(moves) / (1 − γ), or times T', () => {
    const tables = {
      ...world(
        ['s a s .5 | 0', 's a t .5 | 0', 's b t 1 | 0', 't a s 1 | 0', 't b t 1 | 0'],
        ['f'],
      ),
      trajectories: paths(['s a']),
    };
    const value = (settings: FitSettings) => {
      const problem = denseProblem(tables, settings);
      return solveTask(problem.tasks[0], [0], problem)!.at[0].value.value;
    };
    for (const v of value({ discount: 0.99 })) expect(v).toBeCloseTo(Math.log(2) / 0.01, 9);
    for (const v of value({ horizon: 7 })) expect(v).toBeCloseTo(7 * Math.log(2), 12);
    for (const v of value({ horizon: 7, temperature: 3 })) {
      expect(v).toBeCloseTo(21 * Math.log(2), 12);
    }
  });

  test('solveTask of a move that fails half the time: x² = A x + B for x = exp(V / 2)', () => {
    const tables = {
      ...world(['s try g .5 | 1', 's try s .5 | 1', 's pay g 1 | 3'], ['cost']),
      trajectories: paths(['s pay g'], 'g'),
    };
    const problem = denseProblem(tables, {});
    const [a, b] = [Math.exp(-0.7), Math.exp(-2.1)];
    const x = (a + Math.sqrt(a * a + 4 * b)) / 2;
    const plan = solveTask(problem.tasks[0], [-0.7], problem)!;
    expect(plan.at[0].value.value[problem.states.indexOf('s')]).toBeCloseTo(2 * Math.log(x), 13);
  });

  test('solveTask never takes a move that may end dead, and refuses to wander for ever', () => {
    const rows = [
      's risk g .9 | 1',
      's risk dead .1 | 1',
      's safe g 1 | 9',
      's trap t 1 | 1',
      't back t 1 | 1',
      's hope last 1 | 1',
      'last risk g .5 | 1',
      'last risk dead .5 | 1',
    ];
    const tables = { ...world(rows, ['cost']), trajectories: paths(['s safe'], 'g') };
    const problem = denseProblem(tables, {});
    expect(problem.tasks[0].moves[0].map((move) => move.action)).toEqual(['safe']);
    expect(problem.tasks[0].alive).toEqual(problem.states.map((s) => s === 's' || s === 'g'));
    expect(solveTask(problem.tasks[0], [-1], problem)!.at[0].value.value[0]).toBeCloseTo(-9, 12);

    const rounds = world(['s round s 1 | 1', 's home g 1 | 1'], ['cost']);
    const wandering = denseProblem({ ...rounds, trajectories: paths(['s home'], 'g') }, {});
    for (const theta of [0, 0.1, 2]) {
      expect(solveTask(wandering.tasks[0], [theta], wandering)).toBeNull();
    }
    expect(solveTask(wandering.tasks[0], [-1e-6], wandering)).not.toBeNull();
  });
});

test('denseProblem counts what ends at the horizon, at a goal or in a terminal state as complete', () => {
  const base = world(['s a s 1 | 0', 's b end 1 | 1', 'g a s .5 | 0', 'g a g .5 | 0'], ['f']);
  const count = (texts: readonly string[], settings: FitSettings, goal?: string) =>
    denseProblem({ ...base, trajectories: paths(texts, goal) }, settings).counts;

  const texts = ['s a s a', 's a s', 's b', 's a s b end', 'end', 's', 'g a'];
  const counts = { trajectories: 7, decisions: 7, empty: 2 };
  // Short of the horizon: 's a s', and 'g a', which may have gone to either state.
  expect(count(texts, { horizon: 2 })).toEqual({ ...counts, cutOff: 2 });
  expect(count(texts, { discount: 0.9 })).toEqual({ ...counts, cutOff: 0 });

  const heading = ['s a s', 's b end', 's b', 'end'];
  const headed = { trajectories: 4, decisions: 3, empty: 1 };
  expect(count(heading, {}, 'end')).toEqual({ ...headed, cutOff: 1 });
  // Over in a terminal state, but not at the goal.
  expect(count(heading, { discount: 0.5 }, 'g')).toEqual({ ...headed, cutOff: 3 });
});

test('denseProblem lets a trip under exits pass the state that bears the name of its goal', () => {
  const tables = {
    ...world(['s go t 1 | 1', 't back s 1 | 1'], ['cost']),
    exits: [{ goal: 's', state: 't' }],
    trajectories: paths(['s go t back s go t', 't back s', 't back', 's'], 's'),
  };
  const { counts } = denseProblem(tables, {});
  expect(counts).toEqual({ trajectories: 4, decisions: 6, cutOff: 2, empty: 1 });
});

test('denseProblem names a move without action by the next state, and refuses to guess', () => {
  const rows = ['s left t 1 | 1', 's right u 1 | 2', 't back s 1 | 1', 'u back s 1 | 1'];
  const read = (extra: readonly string[]) => {
    const trajectories = ['s', 'u', 's', 't'].map((state, step) => ({
      trajectory: '0',
      step,
      state,
    }));
    return denseProblem({ ...world([...rows, ...extra], ['f']), trajectories }, { discount: 0.9 });
  };
  const { decisions, tasks } = read([]);
  const actions = decisions.map(({ state, move }) => tasks[0].moves[state][move].action);
  expect(actions).toEqual(['right', 'back', 'left']);
  expect(() => read(['s jump u 1 | 3'])).toThrow('2 moves');
});

/** log Σ exp(reward) over all paths of `left` decisions from the state, one by one. */
function logPathSum(
  task: DenseTask,
  theta: readonly number[],
  state: number,
  left: number,
): number {
  if (left === 0 || task.moves[state].length === 0) return 0;
  const sums = task.moves[state].map(
    ({ features, successors }) =>
      features.reduce((sum, f, k) => sum + f * theta[k], 0) +
      logPathSum(task, theta, successors[0].state, left - 1),
  );
  return Math.log(sums.reduce((sum, each) => sum + Math.exp(each), 0));
}

test('solveTask of a deterministic finite world sums over paths', () => {
  const tables = {
    ...world(['s a t 1 | 1 0', 's b s 1 | 0 2', 't a s 1 | -1 1', 't b end 1 | .5 .5'], ['f', 'g']),
    trajectories: paths(['s a']),
  };
  const problem = denseProblem(tables, { horizon: 6 });
  const theta = [0.4, -0.3];
  const plan = solveTask(problem.tasks[0], theta, problem)!;
  problem.states.forEach((_, state) => {
    const brute = logPathSum(problem.tasks[0], theta, state, 6);
    expect(plan.at[0].value.value[state]).toBeCloseTo(brute, 12);
  });
});

describe.each(problemKinds)('on random problems: %s', (kind) => {
  const seeds = [101, 102];

  test.each(seeds)('solveTask is the limit of plain soft value iteration, seed %i', (seed) => {
    const { answer } = randomProblem(kind, seed);
    const { problem, theta } = answer;
    for (const task of problem.tasks) {
      let value = problem.states.map((_, s) => (task.alive[s] ? 0 : Number.NEGATIVE_INFINITY));
      for (let sweep = 0; sweep < (problem.horizon ?? 20_000); sweep++) {
        const next = bellman(task, theta, problem, value);
        const still = next.every((v, s) => !task.alive[s] || Math.abs(v - value[s]) < 1e-14);
        value = next;
        if (still && problem.horizon === null) break;
      }
      const solved = solveTask(task, theta, problem)!.at[0].value.value;
      value.forEach((v, state) => {
        if (task.alive[state]) expect(solved[state]).toBeCloseTo(v, 9);
        else expect(solved[state]).toBe(Number.NEGATIVE_INFINITY);
      });
    }
  });

  test.each(seeds)(
    'denseObjective has the gradient and Hessian of differences, seed %i',
    (seed) => {
      const { answer, settings } = randomProblem(kind, seed);
      const { problem, standardErrors } = answer;
      // Away from the optimum, where nothing vanishes, but no further than the noise of the data.
      const theta = answer.theta.map((t, k) => t * 1.05 - 0.1 * standardErrors[k]);
      const at = denseObjective(problem, theta, settings)!;
      theta.forEach((t, k) => {
        const step = 1e-5 * (Math.abs(t) || 1);
        const [low, high] = [-step, step].map(
          (h) =>
            denseObjective(
              problem,
              theta.map((x, l) => (l === k ? x + h : x)),
              settings,
            )!,
        );
        const scale = (x: number) => 1e-5 * (Math.abs(x) + Math.abs(at.value / t) * 1e-2);
        const slope = (high.value - low.value) / (2 * step);
        expect(Math.abs(slope - at.gradient[k])).toBeLessThan(scale(slope));
        at.gradient.forEach((_, l) => {
          const bend = (high.gradient[l] - low.gradient[l]) / (2 * step);
          const size = Math.sqrt(at.hessian[k][k] * at.hessian[l][l]);
          expect(Math.abs(bend - at.hessian[k][l])).toBeLessThan(scale(bend) + 1e-5 * size);
        });
      });
    },
  );
});

test('denseFit recovers the true θ within its standard errors', () => {
  // About 60 coefficients: their mean squared z is 1 ± √(2 / 60), and the bounds are 3 to 5 of
  // those away. Penalties, weights and cut-off feature matching shift it, so they stay out.
  const squares = problemKinds
    .flatMap((kind) => [201, 202, 203, 204, 205, 206].map((seed) => randomProblem(kind, seed)))
    .filter(({ settings }) => !settings.l2 && !settings.objective)
    .filter(({ tables }) => tables.trajectories.every((row) => (row.weight ?? 1) === 1))
    .flatMap(({ answer, truth }) =>
      truth
        .map((t, k) => ((answer.theta[k] - t) / answer.standardErrors[k]) ** 2)
        .filter((_, k) => answer.standardErrors[k] > 0),
    );
  const mean = squares.reduce((sum, square) => sum + square, 0) / squares.length;
  expect(squares.length).toBeGreaterThan(50);
  expect(mean).toBeGreaterThan(0.5);
  expect(mean).toBeLessThan(1.9);
});

test('solveTask of deterministic goals is the linear system z = M z + b', () => {
  for (let seed = 301; seed < 311; seed++) {
    const { problem, theta } = randomProblem('goals', seed).answer;
    for (const task of problem.tasks) {
      const goal = problem.states.indexOf(task.goal!);
      const system = problem.states.map((_, s) => problem.states.map((_, t) => (s === t ? 1 : 0)));
      const right = problem.states.map((_, s) => [s === goal ? 1 : 0]);
      task.moves.forEach((moves, state) => {
        for (const { features, successors } of moves) {
          const reward = features.reduce((sum, f, k) => sum + f * theta[k], 0);
          system[state][successors[0].state] -= Math.exp(reward / problem.temperature);
        }
      });
      const z = solveDense(system, right)!;
      const { value } = solveTask(task, theta, problem)!.at[0].value;
      z.forEach(([each], state) => {
        expect(Math.exp(value[state] / problem.temperature) / (each || 1)).toBeCloseTo(
          each ? 1 : 0,
          9,
        );
      });
    }
  }
});

test('denseFit by feature matching is the likelihood where moves are sure and trips complete', () => {
  const complete = Array.from({ length: 20 }, (_, i) => randomProblem('goals', 400 + i)).filter(
    ({ answer, settings }) => answer.problem.counts.cutOff === 0 && !settings.l2,
  );
  expect(complete.length).toBeGreaterThan(3);
  for (const { tables, settings, truth } of complete) {
    const [a, b] = (['likelihood', 'feature-matching'] as const).map(
      (objective) => denseFit(tables, { ...settings, objective }, [truth])!,
    );
    a.theta.forEach((t, k) => {
      expect(Math.abs(b.theta[k] - t)).toBeLessThan(1e-7 * Math.abs(t));
    });
  }
});
