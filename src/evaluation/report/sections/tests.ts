/** Hypotheses about the fits, tested by the study or by `revealed test`. */

import { TestFile } from '../../inference/testFile.ts';
import { distributionName, type TestOutcome } from '../../inference/testOutcome.ts';
import { type Html, html } from '../html.ts';
import { hasFit, otherResult, strangerNote } from '../otherResults.ts';
import type { Page, Section } from '../section.ts';
import { mark, table } from '../table.ts';
import { chance, orDash, significant } from '../words.ts';

export const tests: Section = { id: 'tests', title: 'Tests', write };

function write(page: Page): Html | null {
  const ofStudy = page.result.tests ?? [];
  const asked = otherResult(page, 'test', TestFile);
  if (ofStudy.length === 0 && !asked) return null;
  return html`${
    ofStudy.length === 0
      ? ''
      : table(
          ['hypothesis', 'test', 'statistic', 'distribution', 'p', 'published'],
          ofStudy.map((outcome) => [
            outcome.hypothesis,
            named(outcome),
            orDash(outcome.statistic, (x) => significant(x, 5)),
            distributionName(outcome),
            orDash(outcome.p, chance),
            outcome.published.map(
              ({ published, passed }) => html`${significant(published, 5)} ${mark(passed)} `,
            ),
          ]),
          { caption: 'What the study doubts, and how far out the statistics are', text: [1, 3] },
        )
  }${ofStudy.length === 0 ? '' : remarks(ofStudy)}${asked && (isOwn(page, asked) ? ofFile(asked) : strangerNote('test'))}`;
}

/** Whether one of the two fits is of this result. */
function isOwn(page: Page, { full, restricted }: TestFile): boolean {
  return [full, restricted].some((fit) => fit && hasFit(page, fit.logLikelihood));
}

function ofFile({ kind, hypothesis, tests, words, restricted, full }: TestFile): Html {
  const head = kind === 'rivals' ? 'Are two models equally near?' : `Hypothesis: ${hypothesis}`;
  const sides = restricted ? [full, restricted] : [];
  const [one, other] = kind === 'rivals' ? ['first', 'second'] : ['full', 'restricted'];
  const names = [...new Set(sides.flatMap(({ parameters }) => parameters.map(({ name }) => name)))];
  return html`<h3>${head}</h3>
${words.map((text) => html`<p>${text}</p>`)}
${table(
  ['test', 'by', 'statistic', 'distribution', 'p'],
  tests.map((outcome) => [
    outcome.test,
    outcome.by ?? '',
    orDash(outcome.statistic, (x) => significant(x, 5)),
    distributionName(outcome),
    orDash(outcome.p, chance),
  ]),
  {
    caption: 'Statistics, and the chance of one so far out were the hypothesis true',
    text: [1, 3],
  },
)}${remarks(tests)}${
  sides.length === 0
    ? ''
    : table(
        ['parameter', one, other],
        [
          ...names.map((name) => [
            name,
            ...sides.map(({ parameters }) =>
              orDash(parameters.find((parameter) => parameter.name === name)?.estimate, (x) =>
                significant(x, 6),
              ),
            ),
          ]),
          [
            'log-likelihood',
            ...sides.map((side) => orDash(side.logLikelihood, (x) => significant(x, 7))),
          ],
          ['free parameters', ...sides.map((side) => String(side.freeParameters))],
        ],
        { caption: 'The two fits' },
      )
}`;
}

function named({ test, by }: TestOutcome): string {
  return by === undefined ? test : `${test} (${by})`;
}

/** What to know before tests are believed, and why those that are missing are. */
function remarks(outcomes: readonly TestOutcome[]): Html[] {
  const said = new Map<string, string[]>();
  for (const outcome of outcomes)
    for (const remark of [...(outcome.notes ?? []), ...Object.values(outcome.reasons ?? {})])
      said.set(remark, [...new Set([...(said.get(remark) ?? []), named(outcome)])]);
  return [...said].map(
    ([remark, names]) => html`<p class="note">${names.join(', ')}: ${remark}.</p>`,
  );
}
