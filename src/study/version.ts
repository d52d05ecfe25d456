/** The version of the program, as results record it. */

export { version } from '../demonstrations/programVersion.ts';
