/**
 * Names as numbers. Tables come in any order, so names are numbered by sorting: whole numbers
 * first, by size, then texts by their characters. The numbering depends on the names alone.
 */

import { nearestName } from '../nearestName.ts';
import { quoted } from './tableError.ts';

/** Names under collection, numbered as they come. */
export class NameCollector {
  readonly names: string[] = [];
  readonly #numbers = new Map<string, number>();

  /** Returns the number of `name`, a new one if it was never seen. */
  add(name: string): number {
    let number = this.#numbers.get(name);
    if (number === undefined) {
      number = this.names.length;
      this.#numbers.set(name, number);
      this.names.push(name);
    }
    return number;
  }

  /** Returns the sorted names, and [collected number] where each of them went. */
  sorted(): { names: string[]; position: Int32Array } {
    const sizes = this.names.map((name) => (WHOLE.test(name) ? Number(name) : Infinity));
    const order = this.names.map((_, i) => i);
    order.sort((i, j) => {
      if (sizes[i] !== sizes[j]) return sizes[i] - sizes[j];
      return this.names[i] < this.names[j] ? -1 : 1;
    });
    const position = new Int32Array(order.length);
    order.forEach((from, to) => {
      position[from] = to;
    });
    return { names: order.map((i) => this.names[i]), position };
  }
}

const WHOLE = /^-?\d+$/;

/** Returns the number of every name. */
export function numbersOf(names: readonly string[]): Map<string, number> {
  return new Map(names.map((name, i) => [name, i]));
}

/** Returns ` (did you mean "…"?)` where some name is near, and nothing otherwise. */
export function suggestion(text: string, names: Iterable<string>): string {
  const nearest = nearestName(text, names);
  return nearest === null ? '' : ` (did you mean ${quoted(nearest)}?)`;
}
