/** What a fit says of directions that the data do not identify, in awkward places. */

import { expect, test } from 'vitest';
import { estimateOf, fitTables, lines, methodOf } from '../support/commandLine.ts';

/** One forced move, then home: whatever a move costs, nothing else could have been done. */
const SHUTTLE = {
  transitions: lines('state,action,next_state', 'a,on,b', 'b,back,a', 'b,out,home'),
  features: lines('state,action,move', 'a,on,1', 'b,back,1', 'b,out,1'),
};

test('a forced move says nothing of its price, although some prices are infeasible', async () => {
  const outcome = await fitTables({
    ...SHUTTLE,
    trajectories: lines('trajectory,step,state,action,goal', 'x,0,a,on,home'),
  });
  const fit = methodOf(outcome);
  expect(fit.stop).toBe('converged');
  expect(fit.unidentified?.map(({ direction }) => direction)).toEqual([{ move: 1 }]);
  expect(outcome.code).toBe(1);
});

test.each(['constructor', 'toString', 'hasOwnProperty'])(
  'a feature may be called "%s"',
  async (name) => {
    const outcome = await fitTables(
      {
        transitions: lines('state,action,next_state', 's,go,s', 's,wait,s'),
        features: lines(`state,action,${name}`, 's,go,1', 's,wait,0'),
        trajectories: lines('trajectory,step,state,action', 'x,0,s,go', 'x,1,s,wait', 'x,2,s,go'),
      },
      '--discount',
      '0.9',
    );
    expect(methodOf(outcome).stop).toBe('converged');
    expect(estimateOf(outcome, name)).toBeCloseTo(Math.log(2), 9);
  },
);

test('a runaway of the dual is explained as one, and has no likelihood', async () => {
  const outcome = await fitTables(
    {
      transitions: lines('state,action,next_state', 's,go,s', 's,wait,s'),
      features: lines('state,action,f,one', 's,go,1,1', 's,wait,0,1'),
      trajectories: lines('trajectory,step,state,action', 'x,0,s,go', 'x,1,s,wait'),
    },
    '--discount',
    '0.95',
    '--objective',
    'feature-matching',
  );
  const fit = methodOf(outcome);
  expect(fit.stop).toBe('unbounded');
  expect(fit.stopReason).toMatch(/the dual keeps rising/);
  expect(fit.logLikelihood).toBeNull();
  expect(fit.reasons?.logLikelihood).toBeDefined();
});
