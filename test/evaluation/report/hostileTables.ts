/** Tables whose names do their worst: markup, quotes, control characters, other scripts, no end. */

import { lines, type TableTexts } from '../../support/commandLine.ts';

export const HOSTILE_NAMES = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(2)>',
  "it's & </style></title> ]]>",
  `no end ${'abcdefghij'.repeat(40)}`,
  'العربية 中文 🚌 Ångström',
] as const;

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

/** A ring walked at random, with features, states and actions of these names. */
export function hostileTables(names: readonly string[] = HOSTILE_NAMES): TableTexts {
  const states = names.map((name, i) => `${name} ${i}`);
  const features = names.slice(0, 5);
  const transitions = ['state,action,next_state'];
  const table = [`state,action,${features.map(quoted).join(',')}`];
  states.forEach((state, s) => {
    [names[0], names[1]].forEach((action, a) => {
      const next = states[(s + 1 + a) % states.length];
      transitions.push([state, action, next].map(quoted).join(','));
      const seen = features.map(
        (_, k) => Math.round(100 * Math.sin(1 + 3 * s + 5 * a + 7 * k * s * (a + 1))) / 100,
      );
      table.push([quoted(state), quoted(action), ...seen].join(','));
    });
  });
  const trajectories = ['trajectory,step,state,action,fold'];
  for (let i = 0; i < 40; i++) {
    let s = i % states.length;
    for (let step = 0; step < 9; step++) {
      const a = (i * 7 + step * step * 3 + s) % 3 === 0 ? 1 : 0;
      trajectories.push(
        [`t${i}`, step, quoted(states[s]), quoted(names[a]), quoted(names[i % 2])].join(','),
      );
      s = (s + 1 + a) % states.length;
    }
  }
  return {
    transitions: lines(...transitions),
    features: lines(...table),
    trajectories: lines(...trajectories),
  };
}
