/** Runs an inquiry: its questions, side by side, into one result. */

import type { QuestionResult } from '../../evaluation/inquiry/questionResult.ts';
import type { InquiryFile } from '../../evaluation/resultFile.ts';
import type { Inquiry, Question } from '../inquiry.ts';
import type { Source } from '../source.ts';
import { version } from '../version.ts';
import { askQuestion } from './askQuestion.ts';
import type { ParallelRun } from './fitRunner.ts';
import type { QuestionOrder } from './questionThread.ts';
import { type SideBySide, sideBySide } from './sideBySide.ts';
import { sibling } from './threads.ts';

/** Told what happens, and asked what happened before. */
export interface InquiryObserver {
  /** How many questions there are, those already answered included. */
  onPlan?(questions: number): void;
  /** What an interrupted run left of a question, if it was answered. */
  resume(question: string): QuestionResult | undefined;
  /** How far a question is, in [0, 1]; may throw to interrupt. */
  onProgress(question: string, share: number): Promise<void>;
  onAnswer(answered: QuestionResult): Promise<void>;
}

const silentObserver: InquiryObserver = {
  resume: () => undefined,
  onProgress: async () => {},
  onAnswer: async () => {},
};

/** Why the keys are empty that a study of recordings fills. */
const REASONS = {
  data: 'an inquiry answers questions; it has no data set of its own',
  methods: 'nothing was fitted',
};

class BetterThere extends Error {}

/**
 * @param parallel how to use threads; everything is done in this one where absent. The result is the
 *   same but for the seconds
 * @throws RangeError where there is no question, where two have one name, or where an answer holds
 *   what cannot be kept
 */
export async function runInquiry(
  inquiry: Inquiry,
  seed = 0,
  observer: InquiryObserver = silentObserver,
  parallel: ParallelRun | null = null,
): Promise<InquiryFile> {
  const { name, title, questions, meaning } = inquiry;
  refuseNamesakes(inquiry);
  const before = questions.map((question) => observer.resume(question.name));
  const left = before.filter((answered) => answered === undefined).length;
  const runner = openQuestionRunner(left, seed, observer, parallel);
  let answers: QuestionResult[];
  try {
    observer.onPlan?.(questions.length);
    answers = await Promise.all(
      questions.map(async (question, i) => {
        const answered = before[i] ?? (await runner.run(question));
        await observer.onAnswer(answered);
        return answered;
      }),
    );
  } finally {
    await runner.close();
  }
  const result: InquiryFile = {
    format: 1,
    revealed: version,
    study: name,
    title,
    seed,
    backend: null,
    data: null,
    methods: {},
    published: [],
    questions: answers,
    reasons: REASONS,
  };
  const meant = meaning?.(result) ?? '';
  return meant === '' ? result : { ...result, meaning: meant };
}

function refuseNamesakes({ name, questions }: Inquiry): void {
  if (questions.length === 0) throw new RangeError(`Cannot run "${name}": it asks no question`);
  const names = new Set<string>();
  for (const question of questions) {
    if (names.has(question.name))
      throw new RangeError(`Cannot run "${name}": two questions are called "${question.name}"`);
    names.add(question.name);
  }
}

/** Answers questions here, or in threads once that pays. */
function openQuestionRunner(
  jobCount: number,
  seed: number,
  observer: InquiryObserver,
  parallel: ParallelRun | null,
): SideBySide<Question, QuestionResult> {
  const { source = null, workers = 1 } = parallel ?? {};
  const runner = sideBySide<QuestionOrder, QuestionResult, number, Question>({
    workers,
    jobCount,
    module: sibling(import.meta.url, 'questionThread'),
    order: ({ name }) => ({ source: source as Source, question: name, seed }),
    async here(question, giveUp) {
      try {
        return await askQuestion(question, seed, async (share) => {
          await observer.onProgress(question.name, share);
          if (giveUp()) throw new BetterThere();
        });
      } catch (error) {
        if (error instanceof BetterThere) return null;
        throw error;
      }
    },
    onNews: ({ name }, share) => observer.onProgress(name, share),
  });
  parallel?.signal?.addEventListener('abort', () => void runner.close(), { once: true });
  return runner;
}
