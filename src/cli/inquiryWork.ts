/** Running an inquiry: questions, of which the answered ones are kept. */

import { summarizeInquiry } from '../evaluation/inquiry/inquirySummary.ts';
import type { Inquiry } from '../study/inquiry.ts';
import { writeInquiryResult } from '../study/output/outputDirectory.ts';
import { readAnswers, type SavedAnswers, writeAnswers } from '../study/run/inquiryState.ts';
import { type InquiryObserver, runInquiry } from '../study/run/runInquiry.ts';
import type { Work } from './work.ts';

export function inquiryWork(inquiry: Inquiry, seed: number): Work {
  let answers: SavedAnswers = {};
  return {
    restore(directory, fingerprint) {
      answers = readAnswers(directory, fingerprint) ?? {};
    },
    save: (directory, fingerprint) => writeAnswers(directory, fingerprint, answers),
    async run({ line, parallel, ...driver }) {
      const observer: InquiryObserver = {
        onPlan: line.expect,
        resume: (question) => answers[question],
        async onProgress(question, share) {
          line.show(() => `${question}  ${Math.floor(100 * share)} %`);
          await driver.tick();
        },
        async onAnswer(answered) {
          answers[answered.name] = answered;
          line.done();
          driver.keep();
        },
      };
      const result = await runInquiry(inquiry, seed, observer, parallel);
      return {
        result,
        write: (directory, source) => writeInquiryResult(directory, { ...result, source }),
        summary: summarizeInquiry(result),
        succeeded: result.questions.every(({ findings }) =>
          findings.every(({ law, holds }) => holds || !law),
        ),
      };
    },
  };
}
