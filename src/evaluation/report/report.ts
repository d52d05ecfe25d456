/** The report on a result: one page that needs nothing else, and its figures as files. */

import { cellsOf, type InquiryFile } from '../resultFile.ts';
import type { SimulatedFile } from '../simulated/simulatedResult.ts';
import { type Figure, png, svgFile } from './figure.ts';
import { figurePlaces, WIDE } from './figurePlaces.ts';
import { inquirySections } from './inquirySections.ts';
import { sections } from './registry.ts';
import { reportPage } from './reportPage.ts';
import type { Page, ReportSource } from './section.ts';
import { simulatedSections } from './simulatedSections.ts';

export interface Report {
  /** The page, complete. */
  readonly html: string;
  readonly figures: readonly Figure[];
}

/** Writes the report. The same source gives the same bytes. */
export function writeReport(source: ReportSource): Report {
  const { figures, place } = figurePlaces();
  const page: Page = { ...source, cells: cellsOf(source.result), place };
  const written = sections.flatMap(({ id, title, write }) => {
    const content = write(page);
    return content === null ? [] : [{ id, title, content }];
  });
  return { html: reportPage(source.result, written), figures };
}

/** Writes the report on an inquiry: a section for each question. */
export function writeInquiryReport(result: InquiryFile): Report {
  const { figures, place } = figurePlaces();
  return { html: reportPage(result, inquirySections(result, place)), figures };
}

/** Writes the report on a study in a simulator. */
export function writeSimulatedReport(result: SimulatedFile): Report {
  const { figures, place } = figurePlaces();
  return { html: reportPage(result, simulatedSections(result, place)), figures };
}

/** The files of a figure, by their ending; the pixels only where they are wanted. */
export function figureFiles(
  figure: Figure,
  withPng: boolean,
): { readonly svg: string; readonly png: Uint8Array | null } {
  const text = svgFile(figure, WIDE);
  return { svg: text, png: withPng ? png(text) : null };
}

/** Names of the figures of a page that `writeReport` wrote. */
export function figureNames(page: string): string[] {
  return [...page.matchAll(/<figure data-figure="([^"/\\\\]+)">/g)].map(([, name]) => name);
}
