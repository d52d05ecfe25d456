/** Ctrl-C during long work: heard, so that what was done can be kept. */

class Interrupted extends Error {}

/** Milliseconds between two looks at the keyboard. */
const BREATHE_EVERY = 25;

export interface Interruption {
  /** Aborted once the process is asked to end. */
  readonly signal: AbortSignal;
  /** Lets signals and threads be heard, now and then. */
  breathe(): Promise<void>;
  /** Stops listening. */
  release(): void;
}

/** Listens for SIGINT and SIGTERM until released. */
export function listenForInterruption(): Interruption {
  const interruption = new AbortController();
  const onSignal = (): void => interruption.abort(new Interrupted());
  process.once('SIGINT', onSignal);
  process.once('SIGTERM', onSignal);
  let breathed = performance.now();
  return {
    signal: interruption.signal,
    async breathe() {
      if (performance.now() - breathed <= BREATHE_EVERY) return;
      await new Promise((resolve) => setImmediate(resolve));
      breathed = performance.now();
    },
    release() {
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
    },
  };
}
