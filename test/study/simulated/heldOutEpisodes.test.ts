import { expect, test } from 'vitest';
import { partEpisodes } from '../../../src/study/simulated/heldOutEpisodes.ts';
import type { EpisodesHeldOut } from '../../../src/study/simulatedStudy.ts';

const names = Array.from({ length: 10 }, (_, e) => `walk ${e}`);
/** The third has no decision. */
const which = [0, 1, 3, 4, 5, 6, 7, 8, 9];

test.each<[EpisodesHeldOut, number]>([
  [{ episodes: ['walk 4', 'walk 9'] }, 2],
  [{ after: 2 }, 7],
  [{ count: 3 }, 3],
  [{ share: 0.3 }, 3],
  [{ fold: 1, of: 3 }, 3],
])('partEpisodes parts all by %o, the same for equal seeds', (rule, many) => {
  const { fitted, heldOut, words } = partEpisodes(names, which, rule, 4);
  expect([...fitted, ...heldOut].sort((a, b) => a - b)).toEqual(which);
  expect(heldOut.length).toBe(many);
  expect(words).not.toBeNull();
  expect(partEpisodes(names, which, rule, 4)).toEqual({ fitted, heldOut, words });
});

test('partEpisodes deals folds that together hold out everything once', () => {
  const held = [0, 1, 2, 3].flatMap(
    (fold) => partEpisodes(names, which, { fold, of: 4 }, 1).heldOut,
  );
  expect(held.sort((a, b) => a - b)).toEqual(which);
});

test('partEpisodes fits to all where nothing is held out', () => {
  expect(partEpisodes(names, which, undefined, 0)).toEqual({
    fitted: which,
    heldOut: [],
    words: null,
  });
});

test.each<[EpisodesHeldOut, RegExp]>([
  [{ episodes: ['walk 11'] }, /there is no episode "walk 11" \(did you mean "walk 1"\?\)/],
  [{ after: 0 }, /the number to fit to must be a whole number from 1 on, got 0/],
  [{ after: 9 }, /of 9 episodes those after the first 9 are 0; wanted at least one/],
  [{ count: 9 }, /of 9 episodes 9 drawn by seed 0 are 9; wanted at least one/],
  [{ share: 1 }, /a share must be above 0 and below 1, got 1/],
  [{ fold: 3, of: 3 }, /the folds are 0 … 2, got 3/],
])('partEpisodes refuses %o', (rule, message) => {
  expect(() => partEpisodes(names, which, rule, 0)).toThrow(message);
});
