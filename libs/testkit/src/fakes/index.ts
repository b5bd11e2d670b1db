import { type Broker, type Logger, type Metrics } from '@telltale/streaming';

export const silentLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

export const noMetrics: Metrics = { count: () => undefined, observe: () => undefined, set: () => undefined };

/** A broker with only these parts; calls to others reject. */
export function fakeBroker(parts: Partial<Broker> = {}): Broker {
  const unexpected = (): Promise<never> => Promise.reject(new Error('not part of this test'));
  return {
    ensureTopics: unexpected,
    produce: unexpected,
    join: unexpected,
    tail: unexpected,
    newest: unexpected,
    groupOffsets: unexpected,
    describe: unexpected,
    ping: unexpected,
    close: unexpected,
    ...parts,
  };
}
