/** Where it happens: rewards and visits on a map of the world, or choices along a line of states. */

import type { CellResult } from '../../resultFile.ts';
import { compose, type Drawing, type Figure, stack } from '../figure.ts';
import { type ChoiceCurve, choiceCurves, type RecordedShare } from '../figures/choiceCurves.ts';
import { nearMost } from '../figures/nearMost.ts';
import { samplePaths, type WaysOf } from '../figures/samplePaths.ts';
import { beyondEdge, type Places, type StateMap, stateMap } from '../figures/stateMap.ts';
import { type Html, html } from '../html.ts';
import { distinctPlaces } from '../samePlace.ts';
import type { Page, Section } from '../section.ts';
import { count, percent, significant } from '../words.ts';

export const maps: Section = { id: 'maps', title: 'State by state', write };

/** Maps of more than these many states are too fine for a page. */
const MOST_STATES = 60_000;
/** Counts that differ by more than this factor are coloured by their ratios. */
const WIDE_RANGE = 60;
const GAP = 20;
const BESIDE = 600;

/** What is known of the choices of the world, each [pairs]. */
interface Choices {
  readonly stateCount: number;
  readonly state: Float64Array;
  readonly next: Float64Array;
  readonly action: Float64Array;
  readonly recorded: Float64Array;
}

function write(page: Page): Html | null {
  const { cells, place } = page;
  const [cell] = cells;
  const choices = choicesOf(page, cell);
  if (!choices) return null;
  const line = page.array(cell, 'world', 'line');
  const figures = line ? lineFigures(page, cell, choices, line) : mapFigures(page, cell, choices);
  if (figures.length === 0) return null;
  return html`${cells.length > 1 ? html`<p>Shown is <em>${cell.name}</em>.</p>` : ''}${figures.map(place)}`;
}

function choicesOf({ array }: Page, cell: CellResult): Choices | null {
  const at =
    array(cell, 'world', 'line') ??
    array(cell, 'world', 'cells') ??
    array(cell, 'world', 'segments');
  const [state, action, next, recorded] = [
    'pair-state',
    'pair-action',
    'pair-next',
    'recorded',
  ].map((name) => array(cell, 'world', name));
  if (!at || !state || !action || !next || !recorded) return null;
  const { states: stateCount } = cell.data;
  return stateCount > MOST_STATES ? null : { stateCount, state, action, next, recorded };
}

function mapFigures(page: Page, cell: CellResult, ofPairs: Choices): Figure[] {
  const cells = page.array(cell, 'world', 'cells');
  const segments = page.array(cell, 'world', 'segments');
  const ofStates: Places | null = cells
    ? { kind: 'cells', position: cells }
    : segments && { kind: 'segments', position: segments };
  if (!ofStates) return [];
  const { places, choices } = byPlace(ofStates, ofPairs);
  const { frame, words } = segments && !cells ? frameOf(places.position, choices) : NO_FRAME;
  const figures: Figure[] = [];
  for (const method of Object.keys(cell.methods)) {
    const reward = page.array(cell, method, 'reward');
    const visits = page.array(cell, method, 'visits');
    if (reward) figures.push(rewardFigure(method, reward, visits, choices, places, frame, words));
    if (visits) figures.push(visitsFigure(method, visits, choices, places, frame, words));
  }
  if (figures.every(({ name }) => !name.startsWith('visits')))
    figures.push(visitsFigure(null, null, choices, places, frame, words));
  return [...figures, ...pathFigures(page, cell, ofStates)];
}

/** The choices of all states that lie at one place, as if it were one state. */
function byPlace(ofStates: Places, choices: Choices): { places: Places; choices: Choices } {
  const { places, placeCount, placeOf } = distinctPlaces(ofStates);
  const placed = (states: Float64Array): Float64Array => states.map((s) => placeOf[s]);
  return {
    places,
    choices: {
      ...choices,
      stateCount: placeCount,
      state: placed(choices.state),
      next: placed(choices.next),
    },
  };
}

/** A few ways that people took, beside those that fitted rewards make most likely. */
function pathFigures(page: Page, cell: CellResult, ofStates: Places): Figure[] {
  const { places, placeOf } = distinctPlaces(ofStates);
  const waysOf = (owner: string): WaysOf | null => {
    const start = page.array(cell, owner, 'path-start');
    const state = page.array(cell, owner, 'path-state');
    if (!start || !state) return null;
    return {
      name: owner === 'world' ? 'recorded' : owner,
      ways: Array.from(start.subarray(1), (end, k) =>
        Array.from(state.subarray(start[k], end), (s) => placeOf[s]),
      ),
    };
  };
  const shown = ['world', ...Object.keys(cell.methods)].flatMap((owner) => waysOf(owner) ?? []);
  if (shown.length < 2 || shown[0].ways.length === 0) return [];
  const heldOut = Object.values(cell.methods).some((method) => method.heldOut);
  return [
    {
      name: 'sample-paths',
      title: 'Ways that were taken, and the most likely ones',
      caption: `${shown[0].ways.length} recorded ways${heldOut ? ' that were held out' : ''}, from short to long, and the most likely way between the same ends by each reward. A dot is where it begins.`,
      description: `${shown[0].ways.length} ways on a map, recorded and foretold`,
      draw: (width) => samplePaths(shown, places, Math.min(width, 760)),
    },
  ];
}

