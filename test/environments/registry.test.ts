import { describe, expect, test } from 'vitest';
import { environments } from '../../src/environments/registry.ts';
import { transitionMatrix } from '../support/transitionMatrix.ts';

describe.each(Object.entries(environments))('%s', (_, environment) => {
  const { world, features } = environment.build();

  test('builds a well-formed world from its defaults', () => {
    const { mdp, stateNames, actionNames, pairAction } = world;
    transitionMatrix(mdp);
    expect(stateNames).toHaveLength(mdp.stateCount);
    expect(new Set(stateNames).size).toBe(mdp.stateCount);
    expect(new Set(actionNames).size).toBe(actionNames.length);
    expect(pairAction).toHaveLength(mdp.pairCount);
    for (let s = 0; s < mdp.stateCount; s++) {
      const offered = pairAction.subarray(mdp.pairStart[s], mdp.pairStart[s + 1]);
      expect(new Set(offered).size).toBe(offered.length);
      expect(offered.every((action) => action >= 0 && action < actionNames.length)).toBe(true);
    }
  });

  test('comes with one row of features per pair or state, or none', () => {
    if (features === null) return;
    const rows = features.per === 'pair' ? world.mdp.pairCount : world.mdp.stateCount;
    expect(features.values).toHaveLength(rows * features.names.length);
  });

  test('describes every option with a default, and refuses what it does not know', () => {
    for (const [name, option] of Object.entries(environment.options.shape)) {
      expect(option.description, name).toMatch(/\w/);
      expect(option.safeParse(undefined).success, name).toBe(true);
    }
    expect(() => environment.build({ nonsense: 1 })).toThrow('nonsense');
  });

  test('is decided by its options', () => {
    expect(environment.build({}).world).toEqual(world);
  });
});
