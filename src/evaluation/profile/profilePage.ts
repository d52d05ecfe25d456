/** A profile as a page: findings first, then pictures of what was measured. It needs nothing else. */

import { figurePlaces } from '../report/figurePlaces.ts';
import { type Html, html } from '../report/html.ts';
import { reportPage } from '../report/reportPage.ts';
import { table } from '../report/table.ts';
import { count, fixed, listed, orDash, percent } from '../report/words.ts';
import type { Finding, Level } from './finding.ts';
import type { Profile, ProfileMeasures } from './profile.ts';
import type { Profiled } from './profiled.ts';
import { actionFigures, lengthFigure, visitFigures } from './profileFigures.ts';
import { factsOf, verdictOf } from './profileWords.ts';

const MOST_ROWS = 25;
const color: Readonly<Record<Level, string>> = { failure: 'bad', warning: 'warn', note: 'muted' };

/** @param data what the profile was made of; null where the trajectories could not be read */
export function profilePage(profile: Profile, data: Profiled | null): string {
  const { place } = figurePlaces();
  const { measures } = profile;
  const sections: { id: string; title: string; content: Html | null }[] = [
    { id: 'in-short', title: 'In short', content: findingsHtml(profile) },
  ];
  if (data && measures)
    sections.push(
      {
        id: 'trajectories',
        title: 'Trajectories',
        content: html`${lengthsHtml(measures)}${lengthFigure(data).map(place)}`,
      },
      {
        id: 'places',
        title: 'Where people were',
        content: html`${coverageHtml(measures)}${visitFigures(data, measures.coverage).map(place)}`,
      },
      {
        id: 'choices',
        title: 'What was done',
        content: html`${choicesHtml(measures)}${actionFigures(measures.choices).map(place)}`,
      },
      { id: 'people', title: 'Who is unlike the others', content: peopleHtml(measures) },
      { id: 'folds', title: 'What is held out', content: foldsHtml(measures) },
    );
  sections.push(
    { id: 'pipeline', title: 'The pipeline', content: pipelineHtml(profile) },
    { id: 'files', title: 'What was read', content: filesHtml(profile) },
  );
  const written = sections.flatMap(({ content, ...section }) =>
    content === null ? [] : [{ ...section, content }],
  );
  return reportPage(
    { revealed: profile.revealed, study: profile.name, title: 'A look at the data' },
    written,
    'profile.json, which holds every number shown',
  );
}

function findingsHtml(profile: Profile): Html {
  const { findings } = profile;
  return html`<p class="meaning">${factsOf(profile).join(' ')}</p>
<p><strong class="${profile.passed ? 'good' : 'bad'}">${verdictOf(profile)}</strong></p>
<ul class="points">${findings.map(findingHtml)}</ul>`;
}

function findingHtml({ level, found, meaning, examples }: Finding): Html {
  return html`<li><strong class="${color[level]}">${level}</strong> ${found} <span class="muted">${meaning}</span>${
    examples.length === 0
      ? ''
      : html`<details><summary>For example</summary><ul>${examples.map((example) => html`<li>${example}</li>`)}</ul></details>`
  }</li>
`;
}

function lengthsHtml({ lengths, goals, ends }: ProfileMeasures): Html {
  const { trajectories, decisions, shortest, lowerQuarter, median, upperQuarter, longest } =
    lengths;
  return table(
    ['', 'shortest', 'a quarter below', 'half below', 'three quarters below', 'longest'],
    [
      [
        'decisions',
        ...[shortest, lowerQuarter, median, upperQuarter, longest].map((n) =>
          fixed(n, Number.isInteger(n) ? 0 : 1),
        ),
      ],
    ],
    {
      caption: `${count(decisions, 'decision')} in ${count(trajectories, 'trajectory', 'trajectories')}; ${lengths.empty.toLocaleString('en-US')} without a decision, ${goals.cutOff === null ? 'none can be called cut off' : `${goals.cutOff.toLocaleString('en-US')} cut off`}${ends.said ? `; as their recorder says: ${listed(Object.entries(ends.said).map(([end, n]) => `${n.toLocaleString('en-US')} ${end}`))}` : ''}`,
    },
  );
}

function coverageHtml({ coverage }: ProfileMeasures): Html {
  const { states, visited, pairs, taken, offered, byOneTrajectory, byOnePerson } = coverage;
  const row = (what: string, n: number, of: number): string[] => [
    what,
    n.toLocaleString('en-US'),
    of.toLocaleString('en-US'),
    of === 0 ? '–' : percent(n / of),
  ];
  return table(
    ['', 'number', 'of', 'share'],
    [
      row('states that were visited', visited, states),
      row('choices that were made, of all there are', taken, pairs),
      row('choices that were made, of those in states where somebody decided', taken, offered),
      row('visited states with one trajectory alone', byOneTrajectory, visited),
      ...(byOnePerson === null
        ? []
        : [row('visited states with one person alone', byOnePerson, visited)]),
    ],
    { caption: 'How much of the world was seen; a choice is an action in a state' },
  );
}

