import { type Answer, type Call, type Transport } from './transport';

type Reply = Partial<Answer> | Error;
type LateReply = Reply | Promise<Reply>;

/** A gateway without a network: answers what it is reported, and keeps what it was asked. */
export interface TestTransport extends Transport {
  readonly calls: Call[];
  readonly replies: LateReply[];
  /** Streams that are open: what they hear, and how they end. */
  readonly streams: { hear(text: string): void; end(reply?: Reply): void; readonly isAborted: boolean }[];
}

const answerOf = (reply: Reply | undefined): Answer => {
  if (reply instanceof Error) throw reply;
  return { status: 200, headers: {}, body: '', ...reply };
};

export function newTestTransport(): TestTransport {
  const transport: TestTransport = {
    calls: [],
    replies: [],
    streams: [],
    call: async (call) => {
      transport.calls.push(call);
      await Promise.resolve();
      return answerOf(await transport.replies.shift());
    },
    stream: ({ signal }, _silenceMs, onData) =>
      new Promise((resolve, reject) => {
        const abort = (): void => reject(new Error('aborted'));
        signal?.addEventListener('abort', abort);
        transport.streams.push({
          hear: onData,
          get isAborted() {
            return signal?.aborted === true;
          },
          end(reply) {
            if (reply instanceof Error) reject(reply);
            else resolve(answerOf(reply));
          },
        });
      }),
    close: () => undefined,
  };
  return transport;
}

/** Lets promises that are due settle. */
export async function settled(): Promise<void> {
  for (let turns = 0; turns < 20; turns++) await Promise.resolve();
  await new Promise<void>((resolve) => setImmediate(resolve));
  for (let turns = 0; turns < 20; turns++) await Promise.resolve();
}
