import {
  type Clock, createInForce, createLosses, createPipeline, type NativeEvent, readSettings, type SdkRecord, type Subject,
} from '@telltale/sdk-node'; // prettier-ignore

type Pipeline = ReturnType<typeof createPipeline>;
type OpenTurn = ReturnType<Pipeline['turns']['open']>;

/** The SDK from a record to the line that it sends, in simulated time and without a network. */
export interface SimulatedSdk {
  now(): number;
  /** Time goes by; timers that are due are called. */
  passTo(at: number): void;
  open(subject: Subject): OpenTurn;
  take(record: SdkRecord, turn: OpenTurn): void;
  /** Bytes of its line where it is sent as it is. */
  sizeOf(record: SdkRecord): number;
}

interface Timer {
  readonly at: number;
  readonly fn: () => void;
}

const RANK_OF_INFO = 2;

export function createSimulatedSdk(
  options: { readonly keep: number; readonly slowTurnMs: number },
  onSent: (event: NativeEvent, bytes: number) => void,
): SimulatedSdk {
  let now = Date.UTC(2026, 0, 5);
  let timers: Timer[] = [];
  const clock: Clock = {
    now: () => now,
    mono: () => now,
    random: () => 0.5,
    after(ms, fn) {
      const timer = { at: now + ms, fn };
      timers.push(timer);
      return () => void (timers = timers.filter((one) => one !== timer));
    },
  };
  const { settings } = readSettings({ ...options, service: 'bot', redact: false, control: false }, {}, 'simulated');
  const baseline = { minRank: RANK_OF_INFO, keep: settings.keep, content: settings.content } as const;
  const newPipeline = (onLine: (event: NativeEvent, bytes: number) => void, keep: number): Pipeline => {
    let event: NativeEvent | null = null;
    return createPipeline({
      settings,
      clock,
      inForce: createInForce({ ...baseline, keep }, { service: 'bot', environment: '', serviceVersion: '' }, clock),
      losses: createLosses(),
      delivery: {
        push: ({ serialize }) => {
          const line = serialize();
          if (line !== null && event !== null) onLine(event, line.length);
        },
        flush: () => Promise.resolve(true),
        pending: 0,
        sent: 0,
        close: () => undefined,
      },
      redact: (made) => made,
      beforeSend: (made) => (event = made),
    });
  };
  const pipeline = newPipeline(onSent, settings.keep);
  let size = 0;
  const measuring = newPipeline((_event, bytes) => (size = bytes), 1);

  return {
    now: () => now,
    passTo(at) {
      for (const { at: due, fn } of timers.filter((timer) => timer.at <= at).sort((a, b) => a.at - b.at)) {
        now = Math.max(now, due);
        fn();
      }
      timers = timers.filter((timer) => timer.at > at);
      now = Math.max(now, at);
    },
    open: (subject) => pipeline.turns.open(subject),
    take: (record, turn) => pipeline.take(record, turn),
    sizeOf(record) {
      measuring.take({ ...record, severity: null }, null);
      return size;
    },
  };
}