function choicesHtml({ choices, dynamics }: ProfileMeasures): Html {
  const { seenTwice, oneSuccessor, agreement } = dynamics;
  return html`<dl class="facts">
<dt>Without alternative</dt><dd>${choices.withoutAlternative.toLocaleString('en-US')} of ${count(choices.decisions, 'decision')}</dd>
<dt>One outcome only</dt><dd>${oneSuccessor.toLocaleString('en-US')} of ${count(seenTwice, 'choice')} made twice or more</dd>
${agreement ? html`<dt>Listed probabilities</dt><dd>X² = ${fixed(agreement.statistic, 1)} on ${count(agreement.degrees, 'degree')} of freedom, p = ${fixed(agreement.p, 4)}, over ${count(agreement.pairs, 'choice')} seen often enough</dd>` : ''}
</dl>`;
}

function peopleHtml({ people }: ProfileMeasures): Html | null {
  const { outliers, of, reasons } = people;
  const notes = [
    reasons?.likelihood ? `Choices are not compared: ${reasons.likelihood}.` : '',
    reasons?.length ? `Lengths are not compared: ${reasons.length}.` : '',
  ].filter((text) => text !== '');
  const shown = outliers.slice(0, MOST_ROWS);
  return html`${notes.map((note) => html`<p class="note">${note}</p>`)}${
    shown.length === 0
      ? html`<p>Nobody stands out.</p>`
      : table(
          [
            of,
            'trajectories',
            'decisions',
            'log-likelihood per decision',
            'z of choices',
            'z of length',
          ],
          shown.map((one) => [
            one.name,
            one.trajectories.toLocaleString('en-US'),
            one.decisions.toLocaleString('en-US'),
            orDash(one.logLikelihoodPerDecision, (x) => fixed(x, 3)),
            orDash(one.likelihoodScore, (x) => fixed(x, 1)),
            orDash(one.lengthScore, (x) => fixed(x, 1)),
          ]),
          {
            caption: `Those beyond 3.5 by either score, farthest first${outliers.length > MOST_ROWS ? ` (${MOST_ROWS} of ${outliers.length})` : ''}: how likely their choices are under the shares of all others, and how long they go on`,
          },
        )
  }`;
}

function foldsHtml({ folds, duplicates }: ProfileMeasures): Html | null {
  if (!folds) return null;
  const { compared, identicalAcross, nearAcross, expectedAcross } = duplicates;
  const all = folds.folds.reduce((sum, { decisions }) => sum + decisions, 0);
  return html`<p>Of ${count(compared, 'trajectory', 'trajectories')} with five decisions or more, ${orDash(identicalAcross, String)} have an identical one in another fold (${orDash(expectedAcross, (x) => fixed(x, 1))} if folds were dealt at random), ${orDash(nearAcross, String)} an identical or nearly identical one.${
    folds.peopleInSeveral === null
      ? ''
      : ` ${count(folds.peopleInSeveral, 'person has', 'people have')} trajectories in several folds.`
  }</p>
${table(
  ['fold', 'trajectories', 'decisions', 'share'],
  folds.folds.map(({ fold, trajectories, decisions }) => [
    fold,
    trajectories.toLocaleString('en-US'),
    decisions.toLocaleString('en-US'),
    all === 0 ? '–' : percent(decisions / all),
  ]),
  { caption: 'Folds', folded: folds.folds.length > 12 },
)}`;
}

function pipelineHtml({ pipeline }: Profile): Html | null {
  if (!pipeline) return null;
  return table(
    ['stage', 'rows in', 'rows out', 'merged', 'inserted', 'refused'],
    pipeline.stages.map(({ stage, refused, ...counts }) => [
      stage,
      ...[counts.in, counts.out, counts.merged, counts.inserted].map((n) =>
        n.toLocaleString('en-US'),
      ),
      listed(Object.entries(refused).map(([why, n]) => `${n.toLocaleString('en-US')} ${why}`)) ||
        '–',
    ]),
    { caption: `What became of the rows of ${pipeline.source.name}, by its manifest`, text: [5] },
  );
}

function filesHtml({ files, warnings }: Profile): Html {
  return html`${warnings.map((warning) => html`<p class="note">${warning}.</p>`)}${table(
    ['file', 'rows', 'SHA-256'],
    files.map(({ name, rows, sha256 }) => [
      name,
      rows.toLocaleString('en-US'),
      html`<code class="hash">${sha256}</code>`,
    ]),
    { caption: 'Tables', text: [2] },
  )}`;
}
