/** What an interrupted inquiry goes on from: the questions that were answered. */

import { z } from 'zod';
import { QuestionResult } from '../../evaluation/inquiry/questionResult.ts';
import { readStateFile, writeStateFile } from './stateFile.ts';

const SavedAnswers = z.object({ answers: z.record(z.string(), QuestionResult) });

/** Answers by the name of their question. */
export type SavedAnswers = Record<string, QuestionResult>;

export function writeAnswers(directory: string, fingerprint: string, answers: SavedAnswers): void {
  writeStateFile(directory, fingerprint, { answers });
}

/** Reads the answers that an interrupted run left; null where there are none. */
export function readAnswers(directory: string, fingerprint: string): SavedAnswers | null {
  return readStateFile(directory, fingerprint, SavedAnswers)?.answers ?? null;
}
