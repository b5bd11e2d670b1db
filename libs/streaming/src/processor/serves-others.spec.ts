import { TOPICS } from '@telltale/contracts';
import { type LogRecord } from '../ports/broker';
import { servesOthers } from './serves-others';

const record = (topic: { readonly name: string }, value: unknown, headers: LogRecord['headers'] = {}): LogRecord => ({
  topic: topic.name,
  partition: 0,
  offset: 0,
  key: null,
  value: value === null ? null : Buffer.isBuffer(value) ? value : Buffer.from(JSON.stringify(value)),
  headers,
  timestampMs: 0,
});
const event = (tenant: string, more: object = {}) => record(TOPICS.events, { tenant, id: '1', attributes: {}, ...more });
const measures = (...tenants: string[]) => record(TOPICS.measures, { source: 's', watermark: null, measures: tenants.map((tenant) => ({ tenant, series_id: '1' })) }); // prettier-ignore
const raw = (headers: LogRecord['headers'], body = Buffer.from([1, 2, 3])) => record(TOPICS.raw, body, headers);

describe('a batch serves others than the tenant telltale', () => {
  it.each([
    ['no record', [], false],
    ['own bodies', [raw({ 'tt-tenant': 'telltale' })], false],
    ['a body of another among own ones', [raw({ 'tt-tenant': 'telltale' }), raw({ 'tt-tenant': 'acme' })], true],
    [
      'a body whose encrypted bytes look like another tenant',
      [raw({ 'tt-tenant': 'telltale' }, Buffer.from('"tenant":"acme"'))],
      false,
    ],
    ['a plain body without a tenant, whatever it says', [raw({}, Buffer.from('[{"tenant":"telltale"}]'))], true],
    ['spans of a Collector', [record(TOPICS.otlpSpans, Buffer.from([1]))], true],
    ['own events', [event('telltale'), event('telltale')], false],
    ['an event of another', [event('telltale'), event('acme')], true],
    ['a tenant whose name begins as ours', [event('telltale-2')], true],
    ['a tenant whose name is the beginning of ours', [event('tell')], true],
    ['an own event with a text that looks like another', [event('telltale', { body: '{"tenant":"acme"}' })], false],
    ['an event of another that claims to be ours in an attribute', [event('acme', { attributes: { tenant: 'telltale' } })], true],
    ['own measures', [measures('telltale', 'telltale')], false],
    ['measures of several', [measures('telltale', 'acme')], true],
    ['deleted keys', [record(TOPICS.settings, null)], false],
    ['a record that is cut off', [record(TOPICS.events, Buffer.from('{"tenant":"tell'))], true],
  ])('with %s: %#', (_what, records, expected) => expect(servesOthers(records, 'telltale')).toBe(expected));
});
