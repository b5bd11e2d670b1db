import { isUtf8 } from 'node:buffer';
import { type OtlpBody } from '@telltale/contracts';
import { PermanentError } from '@telltale/kernel';
import { dlq, drop, ok, type StepResult } from '@telltale/streaming';
import { readJsonItems } from '../json-items';
import { type OtlpDecoder, type OtlpDecoders } from '../options';
import { type Decoded, type Decrypted, type Item } from '../types';

const itemsOf = (opened: Decrypted, items: readonly Item[]): StepResult<readonly Decoded[]> =>
  items.length > 0 ? ok(items.map((item) => ({ opened, item }))) : drop('empty');

function decodeJson(opened: Decrypted, type: 'native' | 'openai-chat'): StepResult<readonly Decoded[]> {
  if (opened.encoding !== 'json') return dlq('unknown_format', `header tt-encoding must be json for tt-format ${type}`);
  const found = readJsonItems(opened.body);
  if ('reason' in found) return dlq(found.reason, found.error);
  const unreadable = found.bad.map(({ text, problem }): Item => ({ type: 'unreadable', ...problem, body: text }));
  return itemsOf(opened, [...unreadable, ...found.values.map((value): Item => ({ type, value }))]);
}

type OtlpItemOf<T> = (value: T, head: Extract<Item, { type: 'otlp-traces' }>['head'], index: number) => Item;

function decodeOtlp<T>(opened: Decrypted, decoder: OtlpDecoder<T>, itemOf: OtlpItemOf<T>): StepResult<readonly Decoded[]> {
  let body: OtlpBody<T>;
  try {
    body = decoder.decode(opened.body);
  } catch (error) {
    // Decoders name field and fix; they never quote.
    if (error instanceof PermanentError) return dlq(error.code === 'invalid' ? 'wrong_format' : 'undecodable', error.message);
    throw error;
  }
  const items = body.groups.flatMap(({ resource, scope, items: group }) =>
    group.map(({ index, item }) => itemOf(item, { resource, scope }, index)),
  );
  const unreadable = body.problems.map(({ index, field, message }): Item => ({
    type: 'unreadable',
    reason: 'invalid_field',
    error: `${field} ${message}`.trim(),
    body: decoder.pick(opened.body, [index]),
  }));
  return itemsOf(opened, [...unreadable, ...items]);
}

/** From a body to its items. Items that cannot be read are items too, so that the rest of the body lives. */
export function createDecodeStep(otlp: OtlpDecoders) {
  return function decode(opened: Decrypted): StepResult<readonly Decoded[]> {
    const { format, encoding } = opened;
    if (encoding === 'json' && !isUtf8(opened.body)) return dlq('undecodable', 'not UTF-8: send the body as UTF-8 text');
    if (format === 'native' || format === 'openai-chat') return decodeJson(opened, format);
    if (format === 'otlp-traces') {
      const decoder = otlp.traces[encoding];
      return decodeOtlp(opened, decoder, (value, head, index) => ({ type: 'otlp-traces', value, head, index, decoder }));
    }
    const decoder = otlp.logs[encoding];
    return decodeOtlp(opened, decoder, (value, head, index) => ({ type: 'otlp-logs', value, head, index, decoder }));
  };
}

/** The item as a body that could be sent again. */
export function bodyOf({ opened, item }: Decoded): Buffer | string {
  if (item.type === 'unreadable') return item.body;
  return item.type === 'otlp-traces' || item.type === 'otlp-logs'
    ? item.decoder.pick(opened.body, [item.index])
    : JSON.stringify(item.value);
}
