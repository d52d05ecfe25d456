/** Compiles the SIMD kernels of dense networks into a TypeScript file: `npm run kernels`. */

import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compileKernels } from './compileKernels.ts';

const TARGET = fileURLToPath(new URL('../../src/networks/kernels/simdBinary.ts', import.meta.url));

const binary = await compileKernels();
const lines = Buffer.from(binary)
  .toString('base64')
  .match(/.{1,90}/g);
writeFileSync(
  TARGET,
  `/** The SIMD kernels as WebAssembly in base64, ${binary.length} bytes; made by \`npm run kernels\` from scripts/kernels/dense.as.ts. */
export const SIMD_BINARY =
${(lines ?? []).map((line) => `  '${line}'`).join(' +\n')};
`,
);
process.stdout.write(`${TARGET}: ${binary.length} bytes\n`);
