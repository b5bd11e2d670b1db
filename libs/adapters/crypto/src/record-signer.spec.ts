import { type LogRecord, type PlacedRecord } from '@telltale/streaming';
import { createRecordSigner } from './record-signer';

const asRead = ({ topic, partition, key, value, headers }: PlacedRecord): LogRecord => ({
  topic,
  partition,
  key,
  value: value === null ? null : Buffer.from(value),
  headers: headers ?? {},
  offset: 0,
  timestampMs: 0,
});

describe('a signed record', () => {
  const sut = createRecordSigner(Buffer.alloc(32, 1));
  const record: PlacedRecord = { topic: 'control', partition: 3, key: 'acme/a', value: '{"level":"full"}' };

  it.each<[string, PlacedRecord]>([
    ['a value', record],
    ['a tombstone', { ...record, value: null }],
  ])('is known again, with %s', (_, written) => {
    expect(sut.isSigned(asRead(sut.sign(written)))).toBe(true);
    expect(sut.sign(written)).toEqual(sut.sign(written));
  });

  it.each<[string, Partial<PlacedRecord>]>([
    ['another partition', { partition: 2 }],
    ['another topic', { topic: 'commands' }],
    ['another key', { key: 'acme/b' }],
    ['another value', { value: '{"level":"debug"}' }],
    ['no value', { value: null }],
    ['bytes moved from key to value', { key: 'acme/', value: 'a{"level":"full"}' }],
  ])('is not known with %s, without a proof, or by another master key', (_, change) => {
    const { headers } = sut.sign(record);
    expect(sut.isSigned(asRead({ ...record, ...change, ...(headers ? { headers } : {}) }))).toBe(false);
    expect(sut.isSigned(asRead(record))).toBe(false);
    expect(createRecordSigner(Buffer.alloc(32, 2)).isSigned(asRead(sut.sign(record)))).toBe(false);
  });

  it('is known by who has its master key among others, who signs with their own', () => {
    const rotated = createRecordSigner(Buffer.alloc(32, 2), [Buffer.alloc(32, 1)]);
    expect(rotated.isSigned(asRead(sut.sign(record)))).toBe(true);
    expect(sut.isSigned(asRead(rotated.sign(record)))).toBe(false);
    expect(createRecordSigner(Buffer.alloc(32, 2)).isSigned(asRead(rotated.sign(record)))).toBe(true);
  });
});
