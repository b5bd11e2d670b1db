import { crc32c } from './crc32c';

/** A record as kafkajs passes it on. A value of any other type is left to its own encoder, and to its errors. */
export interface ProduceMessage {
  readonly key?: Buffer | string | null;
  readonly value: Buffer | string | null;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly timestamp?: string | null;
}
export interface ProducePartition {
  readonly partition: number | string;
  readonly firstSequence?: number;
  readonly messages: readonly ProduceMessage[];
}
/** What kafkajs knows when it encodes a Produce request of version 3 or later without compression. */
export interface ProduceRequest {
  readonly transactionalId?: string | null;
  readonly acks: number;
  readonly timeout: number;
  /** 64 bits: a number, its text, or an object whose text it is. */
  readonly producerId?: unknown;
  readonly producerEpoch?: number;
  readonly topicData: readonly { readonly topic: string; readonly partitions: readonly ProducePartition[] }[];
}

/** Before the fields that the checksum covers: base offset, length, leader epoch, magic, CRC. */
const BATCH_PREFIX_BYTES = 8 + 4 + 4 + 1 + 4;
/** Attributes, last offset delta, both timestamps, producer id and epoch, first sequence, count of records. */
const BATCH_FIELDS_BYTES = 2 + 4 + 8 + 8 + 8 + 2 + 4 + 4;
/** Counted in the length of a batch: everything behind it. */
const AFTER_LENGTH_BYTES = 4 + 1 + 4;
const MAGIC = 2;
const TRANSACTIONAL = 16;
/** Attributes of a record, and the delta of its timestamp, which is always 0: all records of a batch have the time at which it is encoded. */
const RECORD_FIELDS_BYTES = 2;
/** Sizes kept of each record: its body, its key and its value; -1 for null. */
const SIZES = 3;

type Bytes = Buffer | string | null | undefined;

const sizeOf = (value: Bytes): number =>
  value === null || value === undefined ? -1 : typeof value === 'string' ? Buffer.byteLength(value) : value.length;

/** Bytes of `value` as a signed varint (zigzag), as of 32 bits. */
function varintSize(value: number): number {
  const zigzag = ((value << 1) ^ (value >> 31)) >>> 0;
  return zigzag < 0x80 ? 1 : zigzag < 0x4000 ? 2 : zigzag < 0x20_0000 ? 3 : zigzag < 0x1000_0000 ? 4 : 5;
}
const withLength = (size: number): number => varintSize(size) + Math.max(0, size);

const isEncodable = (value: unknown): value is Buffer | string | null =>
  typeof value === 'string' || value === null || Buffer.isBuffer(value);

/** Whether this encoder writes what kafkajs would: no times of their own, and no values that it would turn into text. */
function isPlain({ key, value, headers, timestamp }: ProduceMessage): boolean {
  if ((timestamp !== undefined && timestamp !== null) || !isEncodable(value) || !isEncodable(key ?? null)) return false;
  return !headers || Object.values(headers).every((header) => header !== null && isEncodable(header));
}
export const canEncode = ({ topicData }: ProduceRequest): boolean =>
  topicData.every(({ partitions }) => partitions.every(({ messages }) => messages.every(isPlain)));

/** Sizes of the records of a partition, `SIZES` each, and the size of its batch in all. */
interface Measured {
  readonly partition: ProducePartition;
  readonly sizes: Int32Array;
  readonly batchBytes: number;
}

function headersSize(headers: ProduceMessage['headers']): number {
  let count = 0;
  let size = 0;
  if (headers)
    for (const name of Object.keys(headers)) {
      count++;
      size += withLength(Buffer.byteLength(name)) + withLength(sizeOf(headers[name] as Bytes));
    }
  return size + varintSize(count);
}

function measure(partition: ProducePartition): Measured {
  const { messages } = partition;
  const sizes = new Int32Array(messages.length * SIZES);
  let batchBytes = BATCH_PREFIX_BYTES + BATCH_FIELDS_BYTES;
  let at = 0;
  for (let i = 0; i < messages.length; i++) {
    const { key, value, headers } = messages[i] as ProduceMessage;
    const keySize = sizeOf(key);
    const valueSize = sizeOf(value);
    const body = RECORD_FIELDS_BYTES + varintSize(i) + withLength(keySize) + withLength(valueSize) + headersSize(headers);
    batchBytes += varintSize(body) + body;
    sizes[at++] = body;
    sizes[at++] = keySize;
    sizes[at++] = valueSize;
  }
  return { partition, sizes, batchBytes };
}

/** Writes one after another into a buffer that is large enough. */
class Writer {
  at = 0;
  constructor(readonly buffer: Buffer) {}

