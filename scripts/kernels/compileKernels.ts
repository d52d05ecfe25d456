/** The AssemblyScript compiler on dense.as.ts. */

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const SOURCE = 'dense.as.ts';

/** Returns the WebAssembly module. Throws with the compiler's words where it fails. */
export async function compileKernels(): Promise<Uint8Array> {
  const folder = fileURLToPath(new URL('.', import.meta.url));
  let binary: Uint8Array | null = null;
  const { error, stderr } = await asc.main(
    [
      SOURCE,
      '--outFile',
      'dense.wasm',
      '-O3',
      '--noAssert',
      '--runtime',
      'stub',
      '--enable',
      'simd',
      '--importMemory',
      '--initialMemory',
      '1',
    ],
    {
      readFile: (name) => (name === SOURCE ? readFileSync(`${folder}/${name}`, 'utf8') : null),
      writeFile: (name, content) => {
        if (name === 'dense.wasm' && typeof content !== 'string') binary = content;
      },
      listFiles: () => [],
    },
  );
  if (error || !binary)
    throw new Error(`Cannot compile the kernels: ${error} ${stderr.toString()}`);
  return binary;
}
