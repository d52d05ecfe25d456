/**
 * (a) Does soft optimality become hard optimality as rewards grow, or, which is the same, as τ falls?
 *
 *   τ W(s)  ≤  V_τ(s) − V*(s)  ≤  τ log|A| / (1 − γ)
 *   0       ≤  V*(s) − V^{π_τ}(s)  ≤  τ log|A| / (1 − γ)
 *
 * The bound on the right is the usual one; W on the left is the freedom that remains among equally
 * good choices, W(s) = log Σ_{a best} exp(γ Σ p W), and gap / τ falls to it as τ → 0. Both sides are
 * checked in every state of random worlds, grids and frozen lakes; with no reward at all the bound
 * must be attained.
 */

import {
  type Answer,
  type ChartSeries,
  createRng,
  evaluatePolicy,
  frozenLake,
  gridFromMap,
  type Mdp,
  medianInterval,
  policyIteration,
  type Question,
  randomMdp,
  SoftPolicyIteration,
  softValueIteration,
  terminalStop,
  uniformPolicy,
} from 'revealed';

const DISCOUNT = 0.95;
/** What rounding may do to a value, relative to 1 + max |V|. */
const ROUNDING = 1e-10;
/** Gaps below this are rounding rather than gaps. */
const VISIBLE = 1e-11;
/** Between these the rate is measured. */
const [COOL, COLD] = [0.01, 0.001];

interface Kind {
  readonly name: string;
  readonly worlds: readonly { readonly mdp: Mdp; readonly reward: Float64Array }[];
}

/** What one world shows at one temperature; the largest over its states. */
interface Gaps {
  readonly value: number;
  readonly loss: number;
  /** Mean loss over states as a share of what choosing at random loses. */
  readonly share: number;
}

