/**
 * Requests for which faults can be planned, and those whose responses contain the broker's address; numbers of the Kafka protocol guide.
 */
export const KAFKA_API_KEYS = {
  Produce: 0,
  Metadata: 3,
  FindCoordinator: 10,
  InitProducerId: 22,
  AddPartitionsToTxn: 24,
  AddOffsetsToTxn: 25,
  EndTxn: 26,
  TxnOffsetCommit: 28,
} as const;
export type KafkaApi = keyof typeof KAFKA_API_KEYS;

const NAMES: ReadonlyMap<number, KafkaApi> = new Map(
  (Object.entries(KAFKA_API_KEYS) as [KafkaApi, number][]).map(([name, key]) => [key, name]),
);
const LENGTH_BYTES = 4;

export interface RequestHeader {
  /** Null for requests without planned faults. */
  readonly api: KafkaApi | null;
  readonly version: number;
  readonly correlationId: number;
}

export const requestHeader = (frame: Buffer): RequestHeader => ({
  api: NAMES.get(frame.readInt16BE(LENGTH_BYTES)) ?? null,
  version: frame.readInt16BE(LENGTH_BYTES + 2),
  correlationId: frame.readInt32BE(LENGTH_BYTES + 4),
});
export const replyCorrelationId = (frame: Buffer): number => frame.readInt32BE(LENGTH_BYTES);

/** Splits a byte stream into length-prefixed frames. */
export function createFrameReader(onFrame: (frame: Buffer) => void): (chunk: Buffer) => void {
  let chunks: Buffer[] = [];
  let held = 0;
  let wanted = LENGTH_BYTES;
  return (chunk) => {
    chunks.push(chunk);
    held += chunk.length;
    while (held >= wanted) {
      const all = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
      chunks = [all];
      const length = LENGTH_BYTES + all.readInt32BE(0);
      wanted = Math.max(length, LENGTH_BYTES);
      if (held < length) return;
      onFrame(all.subarray(0, length));
      chunks = [all.subarray(length)];
      held -= length;
      wanted = LENGTH_BYTES;
    }
  };
}

/** Offset after a nullable string. */
const afterString = (frame: Buffer, at: number): number => at + 2 + Math.max(0, frame.readInt16BE(at));

/** Replaces the broker's port in a response, so that clients stay with the proxy. For versions without compact strings. */
export function redirect(frame: Buffer, { api, version }: RequestHeader, port: number): void {
  const body = LENGTH_BYTES + 4;
  if (api === 'Metadata') {
    if (version > 8) throw new RangeError(`Metadata ${version} has compact strings: the proxy reads versions up to 8`);
    let at = body + (version >= 3 ? 4 : 0);
    const brokers = frame.readInt32BE(at);
    at += 4;
    for (let i = 0; i < brokers; i++) {
      at = afterString(frame, at + 4);
      frame.writeInt32BE(port, at);
      at += 4;
      if (version >= 1) at = afterString(frame, at);
    }
  }
  if (api === 'FindCoordinator') {
    if (version > 2) throw new RangeError(`FindCoordinator ${version} has compact strings: the proxy reads versions up to 2`);
    let at = body + (version >= 1 ? 4 : 0);
    const failed = frame.readInt16BE(at) !== 0;
    at += 2;
    if (version >= 1) at = afterString(frame, at);
    if (!failed) frame.writeInt32BE(port, afterString(frame, at + 4));
  }
}
