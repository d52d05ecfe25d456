/**
 * The report in a result's folder: `report.html` from `result.json`, the arrays and whatever other
 * results lie beside it, and `figures/` with every figure as a file.
 */

import { existsSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { algorithms, type MethodName } from '../../algorithms/registry.ts';
import type { ReportSource } from '../../evaluation/report/section.ts';
import { cellsOf, type ResultFile } from '../../evaluation/resultFile.ts';
import { isSimulatedFile } from '../../evaluation/simulated/simulatedResult.ts';
import { readRunFile } from '../reopened/reopen.ts';
import { readArrays } from './flatArrays.ts';
import { writeWhole } from './wholeFile.ts';

/** Results of other commands that a report shows where they lie beside `result.json`. */
const OTHERS = ['what-if', 'test', 'profile', 'bootstrap', 'search'];

/** Loaded when a page is there or wanted: what draws figures takes longer to load than many a fit. */
const reporting = () => import('../../evaluation/report/report.ts');

export interface ReportWanted {
  /** The page to write; `report.html` beside the result where absent. */
  readonly file?: string | undefined;
  readonly svg: boolean;
  readonly png: boolean;
  /** Whether to show what other commands left beside the result. */
  readonly others: boolean;
}

/** What was written, as paths. */
export interface ReportWritten {
  readonly page: string;
  readonly figures: readonly string[];
}

/**
 * Writes the report on a result.
 *
 * @param path of a result file, or of its folder
 */
export async function writeReportFolder(
  path: string,
  { file, svg, png, others }: ReportWanted,
): Promise<ReportWritten> {
  const { result, file: from } = readRunFile(path);
  const directory = dirname(from);
  const { figureFiles, writeInquiryReport, writeReport, writeSimulatedReport } = await reporting();
  const { html, figures } =
    'questions' in result
      ? writeInquiryReport(result)
      : isSimulatedFile(result)
        ? writeSimulatedReport(result)
        : writeReport(await sourceOf(result, directory, others));
  const page = file ?? join(directory, 'report.html');
  const folder = join(dirname(page), 'figures');
  const written: string[] = [];
  for (const figure of svg || png ? figures : []) {
    const files = figureFiles(figure, png);
    const of = (ending: string): string => join(folder, `${figure.name}.${ending}`);
    if (svg) writeWhole(of('svg'), files.svg);
    if (svg) written.push(of('svg'));
    if (files.png) writeWhole(of('png'), files.png);
    if (files.png) written.push(of('png'));
  }
  writeWhole(page, html);
  return { page, figures: written };
}

/** What the report on fits is made from. */
async function sourceOf(
  result: ResultFile,
  directory: string,
  others: boolean,
): Promise<ReportSource> {
  const known = new Map<string, Record<string, Float64Array>>();
  return {
    result,
    array: ({ name: cell }, owner, name) => {
      const key = JSON.stringify([cell, owner]);
      const arrays = known.get(key) ?? readArrays(directory, cell, owner);
      known.set(key, arrays);
      return arrays[name] ?? null;
    },
    others: others ? readOthers(directory) : {},
    summaries: await summaries(
      cellsOf(result).flatMap(({ methods }) =>
        Object.entries(methods).map(([name, { method }]) => [name, method ?? name] as const),
      ),
    ),
  };
}

/** Takes away what an earlier report left in a folder, so that nothing in it is of another result. */
export async function removeReport(directory: string): Promise<void> {
  const page = join(directory, 'report.html');
  if (!existsSync(page)) return;
  const { figureNames } = await reporting();
  for (const name of figureNames(readFileSync(page, 'utf8')))
    for (const ending of ['svg', 'png'])
      rmSync(join(directory, 'figures', `${name}.${ending}`), { force: true });
  rmSync(page);
}

function readOthers(directory: string): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const name of OTHERS) {
    const file = join(directory, `${name}.json`);
    if (!existsSync(file)) continue;
    try {
      found[name] = JSON.parse(readFileSync(file, 'utf8'));
    } catch {
      throw new SyntaxError(`Cannot report ${file}: it is not JSON; write it again or delete it`);
    }
  }
  return found;
}

/** What each method does, by its name in the result. */
async function summaries(
  methods: readonly (readonly [name: string, method: string])[],
): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const [name, method] of methods)
    if (Object.hasOwn(algorithms, method))
      found[name] = (await algorithms[method as MethodName]()).summary;
  return found;
}