  int8(value: number): void {
    this.buffer[this.at++] = value;
  }
  int16(value: number): void {
    this.at = this.buffer.writeInt16BE(value, this.at);
  }
  int32(value: number): void {
    this.at = this.buffer.writeInt32BE(value, this.at);
  }
  int64(value: bigint): void {
    this.at = this.buffer.writeBigInt64BE(value, this.at);
  }
  varint(value: number): void {
    let rest = ((value << 1) ^ (value >> 31)) >>> 0;
    while (rest >= 0x80) {
      this.buffer[this.at++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.buffer[this.at++] = rest;
  }
  /** Text or bytes of that size; nothing where it is -1. */
  bytes(value: Bytes, size: number): void {
    if (size <= 0) return;
    if (typeof value === 'string') this.buffer.write(value, this.at, size, 'utf8');
    else this.buffer.set(value as Buffer, this.at);
    this.at += size;
  }
  /** Text behind its length in two bytes. */
  string(value: string | null | undefined): void {
    const size = sizeOf(value);
    this.int16(size);
    this.bytes(value, size);
  }
  sized(value: Bytes, size: number): void {
    this.varint(size);
    this.bytes(value, size);
  }
}

function writeHeaders(out: Writer, headers: ProduceMessage['headers']): void {
  const names = headers ? Object.keys(headers) : [];
  out.varint(names.length);
  for (const name of names) {
    const value = headers?.[name] as Bytes;
    out.sized(name, Buffer.byteLength(name));
    out.sized(value, sizeOf(value));
  }
}

function writeRecords(out: Writer, messages: readonly ProduceMessage[], sizes: Int32Array): void {
  for (let i = 0, at = 0; i < messages.length; i++, at += SIZES) {
    const { key, value, headers } = messages[i] as ProduceMessage;
    out.varint(sizes[at] as number);
    out.int8(0);
    out.int8(0);
    out.varint(i);
    out.sized(key, sizes[at + 1] as number);
    out.sized(value, sizes[at + 2] as number);
    if (headers) writeHeaders(out, headers);
    else out.varint(0);
  }
}

function writeBatch(out: Writer, request: ProduceRequest, { partition, sizes, batchBytes }: Measured, now: bigint): void {
  const { messages, firstSequence = 0 } = partition;
  out.int64(0n);
  out.int32(AFTER_LENGTH_BYTES + batchBytes - BATCH_PREFIX_BYTES);
  out.int32(0);
  out.int8(MAGIC);
  const checksumAt = out.at;
  out.int32(0);
  const coveredFrom = out.at;
  out.int16(request.transactionalId ? TRANSACTIONAL : 0);
  out.int32(messages.length - 1);
  out.int64(now);
  out.int64(now);
  out.int64(BigInt(String(request.producerId ?? -1)));
  out.int16(request.producerEpoch ?? 0);
  out.int32(firstSequence);
  out.int32(messages.length);
  writeRecords(out, messages, sizes);
  out.buffer.writeUInt32BE(crc32c(out.buffer, coveredFrom, out.at), checksumAt);
}

const stringSize = (text: string | null | undefined): number => 2 + Math.max(0, sizeOf(text));

/**
 * The body of a Produce request of versions 3 to 8 behind `headRoom` free bytes: what kafkajs writes, byte for byte, but sizes are computed
 * first, so that one buffer is enough. Call it only where `canEncode`. `nowMs`: the time of the records.
 *
 * Format: https://kafka.apache.org/protocol.html#The_Messages_Produce, https://kafka.apache.org/documentation/#recordbatch.
 */
export function encodeProduce(request: ProduceRequest, nowMs: number, headRoom = 0): Buffer {
  const { transactionalId, acks, timeout, topicData } = request;
  const topics = topicData.map(({ topic, partitions }) => ({ topic, partitions: partitions.map(measure) }));
  let size = headRoom + stringSize(transactionalId) + 2 + 4 + 4;
  for (const { topic, partitions } of topics) {
    size += stringSize(topic) + 4;
    for (const { batchBytes } of partitions) size += 4 + 4 + batchBytes;
  }
  const out = new Writer(Buffer.allocUnsafe(size));
  out.at = headRoom;
  const now = BigInt(nowMs);
  out.string(transactionalId);
  out.int16(acks);
  out.int32(timeout);
  out.int32(topics.length);
  for (const { topic, partitions } of topics) {
    out.string(topic);
    out.int32(partitions.length);
    for (const measured of partitions) {
      out.int32(Number(measured.partition.partition));
      out.int32(measured.batchBytes);
      writeBatch(out, request, measured, now);
    }
  }
  return out.buffer;
}
