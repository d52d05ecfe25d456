/** The report on an inquiry: what was found, then a section for each question, then how to rerun it. */

import { claimWords, lawsWords, numberWords } from '../inquiry/answerWords.ts';
import type { FindingResult, QuestionResult, TableResult } from '../inquiry/questionResult.ts';
import type { InquiryFile } from '../resultFile.ts';
import type { Figure } from './figure.ts';
import { chartFigure } from './figures/chartFigure.ts';
import { type Html, html } from './html.ts';
import type { WrittenSection } from './reportPage.ts';
import { rerunHtml } from './sections/rerun.ts';
import { table } from './table.ts';

/** @param place takes a figure into the report and returns it as part of the page */
export function inquirySections(
  result: InquiryFile,
  place: (figure: Figure) => Html,
): WrittenSection[] {
  return [
    { id: 'in-short', title: 'In short', content: inShort(result) },
    ...result.questions.map(
      (question, n): WrittenSection => ({
        id: `question-${n + 1}`,
        title: question.title,
        content: answerHtml(question, place),
      }),
    ),
    { id: 'rerun', title: 'To run it again', content: rerunHtml(result, []) },
  ];
}

function inShort({ meaning, questions }: InquiryFile): Html {
  const laws = lawsWords(questions);
  const failed = questions.flatMap(({ title, findings }) =>
    findings.filter(({ holds, law }) => !holds && !law).map(({ claim }) => ({ title, claim })),
  );
  return html`${meaning ? html`<p class="meaning">${meaning}</p>` : ''}
<ul class="points">
${questions.map(({ sentence }, n) => html`<li><a href="#question-${n + 1}">${n + 1}.</a> ${sentence}</li>`)}
${failed.map(({ title, claim }) => html`<li><strong class="warn">Did not hold:</strong> ${claim} (${title}).</li>`)}
${laws === null ? '' : html`<li>${laws.broken ? html`<strong class="bad">${laws.words}</strong>` : laws.words}</li>`}
</ul>`;
}

function answerHtml(
  { name, sentence, findings, tables, charts }: QuestionResult,
  place: (figure: Figure) => Html,
): Html {
  return html`<p>${sentence}</p>
${findings.length === 0 ? '' : html`<ul class="points">${findings.map(findingHtml)}</ul>`}
${charts.map((chart) => place(chartFigure(name, chart)))}
${tables.map(tableHtml)}`;
}

function findingHtml(finding: FindingResult): Html {
  const [look, sign, label] = finding.holds
    ? ['good', '✓', 'holds']
    : ['bad', '✗', 'does not hold'];
  return html`<li><span class="${look}" role="img" aria-label="${label}">${sign}</span> ${claimWords(finding)}: <span class="muted">${finding.evidence}</span></li>`;
}

function tableHtml({ title, columns, rows, note }: TableResult): Html {
  const worded = columns.flatMap((_, i) =>
    rows.some((row) => typeof row[i] === 'string') ? [i] : [],
  );
  return html`${table(
    columns,
    rows.map((row) =>
      row.map((cell) => (typeof cell === 'number' ? numberWords(cell) : (cell ?? '–'))),
    ),
    { caption: title, text: worded },
  )}${note ? html`<p class="note">${note}</p>` : ''}`;
}
