/** Tables for a terminal: columns aligned, no lines but the words. */

import Table from 'cli-table3';
import { colors } from './colors.ts';

/** A table with aligned columns and one rule under its head. */
export function plainTable(head: string[]): InstanceType<typeof Table> {
  return new Table({
    head: head.map((text) => colors.dim(text)),
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 3 },
    chars: {
      top: '',
      'top-mid': '',
      'top-left': '',
      'top-right': '',
      bottom: '',
      'bottom-mid': '',
      'bottom-left': '',
      'bottom-right': '',
      left: '  ',
      'left-mid': '',
      mid: '',
      'mid-mid': '',
      right: '',
      'right-mid': '',
      middle: '',
    },
  });
}
