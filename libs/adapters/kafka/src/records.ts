import { type Headers, type LogRecord } from '@telltale/streaming';
import { type KafkaMessage } from 'kafkajs';

const NO_HEADERS: Headers = {};

/** Of a repeated header, the last value counts. */
function headersOf(message: KafkaMessage): Headers {
  if (!message.headers) return NO_HEADERS;
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers)) {
    const last = Array.isArray(value) ? value.at(-1) : value;
    if (last !== undefined) headers[name] = last.toString();
  }
  return headers;
}

export const toLogRecord = (topic: string, partition: number, message: KafkaMessage): LogRecord => ({
  topic,
  partition,
  offset: Number(message.offset),
  key: message.key ? message.key.toString() : null,
  value: message.value,
  headers: headersOf(message),
  timestampMs: Number(message.timestamp),
});
