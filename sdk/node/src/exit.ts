import { type Client } from './client';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/** Sends what is queued before the process ends, within the time that the settings allow. */
export function atExit(client: Client): () => void {
  const detach: (() => void)[] = [];
  let isFlushing = false;
  // It comes again whenever the process has nothing left to do: once nothing is pending, or could not be sent, it ends.
  const onBeforeExit = (): void => {
    if (isFlushing || client.stats().pending === 0) return;
    isFlushing = true;
    void client.flush();
  };
  process.on('beforeExit', onBeforeExit);
  detach.push(() => process.removeListener('beforeExit', onBeforeExit));

  for (const signal of SIGNALS) {
    const onSignal = (): void => {
      process.removeListener(signal, onSignal);
      // Where the application listens, it decides when the process ends.
      const isOurs = process.listenerCount(signal) === 0;
      void client.flush().then(() => {
        if (isOurs) process.kill(process.pid, signal);
      });
    };
    process.on(signal, onSignal);
    detach.push(() => process.removeListener(signal, onSignal));
  }
  return () => {
    for (const one of detach) one();
  };
}
