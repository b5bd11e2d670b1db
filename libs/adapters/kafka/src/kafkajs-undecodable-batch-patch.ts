import { PermanentError } from '@telltale/kernel';
import { createRequire } from 'node:module';

interface Decoder {
  readonly buffer: Buffer;
  readonly offset: number;
}
interface DecodedBatch {
  readonly records: readonly object[];
}
type DecodeBatch = (decoder: Decoder) => Promise<DecodedBatch>;

/** On the one record that a batch which cannot be decoded becomes: why, and what it was. */
export const UNDECODABLE_BATCH_HEADER = 'tt-undecodable-batch';

const CODECS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'];
const CODEC_BITS = 7;
const LOG_APPEND_TIME = 8;
const TRANSACTIONAL = 16;
/** Where the fields of a batch are (Kafka protocol guide, record batch v2). */
const AT = { magic: 16, attributes: 21, lastOffsetDelta: 23, firstTimestamp: 27, maxTimestamp: 35, producerId: 43, count: 57, records: 61 }; // prettier-ignore

/**
 * Records of a batch share one compression: where it cannot be undone, none of them can be read. The batch becomes one record at its last
 * offset, with the bytes as they came, so that what follows is read and those bytes become a dead letter like any other value that is
 * no value. kafkajs fails the whole fetch, again and again, and nothing behind the batch is ever read.
 */
function oneRecordOf(batch: Buffer, error: unknown): DecodedBatch {
  const attributes = batch.readInt16BE(AT.attributes);
  const first = batch.readBigInt64BE(0);
  const firstTimestamp = batch.readBigInt64BE(AT.firstTimestamp);
  const maxTimestamp = batch.readBigInt64BE(AT.maxTimestamp);
  const codec = CODECS[attributes & CODEC_BITS] ?? 'unknown';
  const reason = error instanceof PermanentError ? error.code : 'undecodable';
  const batchContext = {
    firstOffset: String(first),
    firstTimestamp: String(firstTimestamp),
    maxTimestamp: String(maxTimestamp),
    lastOffsetDelta: batch.readInt32BE(AT.lastOffsetDelta),
    producerId: String(batch.readBigInt64BE(AT.producerId)),
    inTransaction: (attributes & TRANSACTIONAL) > 0,
    isControlBatch: false,
    magicByte: batch.readInt8(AT.magic),
  };
  const record = {
    magicByte: batchContext.magicByte,
    attributes: 0,
    timestamp: String(attributes & LOG_APPEND_TIME ? maxTimestamp : firstTimestamp),
    offset: String(first + BigInt(batchContext.lastOffsetDelta)),
    key: null,
    value: Buffer.from(batch.subarray(AT.records)),
    headers: { [UNDECODABLE_BATCH_HEADER]: Buffer.from(`${reason}: ${batch.readInt32BE(AT.count)} records in ${codec}`) },
    isControlRecord: false,
    batchContext,
  };
  return { ...batchContext, records: [record] };
}

const load = createRequire(__filename);
const path = load.resolve('kafkajs/src/protocol/recordBatch/v0/decoder');
const decode = load(path) as DecodeBatch;
const cached = load.cache[path];
// Whoever fetches asks for the module at the first answer of a broker, and gets this one.
if (cached)
  cached.exports = async (decoder: Decoder): Promise<DecodedBatch> => {
    const from = decoder.offset;
    try {
      return await decode(decoder);
    } catch (error) {
      // The end of an answer may be cut off; the rest comes with the next one.
      if (error instanceof Error && error.name === 'KafkaJSPartialMessageError') throw error;
      return oneRecordOf(decoder.buffer.subarray(from, decoder.offset), error);
    }
  };
