/** What was done: how often each action, and how many decisions had an alternative at all. */

import { count, percent } from '../../report/words.ts';
import { type Checked, type Finding, MOST_EXAMPLES } from '../finding.ts';
import type { Profiled } from '../profiled.ts';

export interface ChoiceMeasures {
  /** Decisions whose move the world has. */
  readonly decisions: number;
  /** Those made where only one thing could be done. */
  readonly withoutAlternative: number;
  /** By action, most taken first; null where moves are named by where they lead. */
  readonly actions: readonly ActionShare[] | null;
}

export interface ActionShare {
  readonly action: string;
  readonly taken: number;
  /** Decisions made where it was offered. */
  readonly offered: number;
}

/** An action that is taken nearly always leaves little to explain. */
const NEARLY_ALWAYS = 0.99;

export function choices(data: Profiled): Checked<ChoiceMeasures> {
  const { world, trajectories, goals } = data;
  const { mdp, actionNames, pairAction } = world;
  const taken = new Float64Array(actionNames.length);
  const visits = new Float64Array(mdp.stateCount);
  let [decisions, withoutAlternative] = [0, 0];
  for (let i = 0; i < trajectories.count; i++) {
    const goal = goals[trajectories.goal[i]];
    for (let row = trajectories.rowStart[i]; row < trajectories.rowStart[i + 1]; row++) {
      const pair = trajectories.pair[row];
      if (pair < 0) continue;
      const s = trajectories.state[row];
      decisions++;
      visits[s]++;
      taken[pairAction[pair]]++;
      const canStop = goal && !goal.absorbing && goal.stopState.includes(s);
      if (!canStop && mdp.pairStart[s + 1] - mdp.pairStart[s] === 1) withoutAlternative++;
    }
  }
  const actions = movesAreStates(data) ? null : actionShares();
  function actionShares(): ActionShare[] {
    const offered = new Float64Array(actionNames.length);
    for (let s = 0; s < mdp.stateCount; s++)
      for (let pair = mdp.pairStart[s]; pair < mdp.pairStart[s + 1]; pair++)
        offered[pairAction[pair]] += visits[s];
    return actionNames
      .slice(0, offered.length)
      .map((action, a) => ({ action, taken: taken[a], offered: offered[a] }))
      .sort((a, b) => b.taken - a.taken);
  }

  const findings: Finding[] = [];
  const forced = decisions === 0 ? 0 : withoutAlternative / decisions;
  if (decisions === 0 || withoutAlternative === decisions)
    findings.push({
      check: 'choices',
      // Of what was seen alone nobody knows what else could have been done.
      level: data.isGiven ? 'failure' : 'warning',
      share: 1,
      found:
        decisions === 0
          ? 'There is no decision.'
          : `None of the ${count(decisions, 'decision')} had an alternative.`,
      meaning: 'Whoever could not do otherwise reveals nothing: there is no reward to be found.',
      examples: [],
    });
  else if (withoutAlternative > 0)
    findings.push({
      check: 'choices',
      level: forced >= 0.5 ? 'warning' : 'note',
      share: forced,
      found: `${percent(forced)} of the ${count(decisions, 'decision')} had no alternative (${withoutAlternative.toLocaleString('en-US')}).`,
      meaning:
        'They have likelihood 1 under any reward. Numbers per decision are diluted by them, in every method alike.',
      examples: [],
    });
  const neverTaken = actions?.filter(({ taken, offered }) => taken === 0 && offered > 0) ?? [];
  if (neverTaken.length > 0)
    findings.push({
      check: 'choices',
      level: 'warning',
      share: neverTaken.length / (actions?.length ?? 1),
      found: `${count(neverTaken.length, 'action was', 'actions were')} offered and never taken.`,
      meaning:
        'A feature of such an action alone runs to minus infinity (the fit says unbounded): leave it out, bound it or use --l2.',
      examples: neverTaken.slice(0, MOST_EXAMPLES).map(({ action, offered }) => {
        return `${action}: offered ${count(offered, 'time')}`;
      }),
    });
  const [first] = actions ?? [];
  const share = first && first.offered > 0 ? first.taken / first.offered : 0;
  if (neverTaken.length === 0 && first && actions!.length > 1 && share > NEARLY_ALWAYS)
    findings.push({
      check: 'choices',
      level: 'note',
      share,
      found: `"${first.action}" is taken in ${percent(share, 2)} of the decisions that offer it.`,
      meaning: `What is known of the alternatives rests on ${count(first.offered - first.taken, 'decision')}: expect wide intervals.`,
      examples: [],
    });
  return { findings, measures: { decisions, withoutAlternative, actions } };
}

/** Whether every action is called by the one state that it leads to: then there is no telling actions apart. */
function movesAreStates({
  world: { mdp, stateNames, actionNames, pairAction },
}: Profiled): boolean {
  for (let pair = 0; pair < mdp.pairCount; pair++) {
    const first = mdp.transitionStart[pair];
    if (mdp.transitionStart[pair + 1] - first !== 1) return false;
    if (stateNames[mdp.nextState[first]] !== actionNames[pairAction[pair]]) return false;
  }
  return true;
}
