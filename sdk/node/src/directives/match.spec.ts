import { createHash } from 'node:crypto';
import { type Target } from './directive';
import { traceHash } from './hashes';
import { createSubject, isMatch, isPlace, NO_OPERATION, type Matched } from './match';

const place = { service: 'shop', environment: 'prod', serviceVersion: '' };
const record = (fields: Partial<Matched> = {}): Matched => ({ isLog: false, logger: '', operation: NO_OPERATION, subject: createSubject('abc', 's1', 'mia'), ...fields }); // prettier-ignore
const target = (fields: Partial<Target>): Target => ({ hasUnknownField: false, ...fields });
const sha = (text: string): string => createHash('sha256').update(text).digest('hex');
const operation = { kind: 'tool', name: 'search', toolName: 'search', model: 'gpt-5' };

describe('a target', () => {
  it.each([
    ['everything', {}, record(), true],
    ['a kind', { kind: 'tool' }, record({ operation }), true],
    ['another kind', { kind: 'llm' }, record({ operation }), false],
    ['the tool that a line is written in', { tool_name: 'search' }, record({ isLog: true, operation }), true],
    ['a field that a record does not have', { model: 'gpt-5' }, record(), false],
    ['all fields', { kind: 'tool', model: 'gpt-5', session_id: 's1' }, record({ operation }), true],
    ['all fields but one', { kind: 'tool', model: 'gpt-5', session_id: 's2' }, record({ operation }), false],
    ['a line', { kind: 'log' }, record({ isLog: true }), true],
    ['a logger', { logger: 'shop.db' }, record({ isLog: true, logger: 'shop.db' }), true],
    ['a logger below it', { logger: 'shop.db' }, record({ isLog: true, logger: 'shop.db.pool' }), true],
    ['a logger that begins alike', { logger: 'shop.db' }, record({ isLog: true, logger: 'shop.dbase' }), false],
    ['a logger, of a record that has none', { logger: 'shop' }, record(), false],
    ['a user', { user: { salt: 'é', sha256: sha('émia') } }, record(), true],
    ['another user', { user: { salt: 'é', sha256: sha('éleo') } }, record(), false],
    [
      'a user, of a record that has none',
      { user: { salt: '', sha256: sha('') } },
      record({ subject: createSubject('', '', '') }),
      false,
    ],
    ['traces of a range', { trace_hash: { from: 0.7, to: 0.75 } }, record(), true],
    ['traces up to its own', { trace_hash: { from: 0, to: traceHash('abc') } }, record(), false],
    ['traces from its own', { trace_hash: { from: traceHash('abc'), to: 1 } }, record(), true],
  ] as const)('is %s', (_, fields, of, expected) => {
    expect(isMatch(target(fields), of)).toBe(expected);
  });

  it.each([
    [{ service_name: 'shop', deployment_environment: 'prod' }, true],
    [{ service_name: 'other' }, false],
    [{ service_version: '1' }, false],
    [{ hasUnknownField: true }, false],
  ])('%j is of this process: %s', (fields, expected) => {
    expect(isPlace(target(fields), place)).toBe(expected);
  });
});

describe('the hash of a trace', () => {
  // SHA-256 of `abc` begins with ba7816bf8f01cf.
  it.each([
    ['abc', 0xba7816bf8f01cf / 2 ** 56],
    ['ABC', 0xba7816bf8f01cf / 2 ** 56],
  ])('of %s is its first seven bytes as a share', (id, expected) => {
    expect(traceHash(id)).toBe(expected);
  });

  it('spreads traces evenly', () => {
    const below = Array.from({ length: 4_000 }, (_, n) => traceHash(`trace ${n}`)).filter((hash) => hash < 0.25).length;
    expect(Math.abs(below / 4_000 - 0.25)).toBeLessThan(0.03);
  });
});
