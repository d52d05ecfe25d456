/** Two models of choice side by side on choices that neither was fitted to. */

import { type AnswerTable, bootstrapRatios, type Chart, createRng, type Finding } from 'revealed';

/** What models expected of each unit (a bus, a trip): sums of log π over its decisions. */
export interface HeldOutUnits {
  /** What a unit is called, in the plural. */
  readonly called: string;
  /** [units] */
  readonly decisions: Float64Array;
  /** [units] */
  readonly soft: Float64Array;
  /** [units] −Infinity where ε was 0 and something else was done. */
  readonly slips: Float64Array;
  /** [units] equal chances. */
  readonly chance: Float64Array;
}

const DRAWS = 2000;

export interface ModelComparison {
  readonly table: AnswerTable;
  readonly finding: Finding;
  readonly chart: Chart;
  /** Soft less ε-optimal, per decision. */
  readonly gain: number;
}

/**
 * @param inSample log-likelihood of the ε-optimal model fitted to the very decisions it is judged on
 * @param note what else to know of the table
 */
export function compareModels(
  { called, decisions, soft, slips, chance }: HeldOutUnits,
  inSample: number,
  note: string,
  seed: number,
): ModelComparison {
  const gainOf = soft.map((log, i) => log - slips[i]);
  const ones = new Float64Array(decisions.length).fill(1);
  const models = [
    { name: 'soft choice', logs: soft },
    { name: 'ε-optimal choice', logs: slips },
    { name: 'equal chances', logs: chance },
    { name: 'soft less ε-optimal', logs: gainOf },
  ];
  const rng = createRng(seed, 'bootstrap');
  const intervals = bootstrapRatios(
    models.flatMap(({ logs }) => [
      { numerator: logs, denominator: decisions },
      { numerator: logs, denominator: ones },
    ]),
    DRAWS,
    0.95,
    rng,
  );
  const units = decisions.length;
  const count = sum(decisions);
  const rows = models.map(({ name, logs }, m) => ({
    name,
    perDecision: sum(logs) / count,
    perUnit: sum(logs) / units,
    ofDecision: intervals[2 * m],
    ofUnit: intervals[2 * m + 1],
  }));
  const [softRow, slipRow, , gain] = rows;
  const fixed = (x: number, digits: number): string => x.toFixed(digits).replace('-', '−');
  const said = (interval: readonly number[] | null, digits: number): string =>
    interval ? interval.map((x) => fixed(x, digits)).join(' to ') : 'no interval';
  return {
    gain: gain.perDecision,
    finding: {
      claim: `Soft choice predicts ${called} that were held out better than ε-optimal choice`,
      holds: gain.ofDecision !== null && gain.ofDecision[0] > 0,
      evidence: `log-likelihood per decision ${fixed(softRow.perDecision, 4)} against ${fixed(slipRow.perDecision, 4)}, difference ${fixed(gain.perDecision, 4)} (95 %: ${said(gain.ofDecision, 4)})`,
      law: false,
    },
    table: {
      title: `Log-likelihood of ${count} decisions (${units} ${called}), each held out from the fit that predicts it`,
      columns: ['model', 'per decision', '95 %', `per one of the ${called}`, '95 %'],
      rows: [
        ...rows.map((row) => [
          row.name,
          finite(row.perDecision),
          said(row.ofDecision, 4),
          finite(row.perUnit),
          said(row.ofUnit, 2),
        ]),
        ['ε-optimal, fitted to what it is judged on', inSample / count, '', inSample / units, ''],
      ],
      note: `Intervals: bootstrap over ${called}, ${DRAWS} draws, the same for all models. The last row is no prediction but the best that ε-optimal choice comes to when it has seen everything. A likelihood of 0 has no logarithm. ${note}`,
    },
    chart: {
      name: 'surprise',
      title: 'How surprising a decision is that was held out',
      caption: `Mean of −log π(what was done), in nats: the lower, the better. With 95 % bootstrap intervals over ${called}; equal chances come to ${(-rows[2].perDecision).toFixed(3)}.`,
      kind: 'bars',
      x: { label: '' },
      y: { label: 'nats per decision' },
      series: [
        {
          name: 'held out',
          points: [softRow, slipRow].flatMap(({ name, perDecision, ofDecision }) =>
            Number.isFinite(perDecision)
              ? [
                  {
                    x: name,
                    y: -perDecision,
                    ...(ofDecision ? { low: -ofDecision[1], high: -ofDecision[0] } : {}),
                  },
                ]
              : [],
          ),
        },
      ],
    },
  };
}

function sum(values: Float64Array): number {
  return values.reduce((total, x) => total + x, 0);
}

function finite(x: number): number | null {
  return Number.isFinite(x) ? x : null;
}
