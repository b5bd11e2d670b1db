import { z } from 'zod';
import { newTestRecord } from '../testing/task.fixture';
import { readOrReject, readRecord, reject } from './read-record';

const schema = z.object({ tenant: z.string(), at: z.object({ line: z.number() }) });
const good = { tenant: 'acme', at: { line: 3 } };
const read = (value: unknown, key: string | null = 'beta/1') => readRecord(newTestRecord('t', value, key), schema, 'read_it');

describe('reading a record', () => {
  it('answers its value, and nothing for a tombstone', () => {
    expect(read(good)).toEqual({ kind: 'ok', value: good });
    expect(read(null)).toEqual({ kind: 'none' });
  });

  it.each([
    ['no JSON', '{"tenant":', 'undecodable', 'breaks at position 10', 'beta'],
    ['nested too deep', '['.repeat(65) + ']'.repeat(65), 'undecodable', 'nests deeper than 64 levels', 'beta'],
    ['of another shape', { tenant: 'acme', at: { line: 'x' } }, 'invalid_field', 'at.line: ', 'acme'],
    ['no record', 'null', 'invalid_field', '(record): ', 'beta'],
  ])('rejects what is %s, and says where', (_, value, reason, error, tenant) => {
    expect(read(value)).toEqual({
      kind: 'rejected',
      rejection: { record: newTestRecord('t', value, 'beta/1'), reason, step: 'read_it', tenant, error: expect.stringContaining(error) as string },
    });
  }); // prettier-ignore

  it('allows 64 levels', () => {
    const deep = newTestRecord('t', '['.repeat(64) + ']'.repeat(64));
    expect(readRecord(deep, z.array(z.unknown()), 'read_it').kind).toBe('ok');
  });

  it('rejects into the effects, or answers the value', () => {
    const rejected: string[] = [];
    const effects = { reject: ({ reason }: { reason: string }) => void rejected.push(reason) };
    const answers = [good, null, '{'].map((value) => readOrReject(newTestRecord('t', value), schema, 'read_it', effects));
    expect([answers, rejected]).toEqual([[good, null, null], ['undecodable']]);
  });
});

describe('the tenant of a rejected record', () => {
  it.each([
    ['the one that was read', 'acme', 'beta/1', 'acme'],
    ['that of its key where the one read is no name', 'no name!', 'beta/1', 'beta'],
    ['that of its key where none was read', undefined, 'beta', 'beta'],
    ['the default where the key is no name either', 7, 'no name!', 'default'],
    ['the default without a key', undefined, null, 'default'],
  ])('is %s', (_, found, key, tenant) => {
    expect(reject(newTestRecord('t', '', key), 'undecodable', 's', 'e', found).tenant).toBe(tenant);
  });
});
