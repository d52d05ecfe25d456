/**
 * An inquiry: a study of theory. Nothing was recorded; it asks questions and answers each by
 * computing, with a sentence, what holds and what does not, tables and charts. Answers are plain
 * data, so that they cross threads, lie in result.json, and are drawn anew from there.
 */

import type { InquiryFile } from '../evaluation/resultFile.ts';

export interface Inquiry {
  /** Short name, as in `revealed run <name>`. */
  readonly name: string;
  /** One line: what is asked. */
  readonly title: string;
  readonly questions: readonly Question[];
  /** What came out on the whole, in words, from all the answers; printed below them. */
  readonly meaning?: (result: InquiryFile) => string;
}

/** Describes an inquiry; it only helps the editor to complete and check what is written. */
export function defineInquiry(inquiry: Inquiry): Inquiry {
  return inquiry;
}

/** One question, answered on its own: questions of an inquiry run side by side. */
export interface Question {
  /** Short name, unique in its inquiry; files of its charts begin with it. */
  readonly name: string;
  /** What is asked, in words. */
  readonly title: string;
  /**
   * Works it out from a seed; yields how far it is, in [0, 1]. The same seed gives the same bits.
   * Async where it reads files.
   */
  readonly ask: (
    seed: number,
  ) => Generator<number, Answer, undefined> | AsyncGenerator<number, Answer, undefined>;
}

export interface Answer {
  /** What was found, in a sentence or two, with its numbers. */
  readonly sentence: string;
  readonly findings: readonly Finding[];
  readonly tables: readonly AnswerTable[];
  readonly charts: readonly Chart[];
}

/** Something that was claimed, and whether it held. */
export interface Finding {
  readonly claim: string;
  readonly holds: boolean;
  /** The numbers it rests on. */
  readonly evidence: string;
  /** Whether it must hold (a theorem, an identity): the run fails where it does not. */
  readonly law: boolean;
}

export interface AnswerTable {
  readonly title: string;
  readonly columns: readonly string[];
  /** A number that does not exist is null, and `note` says why. */
  readonly rows: readonly (readonly (string | number | null)[])[];
  readonly note?: string;
}

/** A picture as data. */
export interface Chart {
  /** Unique in its answer. */
  readonly name: string;
  readonly title: string;
  /** How to read it. */
  readonly caption: string;
  /** `curves`: x is a number. `bars`: x is a category. */
  readonly kind: 'curves' | 'bars';
  readonly x: { readonly label: string; readonly scale?: 'linear' | 'log' };
  readonly y: { readonly label: string; readonly scale?: 'linear' | 'log' };
  readonly series: readonly ChartSeries[];
  /** Lines to compare with, such as an optimum. */
  readonly marks?: readonly {
    readonly axis: 'x' | 'y';
    readonly at: number;
    readonly label: string;
  }[];
}

export interface ChartSeries {
  readonly name: string;
  readonly points: readonly ChartPoint[];
}

export interface ChartPoint {
  readonly x: number | string;
  readonly y: number;
  /** Interval around y; both or neither. */
  readonly low?: number;
  readonly high?: number;
}