interface Frame {
  /** [states] which of them the map has to hold; all where absent. */
  readonly frame?: readonly boolean[];
  /** What is left out, for the caption. */
  readonly words: string;
}

const NO_FRAME: Frame = { words: '' };

/** Where people were: a map of roads holds neither those that nobody came near nor a few far off. */
function frameOf(segments: Float64Array, { recorded, state, next, stateCount }: Choices): Frame {
  const seen = new Array<boolean>(stateCount).fill(false);
  const decisions = new Float64Array(stateCount);
  recorded.forEach((n, pair) => {
    if (n === 0) return;
    seen[state[pair]] = true;
    seen[next[pair]] = true;
    decisions[state[pair]] += n;
  });
  const frame = nearMost(segments, seen);
  const beyond = beyondEdge(segments, frame);
  if (beyond.length === 0) return { frame, words: '' };
  const all = decisions.reduce((a, b) => a + b, 0);
  const share = beyond.reduce((sum, s) => sum + decisions[s], 0) / all;
  const what = count(beyond.length, 'state lies', 'states lie');
  return {
    frame,
    words: ` ${what} far from most others, beyond the edge of the map, with ${share > 0 ? percent(share, 2) : 'none'} of the decisions.`,
  };
}

function rewardFigure(
  method: string,
  reward: Float64Array,
  visits: Float64Array | null,
  choices: Choices,
  places: Places,
  frame: readonly boolean[] | undefined,
  beyond: string,
): Figure {
  const owner = rewardsBelongTo(reward, choices);
  const values = meanByState(
    reward,
    visits ?? reward.map(() => 1),
    choices[owner],
    choices.stateCount,
  );
  const known = values.filter((value) => value !== null);
  const range = [Math.min(...known), Math.max(...known)] as const;
  const of = owner === 'next' ? 'of a move into it' : 'of a decision made there';
  return {
    name: `reward-map-${method}`,
    title: `The reward by ${method}`,
    caption: `Mean reward ${of}${visits ? ', weighted by how often the model expects it' : ''}, from ${significant(range[0], 3)} to ${significant(range[1], 3)}.${beyond}`,
    description: `Map of ${values.length} states coloured by mean reward`,
    draw: (width) =>
      stateMap(
        { values, title: '', logarithmic: false, isFlow: false, range, frame },
        places,
        Math.min(width, 560),
      ),
  };
}

/** Whether rewards vary less between the choices that lead to a state or between those made in it. */
function rewardsBelongTo(reward: Float64Array, choices: Choices): 'state' | 'next' {
  const spread = (owner: Float64Array): number => {
    const mean = meanByState(
      reward,
      reward.map(() => 1),
      owner,
      choices.stateCount,
    );
    return reward.reduce((sum, r, pair) => sum + (r - (mean[owner[pair]] ?? r)) ** 2, 0);
  };
  return spread(choices.next) < spread(choices.state) * (1 - 1e-9) ? 'next' : 'state';
}

function meanByState(
  values: Float64Array,
  weights: Float64Array,
  owner: Float64Array,
  stateCount: number,
): (number | null)[] {
  const plain = new Float64Array(stateCount);
  const sum = new Float64Array(stateCount);
  const weight = new Float64Array(stateCount);
  const count = new Float64Array(stateCount);
  values.forEach((value, pair) => {
    const s = owner[pair];
    plain[s] += value;
    count[s]++;
    sum[s] += weights[pair] * value;
    weight[s] += weights[pair];
  });
  return Array.from(sum, (total, s) =>
    count[s] === 0 ? null : weight[s] > 0 ? total / weight[s] : plain[s] / count[s],
  );
}

function visitsFigure(
  method: string | null,
  visits: Float64Array | null,
  { state, recorded, stateCount }: Choices,
  places: Places,
  frame: readonly boolean[] | undefined,
  beyond: string,
): Figure {
  const total = (counts: Float64Array): (number | null)[] => {
    const sums = new Float64Array(stateCount);
    counts.forEach((n, pair) => {
      sums[state[pair]] += n;
    });
    return Array.from(sums, (n) => (n > 0 ? n : null));
  };
  const seen = total(recorded);
  const expected = visits && total(visits);
  const all = [...seen, ...(expected ?? [])].flatMap((n) => (n !== null && n >= 0.5 ? [n] : []));
  const most = Math.max(...all, 1);
  const least = Math.min(...all, 1);
  const logarithmic = most / least > WIDE_RANGE;
  const range = [logarithmic ? least : 0, most] as const;
  const map = (values: readonly (number | null)[], title: string): StateMap => ({
    values: values.map((n) => (n !== null && n < least / 2 ? null : n)),
    title,
    logarithmic,
    isFlow: true,
    range,
    frame,
  });
  const gap = expected ? gapWords(seen, expected) : '';
  return {
    name: method === null ? 'visits-map' : `visits-map-${method}`,
    title: expected ? `What was done, and what ${method} expects` : 'Where decisions were made',
    caption: `Number of decisions by state${logarithmic ? ', colours in equal ratios' : ''}; empty where there is hardly any.${expected ? ` The model starts where people started and goes as far as they went. ${gap}` : ''}${beyond}`,
    description: `Map of ${stateCount} states coloured by number of decisions`,
    draw: (width) => {
      if (!expected) return stateMap(map(seen, 'recorded'), places, Math.min(width, 560));
      return beside(
        [map(seen, 'recorded'), map(expected, 'expected')].map(
          (shown) => (room: number) => stateMap(shown, places, room),
        ),
        width,
      );
    },
  };
}