export function hardLimit({
  randomWorlds = 20,
  temperatures = [10, 3, 1, 0.3, 0.1, 0.03, COOL, 0.003, COLD],
} = {}): Question {
  return {
    name: 'hard-limit',
    title: 'Does soft optimality become hard optimality as rewards grow?',
    *ask(seed): Generator<number, Answer> {
      const kinds = kindsOfWorlds(seed, randomWorlds);
      const total = kinds.reduce((sum, { worlds }) => sum + worlds.length, 0);
      const laws = { compared: 0, outside: 0, worstLoss: 0, rising: 0, scaled: 0, unpaid: 0 };
      const series: { gap: ChartSeries[]; loss: ChartSeries[] } = { gap: [], loss: [] };
      const rows: (string | number)[][] = [];
      const rates: number[] = [];
      const shares: number[] = [];
      let done = 0;
      for (const { name, worlds } of kinds) {
        const gaps: Gaps[][] = [];
        const freedom: number[] = [];
        for (const { mdp, reward } of worlds) {
          const found = measure(mdp, reward, temperatures, laws);
          gaps.push(found.gaps);
          shares.push(found.gaps[temperatures.indexOf(COOL)].share);
          freedom.push(found.freedom);
          yield ++done / total;
        }
        const at = (t: number, of: keyof Gaps) =>
          spread(gaps.map((own) => own[temperatures.indexOf(t)][of]));
        const points = (of: keyof Gaps) =>
          temperatures.flatMap((t) => {
            const { value, low, high } = at(t, of);
            if (!(low > VISIBLE)) return [];
            return [{ x: t, y: value, ...(worlds.length > 1 ? { low, high } : {}) }];
          });
        series.gap.push({ name, points: points('value') });
        series.loss.push({ name, points: points('loss') });
        const rate = Math.log10(at(COOL, 'value').value / at(COLD, 'value').value);
        rates.push(rate);
        rows.push([
          name,
          worlds.length,
          at(1, 'value').value / bound(1),
          at(COLD, 'value').value / bound(COLD),
          spread(freedom).value,
          at(COLD, 'value').value / COLD,
          rate,
          at(1, 'share').value,
          at(COOL, 'share').value,
        ]);
      }
      const bounds = temperatures.map((t) => ({ x: t, y: bound(t) }));
      const slow = rates.filter((rate) => Math.abs(rate - 1) < 0.1).length;
      const worseThanRandom = rows.filter((row) => (row[7] as number) > 1).map(([name]) => name);
      return {
        sentence:
          `It does, in all ${total} worlds and every state of them. The gap is far below the bound ` +
          `τ log|A| / (1 − γ) that is usually given, and closes in proportion to τ only where equally ` +
          `good choices remain; where the best choice is unique it closes faster than any power of τ. ` +
          `What counts as cold differs: at τ = ${COOL}, with rewards of size 1, soft policies give away ` +
          `${percent(Math.min(...shares))} to ${percent(Math.max(...shares))} of what planning gains over ` +
          `choosing at random, most on the large frozen lake, whose one payment lies far ahead.`,
        findings: [
          {
            claim: 'V* + τ W ≤ V_τ ≤ V* + τ log|A| / (1 − γ) in every state',
            holds: laws.outside <= ROUNDING,
            evidence: `${laws.compared} comparisons, largest excess ${laws.outside.toExponential(1)} of 1 + max |V|`,
            law: true,
          },
          {
            claim: 'Following the soft policy loses between 0 and τ log|A| / (1 − γ)',
            holds: laws.worstLoss <= ROUNDING,
            evidence: `${laws.compared} comparisons, largest excess ${laws.worstLoss.toExponential(1)} of 1 + max |V|`,
            law: true,
          },
          {
            claim: 'gap / τ falls as τ falls',
            holds: laws.rising <= ROUNDING,
            evidence: `largest rise ${laws.rising.toExponential(1)}, in units of (1 + max |V|) / τ`,
            law: true,
          },
          {
            claim: 'Rewards c times as large at τ = 1 give the policy of τ = 1/c',
            holds: laws.scaled <= 1e-6,
            evidence: `largest difference of a probability ${laws.scaled.toExponential(1)}`,
            law: true,
          },
          {
            claim: 'With no reward and no end the bound is attained',
            holds: laws.unpaid <= ROUNDING,
            evidence: `largest difference ${laws.unpaid.toExponential(1)} of the bound`,
            law: true,
          },
          {
            claim: 'The gap closes in proportion to τ, as the bound does',
            holds: slow === rates.length,
            evidence: `from τ = ${COOL} to ${COLD} it falls by 10 to the power of ${kinds
              .map(({ name }, i) => `${powerOf(rates[i])} (${name})`)
              .join(', ')}`,
            law: false,
          },
          {
            claim: 'With rewards of size 1, τ = 1 is better than choosing at random',
            holds: worseThanRandom.length === 0,
            evidence:
              worseThanRandom.length === 0
                ? `in every kind of world`
                : `not so on ${worseThanRandom.join(', ')}: to linger brings more freedom than to arrive brings reward`,
            law: false,
          },
        ],
        tables: [
          {
            title: 'How far soft optimality is from hard optimality',
            columns: [
              'world',
              'worlds',
              'gap / bound, τ = 1',
              `gap / bound, τ = ${COLD}`,
              'freedom W',
              `gap / τ, τ = ${COLD}`,
              'digits per decade of τ',
              'return lost, τ = 1',
              `return lost, τ = ${COOL}`,
            ],
            rows,
            note:
              `Discount ${DISCOUNT}; rewards within ±1. Gap: V_τ − V* in the state where it is largest; return lost: ` +
              'V* − V of the soft policy, mean over states, as a share of what choosing at random loses. Of random worlds ' +
              'the median is given, of each column by itself. W: in the state where it is largest.',
          },
        ],
        charts: [
          {
            name: 'gap',
            title: 'What soft planning promises beyond hard optimality',
            caption:
              `Largest V_τ − V* over states against τ. Random worlds: median of ${randomWorlds}, with its 95 % interval ` +
              'by order statistics. Curves end where the gap is lost in rounding (1e-11).',
            kind: 'curves',
            x: { label: 'temperature τ', scale: 'log' },
            y: { label: 'largest gap', scale: 'log' },
            series: [{ name: 'bound τ log|A| / (1 − γ)', points: bounds }, ...series.gap],
          },
          {
            name: 'loss',
            title: 'What following the soft policy loses',
            caption:
              'Largest V* − V of the soft policy over states against τ, no entropy counted; intervals and ends as above.',
            kind: 'curves',
            x: { label: 'temperature τ', scale: 'log' },
            y: { label: 'largest loss', scale: 'log' },
            series: [{ name: 'bound τ log|A| / (1 − γ)', points: bounds }, ...series.loss],
          },
        ],
      };
    },
  };
}

/** All of them offer four actions or none. */
function bound(temperature: number): number {
  return (temperature * Math.log(4)) / (1 - DISCOUNT);
}

function kindsOfWorlds(seed: number, randomWorlds: number): Kind[] {
  const random = Array.from({ length: randomWorlds }, (_, i) => {
    const rng = createRng(seed, `random world ${i}`);
    const mdp = randomMdp({ states: 50, actions: 4, successors: 3 }, rng);
    return { mdp, reward: Float64Array.from({ length: mdp.pairCount }, () => 2 * rng() - 1) };
  });
  const grid = (slip: number): Kind['worlds'] => {
    const rows = Array.from({ length: 7 }, (_, y) => (y < 6 ? '.......' : '......G'));
    const { mdp } = gridFromMap({ rows, slip, stay: false, terminal: 'G' }).world;
    return [{ mdp, reward: new Float64Array(mdp.pairCount).fill(-1) }];
  };
  const lake = (map: '4x4' | '8x8'): Kind['worlds'] => {
    const { world, reward } = frozenLake({ map });
    return [{ mdp: world.mdp, reward }];
  };
  return [
    { name: 'random (Garnet)', worlds: random },
    { name: 'grid', worlds: grid(0) },
    { name: 'slippery grid', worlds: grid(0.3) },
    { name: 'FrozenLake 4×4', worlds: lake('4x4') },
    { name: 'FrozenLake 8×8', worlds: lake('8x8') },
  ];
}

