import { isUtf8 } from 'node:buffer';
import { type OtlpBody, type OtlpLogRecord, type OtlpSpan } from '@telltale/contracts';
import { dlq, drop, ok, type BatchContext, type Step, type StepResult } from '@telltale/streaming';
import { PermanentError } from '@telltale/kernel';
import { type Decoded, type Item, type DecryptedRecord } from '../types';
import { readJsonItems } from '../json-items';
import { type OtlpDecoder, type OtlpDecoders } from '../options';

function decodeJson(opened: DecryptedRecord, type: 'native' | 'openai-chat'): StepResult<Decoded> {
  if (opened.encoding !== 'json') return dlq('unknown_format', `header tt-encoding must be json for tt-format ${type}`);
  const found = readJsonItems(opened.body);
  if ('reason' in found) return dlq(found.reason, found.error);
  const items = found.values.map((value): Item => ({ type, value }));
  const refused = found.bad.map(({ text, problem }) => ({ ...problem, value: text }));
  return items.length + refused.length > 0 ? ok({ opened, items, refused }) : drop('empty');
}

type OtlpItemOf<T> = (value: T, head: Extract<Item, { type: 'otlp-traces' }>['head'], index: number) => Item;

function decodeOtlp<T>(opened: DecryptedRecord, decoder: OtlpDecoder<T>, itemOf: OtlpItemOf<T>): StepResult<Decoded> {
  let body: OtlpBody<T>;
  try {
    body = decoder.decode(opened.body);
  } catch (error) {
    // Decoders name field and fix; they never quote.
    if (error instanceof PermanentError) return dlq(error.code === 'invalid' ? 'wrong_format' : 'undecodable', error.message);
    throw error;
  }
  const items = body.groups.flatMap(({ resource, scope, items }) =>
    items.map(({ index, item }) => itemOf(item, { resource, scope }, index)),
  );
  const refused = body.problems.map(({ index, field, message }) => ({
    reason: 'invalid_field' as const,
    error: `${field} ${message}`.trim(),
    value: decoder.pick(opened.body, [index]),
  }));
  return items.length + refused.length > 0 ? ok({ opened, items, refused }) : drop('empty');
}

/** From bytes to items. Items that cannot be read are set aside, so that the rest of the body lives. */
export function createDecodeStep(otlp: OtlpDecoders): Step<DecryptedRecord, Decoded, BatchContext> {
  return function decode(opened) {
    const { format, encoding } = opened;
    if (encoding === 'json' && !isUtf8(opened.body)) return dlq('undecodable', 'not UTF-8: send the body as UTF-8 text');
    if (format === 'native' || format === 'openai-chat') return decodeJson(opened, format);
    if (format === 'otlp-traces') {
      const decoder = otlp.traces[encoding];
      return decodeOtlp<OtlpSpan>(opened, decoder, (value, head, index) => ({
        type: 'otlp-traces',
        value,
        head,
        index,
        decoder,
      }));
    }
    const decoder = otlp.logs[encoding];
    return decodeOtlp<OtlpLogRecord>(opened, decoder, (value, head, index) => ({
      type: 'otlp-logs',
      value,
      head,
      index,
      decoder,
    }));
  };
}
