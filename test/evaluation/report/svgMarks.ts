/** Reads a drawing back: which marks of a kind it holds, and where they stand. */

import { parseHTML } from 'linkedom';
import { type Drawing, svg } from '../../../src/evaluation/report/figure.ts';

/** A drawn element. */
export interface Mark {
  getAttribute(name: string): string | null;
}

/** The elements inside every group of the class. */
export function marks(drawing: Drawing, label: string): Mark[] {
  const { document } = parseHTML(`<!doctype html><body>${svg(drawing, 'drawn')}</body>`);
  return [...document.querySelectorAll(`.${label}`)].flatMap((group) => [
    ...group.querySelectorAll('circle, line, rect, path'),
  ]);
}

/** An attribute as a number; 0 where it is absent, as SVG has it. */
export function at(element: Mark, attribute: string): number {
  return Number(element.getAttribute(attribute) ?? 0);
}

/** All words in the drawing. */
export function textOf(drawing: Drawing): string {
  const { document } = parseHTML(`<!doctype html><body>${svg(drawing, 'drawn')}</body>`);
  return [...document.querySelectorAll('text')].map(({ textContent }) => textContent).join('\n');
}

/** Whether y is a straight line of x that rises; to within a pixel's hundredth. */
export function isAffine(x: readonly number[], y: readonly number[]): boolean {
  const slope = (y[y.length - 1] - y[0]) / (x[x.length - 1] - x[0]);
  return slope > 0 && x.every((value, i) => Math.abs(y[0] + slope * (value - x[0]) - y[i]) < 0.01);
}