/** How much of what was done would have to be moved elsewhere to be what was expected. */
function gapWords(seen: readonly (number | null)[], expected: readonly (number | null)[]): string {
  const total = seen.reduce((sum: number, n) => sum + (n ?? 0), 0);
  const off = seen.reduce((sum: number, n, s) => sum + Math.abs((n ?? 0) - (expected[s] ?? 0)), 0);
  return `${significant((50 * off) / total, 2)} % of the decisions would have to move for the two to agree.`;
}

/** Side by side where there is room, else below each other. */
function beside(parts: readonly ((width: number) => Drawing)[], width: number): Drawing {
  if (width < BESIDE) return stack(parts.map((draw) => draw(width)));
  const room = (width - GAP * (parts.length - 1)) / parts.length;
  const drawn = parts.map((draw) => draw(room));
  return compose(
    width,
    Math.max(...drawn.map(({ height }) => height)),
    drawn.map((part, i) => [i * (room + GAP), 0, part] as const),
  );
}

/** Dots along a line are pooled into at most so many. */
const MOST_DOTS = 30;

function lineFigures(page: Page, cell: CellResult, choices: Choices, line: Float64Array): Figure[] {
  const names = cell.data.choices?.map(({ action }) => action);
  const actionCount = choices.action.reduce((most, a) => Math.max(most, a), 0) + 1;
  const rarest = rarestAction(choices, actionCount);
  const policies = Object.keys(cell.methods).flatMap((name) => {
    const policy = page.array(cell, name, 'policy');
    return policy && policy.length === choices.state.length ? [{ name, policy }] : [];
  });
  // Of two actions, one says it all.
  const shown = actionCount === 2 ? [rarest] : Array.from({ length: actionCount }, (_, a) => a);
  return shown.map((action): Figure => {
    const label = names?.[action] ?? `action ${action}`;
    const recorded = recordedShares(choices, action, line);
    const seen = recorded.map(({ state }) => state);
    const curves = policies
      .filter(({ name }) => page.array(cell, name, 'reward') !== null)
      .map(
        ({ name, policy }): ChoiceCurve => ({
          name,
          points: Array.from(policy, (p, pair) => [line[choices.state[pair]], p] as const)
            .filter(
              ([at], pair) => choices.action[pair] === action && at <= Math.max(...seen) * 1.05,
            )
            .sort(([a], [b]) => a - b),
        }),
      );
    return {
      name: shown.length === 1 ? 'choices' : `choices-${action + 1}`,
      title: `How often “${label}” is chosen, by state`,
      caption:
        'Curves: the fitted probability. Dots: the recorded share, neighbouring states pooled.',
      description: `Probability of ${label} along the states, fitted and recorded`,
      draw: (width) =>
        choiceCurves(curves, recorded, { x: 'state', y: `probability of “${label}”` }, width),
    };
  });
}

function rarestAction({ action, recorded }: Choices, actionCount: number): number {
  const totals = new Float64Array(actionCount);
  recorded.forEach((n, pair) => {
    totals[action[pair]] += n;
  });
  return totals.indexOf(Math.min(...totals));
}

function recordedShares(
  { state, action, recorded }: Choices,
  chosen: number,
  line: Float64Array,
): RecordedShare[] {
  const totals = new Map<number, { chosen: number; all: number }>();
  recorded.forEach((n, pair) => {
    if (n === 0) return;
    const at = line[state[pair]];
    const tally = totals.get(at) ?? { chosen: 0, all: 0 };
    tally.all += n;
    if (action[pair] === chosen) tally.chosen += n;
    totals.set(at, tally);
  });
  const ordered = [...totals].sort(([a], [b]) => a - b);
  const size = Math.max(1, Math.ceil(ordered.length / MOST_DOTS));
  const shares: RecordedShare[] = [];
  for (let first = 0; first < ordered.length; first += size) {
    const group = ordered.slice(first, first + size);
    const all = group.reduce((sum, [, tally]) => sum + tally.all, 0);
    const taken = group.reduce((sum, [, tally]) => sum + tally.chosen, 0);
    const middle = group.reduce((sum, [at, tally]) => sum + at * tally.all, 0) / all;
    shares.push({ state: middle, share: taken / all, decisions: all });
  }
  return shares;
}