/** Plans at every temperature, counts what the laws say, and returns the gaps and max W. */
function measure(
  mdp: Mdp,
  reward: Float64Array,
  temperatures: readonly number[],
  laws: Record<'compared' | 'outside' | 'worstLoss' | 'rising' | 'scaled' | 'unpaid', number>,
): { gaps: Gaps[]; freedom: number } {
  const hard = policyIteration(mdp, reward, { discount: DISCOUNT });
  const freedom = freedomOf(mdp, hard.value, hard.actionValue);
  const size = 1 + largest(hard.value, (v) => Math.abs(v));
  const blind = evaluatePolicy(mdp, reward, uniformPolicy(mdp), { discount: DISCOUNT });
  const atStake = hard.value.reduce((sum, v, s) => sum + v - blind[s], 0);
  let before: Float64Array | null = null;
  const gaps = temperatures.map((temperature): Gaps => {
    const soft = planned(mdp, reward, temperature);
    const { value, policy } = soft;
    const worth = evaluatePolicy(mdp, reward, policy, { discount: DISCOUNT });
    const gap = value.map((v, s) => v - hard.value[s]);
    const loss = worth.map((v, s) => hard.value[s] - v);
    const most = bound(temperature);
    for (let s = 0; s < gap.length; s++) {
      laws.compared++;
      const outside = Math.max(temperature * freedom[s] - gap[s], gap[s] - most);
      laws.outside = Math.max(laws.outside, outside / size);
      laws.worstLoss = Math.max(laws.worstLoss, -loss[s] / size, (loss[s] - most) / size);
      // temperatures fall: gap / τ may not be larger than it was
      if (before) laws.rising = Math.max(laws.rising, (gap[s] - before[s] * temperature) / size);
    }
    before = gap.map((g) => g / temperature);
    const grown = planned(
      mdp,
      reward.map((r) => r / temperature),
      1,
    );
    laws.scaled = Math.max(
      laws.scaled,
      largest(grown.policy, (p, i) => Math.abs(p - policy[i])),
    );
    const lost = loss.reduce((sum, l) => sum + l, 0);
    return {
      value: largest(gap, (g) => g),
      loss: largest(loss, (l) => l),
      share: Math.max(0, lost) / atStake,
    };
  });
  if (hard.greedy.every((pair) => pair >= 0)) {
    const { value } = planned(mdp, new Float64Array(mdp.pairCount), 1);
    laws.unpaid = Math.max(
      laws.unpaid,
      largest(value, (v) => Math.abs(v / bound(1) - 1)),
    );
  }
  return { gaps, freedom: largest(freedom, (w) => w) };
}

function planned(mdp: Mdp, reward: Float64Array, temperature: number): SoftPolicyIteration {
  const problem = { mdp, stop: terminalStop(mdp), discount: DISCOUNT, temperature };
  const planner = new SoftPolicyIteration(problem);
  const stop = planner.plan(reward);
  if (stop !== 'converged')
    throw new Error(`Cannot compare: planning at τ = ${temperature}: ${stop}`);
  return planner;
}

/** [states] W: soft planning without reward among the best choices alone. */
function freedomOf(mdp: Mdp, value: Float64Array, actionValue: Float64Array): Float64Array {
  const { stateCount, pairStart } = mdp;
  const onlyBest = new Float64Array(mdp.pairCount);
  for (let s = 0; s < stateCount; s++)
    for (let pair = pairStart[s]; pair < pairStart[s + 1]; pair++)
      if (actionValue[pair] < value[s] - 1e-9 * (1 + Math.abs(value[s])))
        onlyBest[pair] = Number.NEGATIVE_INFINITY;
  return softValueIteration(mdp, onlyBest, { discount: DISCOUNT, temperature: 1 }).value;
}

function spread(values: readonly number[]): { value: number; low: number; high: number } {
  if (values.length >= 6) return medianInterval(values);
  const middle = [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
  return { value: middle, low: middle, high: middle };
}

function largest(values: Float64Array, of: (x: number, i: number) => number): number {
  return values.reduce((most, x, i) => Math.max(most, of(x, i)), Number.NEGATIVE_INFINITY);
}

function percent(share: number): string {
  return share < 1e-6 ? 'nothing' : `${(100 * share).toPrecision(2)} %`;
}

/** A gap that has sunk into the rounding has no rate. */
function powerOf(rate: number): string {
  return Number.isFinite(rate) && rate < 6 ? rate.toFixed(2) : 'more than 6';
}
