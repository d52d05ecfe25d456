/**
 * TensorFlow.js with one of its backends, loaded when asked for. The native one is an optional
 * dependency with a library of its own, which is not there where its download was blocked:
 * `npm run native-tensorflow` fetches it in another way.
 */

export type Tensorflow = typeof import('@tensorflow/tfjs');

export type TensorflowBackend = 'tensorflow' | 'wasm' | 'cpu';

/** Loads the library and sets its backend. Throws an Error that says why it does not load. */
export async function loadTensorflow(backend: TensorflowBackend): Promise<Tensorflow> {
  // The banner of the native library, and its notes on the processor.
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
  const tf = await import('@tensorflow/tfjs');
  // Checks and advice for those who write their own graphs.
  tf.enableProdMode();
  try {
    // Not a literal, so that types are not looked for where the package is absent.
    if (backend === 'tensorflow') await import(NATIVE_PACKAGE);
    if (backend === 'wasm') await import('@tensorflow/tfjs-backend-wasm');
    if (!(await tf.setBackend(backend))) throw new Error('it did not start');
    await tf.ready();
  } catch (error) {
    throw new Error(
      `Cannot use TensorFlow.js with its backend "${backend}": ${firstLine(error)}${backend === 'tensorflow' ? '; npm run native-tensorflow installs it' : ''}`,
      { cause: error },
    );
  }
  return tf;
}

const NATIVE_PACKAGE: string = '@tensorflow/tfjs-node';

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text
    .trim()
    .split('\n')[0]
    .replace(/[.:]+$/, '');
}
