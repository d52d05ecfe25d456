/** A `what-if.json` about a fit, as the command writes it, with numbers made up. */

import type { z } from 'zod';
import type { WhatIfResult } from '../../../src/evaluation/prediction/whatIfResult.ts';
import type { ResultFile } from '../../../src/evaluation/resultFile.ts';

export function madeUpWhatIf(result: ResultFile): z.input<typeof WhatIfResult> {
  if (!('methods' in result)) throw new Error('wanted a single fit');
  const method = 'causal-entropy';
  const values = result.methods[method].parameters.map(
    ({ name, estimate }) => [name, estimate ?? 0] as const,
  );
  const [[first, before]] = values;
  const setting = {
    parameters: Object.fromEntries(values),
    set: [],
    time: result.model.time,
    discount: result.model.discount,
    temperature: 1,
    states: result.data.states,
    pairs: 46,
    changes: [],
  };
  const quantity = (name: string, from: number, to: number) => ({
    name,
    kind: 'whole' as const,
    value: to,
    interval: [to - 1, to + 2] as [number, number],
    standardError: 0.5,
    drawn: null,
    baseline: { value: from, interval: [from - 1, from + 1] as [number, number] },
    difference: { value: to - from, interval: null, drawn: null, reasons: { interval: 'made up' } },
  });
  return {
    format: 1,
    revealed: result.revealed,
    study: result.study,
    cell: result.study,
    method,
    seed: 0,
    baseline: setting,
    changed: {
      ...setting,
      set: [first],
      parameters: { ...setting.parameters, [first]: before - 1 },
    },
    per: { steps: null, agents: 60 },
    uncertainty: {
      level: 0.95,
      errors: 'sandwich',
      draws: 100,
      infeasibleDraws: { baseline: 0, changed: 0 },
      stream: 'made up',
      inexactness: 1e-6,
    },
    notes: ['Made up for a test'],
    quantities: [quantity('length of a trip', 7, 9), quantity('visits to the mud', 30, 12)],
    sweep: {
      parameter: first,
      shown: 'length of a trip',
      points: [-2, -1, 0].map((value) => ({
        value,
        quantities: [quantity('length of a trip', 7, 8 + value)],
      })),
    },
  } as z.input<typeof WhatIfResult>;
}
