/** The answers of an inquiry in words and tables, as they are printed at the end of a run. */

import { colors } from '../colors.ts';
import { plainTable } from '../plainTable.ts';
import type { InquiryFile } from '../resultFile.ts';
import { claimWords, lawsWords, numberWords } from './answerWords.ts';
import type { FindingResult, QuestionResult, TableResult } from './questionResult.ts';

/** Letters to a line of prose. */
const LINE = 96;

/** Returns the summary as text for a terminal, ending in a newline. */
export function summarizeInquiry({ title, questions }: InquiryFile): string {
  const parts = [colors.bold(title), ...questions.flatMap(describeQuestion)];
  const laws = lawsWords(questions);
  if (laws !== null) parts.push(laws.broken ? colors.red(laws.words) : laws.words);
  return `${parts.join('\n\n')}\n`.replace(/ +$/gm, '');
}

function describeQuestion({ name, title, seconds, ...answer }: QuestionResult): string[] {
  const heading = `${colors.bold(title)}  ${colors.dim(`(${name}, ${seconds.toFixed(1)} s)`)}`;
  const found = answer.findings.map(describeFinding);
  return [
    [heading, wrapped(answer.sentence, '')].join('\n'),
    ...(found.length === 0 ? [] : [found.join('\n')]),
    ...answer.tables.map(describeTable),
  ];
}

function describeFinding(finding: FindingResult): string {
  const sign = finding.holds ? colors.green('✓') : colors.red('✗');
  return `  ${sign} ${wrapped(`${claimWords(finding)}: ${finding.evidence}`, '    ')}`;
}

function describeTable({ title, columns, rows, note }: TableResult): string {
  const table = plainTable([...columns]);
  for (const row of rows)
    table.push(row.map((cell) => (typeof cell === 'number' ? numberWords(cell) : (cell ?? '–'))));
  const below = note ? `\n${colors.dim(`  ${wrapped(note, '  ')}`)}` : '';
  return `  ${title}\n${table.toString()}${below}`;
}

/** Prose in lines, those after the first behind a margin. */
function wrapped(text: string, margin: string): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && line.length + 1 + word.length > LINE - margin.length) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].join(`\n${margin}`);
}
