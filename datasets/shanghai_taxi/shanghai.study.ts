/**
 * What taxi drivers in Shanghai avoid, and how well that predicts trips they were not fitted to:
 * the five published folds, 10,000 training trips each. Once drivers see the length and the turns of
 * a road, and once also its class; beside them three ways to imitate that know nothing of a goal, or
 * nothing but it.
 *
 * Reference: Zhao & Liang (2023), Transportation Research Part C 149, 104079.
 */

import {
  type ComparisonResult,
  cellsOf,
  defineStudy,
  type MethodResult,
  type ResultFile,
  shanghaiSplits,
  shanghaiTaxi,
} from 'revealed';

const TURNS = ['length', 'left turn', 'right turn', 'U-turn'];
const CLASSES = ['primary', 'secondary', 'tertiary', 'unclassified', 'living street'];

export default defineStudy({
  name: 'shanghai',
  title:
    'Which way across town? 24,468 taxi trips in Shanghai, five folds of 10,000 training trips',
  data: () => shanghaiTaxi({ roadClasses: true }),
  splits: (data) => shanghaiSplits(data, { trainSize: 10_000 }),
  world: ({ world }) => world,
  features: ({ features }) => features,
  methods: [
    {
      name: 'causal-entropy',
      method: 'causal-entropy',
      features: [...TURNS, 'link constant'],
    },
    { name: 'causal-entropy with road classes', method: 'causal-entropy' },
    // Of one choice alone a constant says nothing.
    { name: 'behavior-cloning-features', method: 'behavior-cloning-features', features: TURNS },
    {
      name: 'behavior-cloning-features with road classes',
      method: 'behavior-cloning-features',
      features: [...TURNS, ...CLASSES],
    },
    'behavior-cloning',
    'behavior-cloning-per-goal',
  ],
  shortestBy: 'length',
  meaning,
});

function meaning(result: ResultFile): string {
  const lines = [turnsInWords(result), classesInWords(result)];
  if ('comparison' in result && result.comparison) {
    const { methods, trajectories } = result.comparison;
    const perTrip = (name: string): string => methods[name]?.perTrajectory?.toFixed(3) ?? 'unknown';
    lines.push(
      `Log-likelihood per trip, of ${trajectories.toLocaleString('en-US')} that were held out: ${perTrip('causal-entropy')} with the reward of length and turns,`,
      `${perTrip('causal-entropy with road classes')} with that of road classes too. Imitation of single choices, whatever the goal, comes to`,
      `${perTrip('behavior-cloning-features')} by what the next link is like (${perTrip('behavior-cloning-features with road classes')} with its class) and to ${perTrip('behavior-cloning')} by which link it is;`,
      `a table of its own for every destination comes to ${perTrip('behavior-cloning-per-goal')}.`,
      routesInWords(result.comparison),
    );
  }
  return lines.filter((line) => line !== '').join('\n');
}

/** How many whole routes are found, and how far off the others are. */
function routesInWords({ methods, shortest }: ComparisonResult): string {
  const told = [
    { by: 'length and turns', routes: methods['causal-entropy']?.routes },
    { by: 'road classes too', routes: methods['causal-entropy with road classes']?.routes },
    { by: 'a table for every destination', routes: methods['behavior-cloning-per-goal']?.routes },
    { by: 'being the shortest', routes: shortest?.routes },
  ].flatMap(({ by, routes }) =>
    routes
      ? [`${(100 * routes.exact).toFixed(1)} % (${routes.editDistance.toFixed(3)}) by ${by}`]
      : [],
  );
  return told.length === 0
    ? ''
    : `Routes found link by link, and edits per link on average: ${told.join(', ')}.`;
}

/** The estimate of a parameter, fold by fold; null where a fold has none. */
function estimates(result: ResultFile, method: string, parameter: string): number[] | null {
  const found = cellsOf(result).map(({ methods }) => {
    const fit: MethodResult | undefined = methods[method];
    return fit?.stop === 'converged'
      ? (fit.parameters.find(({ name }) => name === parameter)?.estimate ?? null)
      : null;
  });
  return found.every((estimate) => estimate !== null) ? found : null;
}

/** What a feature costs in metres of road, mean over folds; negative where it is a gain. */
function metres(result: ResultFile, method: string, parameter: string): number | null {
  const [price, length] = [parameter, 'length'].map((name) => estimates(result, method, name));
  if (!price || !length) return null;
  const perFold = price.map((estimate, fold) => (100 * estimate) / length[fold]);
  return Math.round(perFold.reduce((sum, x) => sum + x, 0) / perFold.length);
}

function turnsInWords(result: ResultFile): string {
  const [left, right, back] = ['left turn', 'right turn', 'U-turn'].map((name) =>
    metres(result, 'causal-entropy', name),
  );
  if (left === null || right === null || back === null) return '';
  return `A left turn costs a driver as much as ${left} metres of road, a right turn ${right}, turning back ${back}.`;
}

function classesInWords(result: ResultFile): string {
  const prices = CLASSES.map((name) => ({
    name,
    price: metres(result, 'causal-entropy with road classes', name),
  }));
  const said = prices.flatMap(({ name, price }) =>
    price === null ? [] : [`${name} ${price > 0 ? `+${price}` : `−${-price}`}`],
  );
  return said.length === 0
    ? ''
    : `Beside a residential link of the same length another counts as so many metres longer or shorter: ${said.join(', ')}.`;
}
