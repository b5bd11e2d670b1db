import { TOPICS } from '@telltale/contracts';
import { type Encryptor } from '../ports/encryptor';
import { newTestRecord } from '../testing/task.fixture';
import { dlqRecord, rejectedRow } from './dlq';
import { type Rejection } from './task-processor';

const encryptor: Encryptor = {
  encrypt: (tenant, plain) => ({ bytes: Buffer.from(`${tenant} encrypted ${String(plain)}`), keyId: 'day-1' }),
  decrypt: (_, __, encrypted) => Buffer.from(encrypted),
};
const ctx = { source: 'g/3', partition: 3, now: Date.UTC(2026, 0, 2) };
const encrypted = { 'tt-tenant': 'acme', 'tt-encryption-key-id': 'day-1' };

function deadLetter(topic: string, over: Partial<Rejection> = {}, input: Partial<Rejection['record']> = {}) {
  const rejected = { ...newTestRecord(topic, 'body', 'acme/1', 7), partition: 3, headers: { from: 'input' }, ...input };
  const rejection: Rejection = { record: rejected, reason: 'undecodable', step: 'decode', error: 'not JSON', tenant: 'acme', ...over };
  const { value, headers, ...rest } = dlqRecord(rejection, 'enricher', ctx, encryptor);
  const shown = value === null ? null : String(value);
  return { ...rest, value: shown, headers: Object.fromEntries(Object.entries(headers ?? {}).filter(([name]) => !name.startsWith('x-dlq'))), all: headers };
} // prettier-ignore

describe('the DLQ record of a rejected input', () => {
  it('tells where it comes from and why, under the key of the input', () => {
    const { topic, key, all } = deadLetter(TOPICS.events.name);
    expect({ topic, key, all }).toEqual({
      topic: 'telltale.dlq.v1',
      key: 'acme/1',
      all: {
        from: 'input',
        'x-dlq-reason': 'undecodable',
        'x-dlq-service': 'enricher',
        'x-dlq-step': 'decode',
        'x-dlq-topic': 'telltale.events.v1',
        'x-dlq-partition': '3',
        'x-dlq-offset': '7',
        'x-dlq-timestamp': '2026-01-02T00:00:00.000Z',
        'x-dlq-error': 'not JSON',
      },
    });
  });

  const part = { value: 'part', headers: { 'tt-format': 'own' } };
  it.each([
    ['a topic without raw bodies: as it is', TOPICS.events.name, {}, {}, 'body', { from: 'input' }],
    ['a part of such a record', TOPICS.events.name, { part }, {}, 'part', { from: 'input', 'tt-format': 'own' }],
    ['the raw topic, encrypted already: not once more', TOPICS.raw.name, {}, { headers: { 'tt-encryption-key-id': 'day-0' } }, 'body', { 'tt-encryption-key-id': 'day-0' }],
    ['the raw topic, in plain text', TOPICS.raw.name, {}, {}, 'acme encrypted body', { from: 'input', ...encrypted }],
    ['a part of an encrypted record', TOPICS.raw.name, { part }, { headers: { 'tt-encryption-key-id': 'day-0' } }, 'acme encrypted part', { 'tt-format': 'own', ...encrypted }],
    ['the raw topic, without a body', TOPICS.raw.name, {}, { value: null }, null, { from: 'input' }],
    ['a part where the record has no body', TOPICS.raw.name, { part }, { value: null }, 'acme encrypted part', { from: 'input', 'tt-format': 'own', ...encrypted }],
    ['spans of the Collector, with the format they need to be sent again', TOPICS.otlpSpans.name, {}, {}, 'acme encrypted body', { from: 'input', 'tt-format': 'otlp-traces', 'tt-encoding': 'protobuf', ...encrypted }],
    ['logs of the Collector', TOPICS.otlpLogs.name, {}, {}, 'acme encrypted body', { from: 'input', 'tt-format': 'otlp-logs', 'tt-encoding': 'protobuf', ...encrypted }],
    ['a part of spans, in a format of its own', TOPICS.otlpSpans.name, { part }, {}, 'acme encrypted part', { from: 'input', 'tt-format': 'own', 'tt-encoding': 'protobuf', ...encrypted }],
  ])('holds of %s', (_, topic, over, input, value, headers) => {
    expect(deadLetter(topic, over, input)).toMatchObject({ value });
    expect(deadLetter(topic, over, input).headers).toEqual(headers);
  }); // prettier-ignore

  it('has an error of bounded length', () => {
    expect(deadLetter(TOPICS.events.name, { error: 'x'.repeat(9_000) }).all?.['x-dlq-error']).toHaveLength(500);
  });
});

describe('the DLQ record of a row that the store rejects', () => {
  it('has the row, and where it was to go', () => {
    expect(rejectedRow('events', '{"a":1}', 'x'.repeat(9_000), 'enricher', ctx)).toEqual({
      topic: 'telltale.dlq.v1',
      key: null,
      value: '{"a":1}',
      headers: {
        'x-dlq-reason': 'sink_rejected',
        'x-dlq-service': 'enricher',
        'x-dlq-step': 'insert',
        'x-dlq-topic': 'table:events',
        'x-dlq-partition': '3',
        'x-dlq-offset': '-1',
        'x-dlq-timestamp': '2026-01-02T00:00:00.000Z',
        'x-dlq-error': 'x'.repeat(500),
      },
    });
  });
});
