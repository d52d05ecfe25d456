/**
 * Colours for what a person reads on a terminal. Output that goes to a file or a pipe stays plain,
 * wherever the program runs: picocolors alone would colour it on build servers (`CI` is set).
 */

import { createColors } from 'picocolors';

const { env } = process;
const wanted = env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '0';
const refused = env.NO_COLOR !== undefined && env.NO_COLOR !== '';

export const colors = createColors(!refused && (wanted || process.stdout.isTTY === true));
