import { type Headers, type LogRecord, type OutputRecord } from '@telltale/streaming';

const HEAD_BYTES = 20;
const ABSENT = 0xffffffff;
const NO_HEADERS: Headers = {};

/** Frame: f64 timestamp, u32 lengths of key, headers (JSON) and value (0xffffffff: null), then the bytes. */
export function encodeFrame(record: OutputRecord, timestampMs: number): Buffer {
  const key = record.key === null ? null : Buffer.from(record.key);
  const headers = record.headers && Object.keys(record.headers).length > 0 ? Buffer.from(JSON.stringify(record.headers)) : null;
  const value = record.value === null ? null : Buffer.isBuffer(record.value) ? record.value : Buffer.from(record.value);
  const frame = Buffer.allocUnsafe(HEAD_BYTES + (key?.length ?? 0) + (headers?.length ?? 0) + (value?.length ?? 0));
  frame.writeDoubleLE(timestampMs, 0);
  frame.writeUInt32LE(key ? key.length : ABSENT, 8);
  frame.writeUInt32LE(headers ? headers.length : 0, 12);
  frame.writeUInt32LE(value ? value.length : ABSENT, 16);
  let at = HEAD_BYTES;
  for (const part of [key, headers, value]) if (part) at += part.copy(frame, at);
  return frame;
}

export const frameTimestamp = (frame: Buffer): number => frame.readDoubleLE(0);

export function decodeFrame(frame: Buffer, topic: string, partition: number, offset: number): LogRecord {
  const keyLength = frame.readUInt32LE(8);
  const headersLength = frame.readUInt32LE(12);
  const valueLength = frame.readUInt32LE(16);
  let at = HEAD_BYTES;
  const take = (length: number): Buffer => frame.subarray(at, (at += length));
  const key = keyLength === ABSENT ? null : take(keyLength).toString();
  const headers = headersLength === 0 ? NO_HEADERS : (JSON.parse(take(headersLength).toString()) as Headers);
  const value = valueLength === ABSENT ? null : take(valueLength);
  return { topic, partition, offset, key, value, headers, timestampMs: frameTimestamp(frame) };
}
