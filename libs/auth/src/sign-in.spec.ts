import { type ApiKeyScope, type SettingRecord } from '@telltale/contracts';
import { newTestSetting, newTestSettings } from '@telltale/settings/testing';
import fc from 'fast-check';
import { acceptTicket, createKeyStore, digestOf, issueTicket } from '.';

const NOW = Date.UTC(2026, 10, 29);
const ID = '0123456789abcdef';
const USES = ['link', 'session', 'share', 'shared'] as const;
const keySetting = (key: string, tenant: string, scopes: readonly ApiKeyScope[]): SettingRecord =>
  newTestSetting('api_key', tenant, { sha256: digestOf(key).toString('hex'), scopes: [...scopes] }, tenant);
const later = (setting: SettingRecord, value: unknown): SettingRecord => ({ ...setting, version: setting.version + 1, value }) as SettingRecord; // prettier-ignore

function setUp() {
  const setting = keySetting('a', 'acme', ['read', 'control']);
  const settings = newTestSettings(setting, keySetting('b', 'beta', ['read']));
  const keys = createKeyStore(settings);
  const ticketOf = (key: string, more: object = {}): string => {
    const known = keys.entryOf(key);
    if (!known) throw new Error('no such key');
    return issueTicket(known, { use: 'session', id: ID, expires: NOW + 1_000, scopes: known.grant.scopes, ...more });
  };
  const sharedOf = (key: string, more: object = {}): string => ticketOf(key, { use: 'shared', tenant: 'acme', ...more });
  return { setting, settings, keys, ticketOf, sharedOf };
}

describe('a ticket', () => {
  it('lets in whoever has the key, until it expires', () => {
    const { keys, ticketOf } = setUp();
    const ticket = ticketOf('a');
    expect(acceptTicket(keys, ticket, 'session', NOW)?.grant).toMatchObject({ tenant: 'acme', scopes: ['read', 'control'] });
    expect(acceptTicket(keys, ticket, 'session', NOW + 999)).not.toBeNull();
    expect(acceptTicket(keys, ticket, 'session', NOW + 1_000)).toBeNull();
  });

  it.each(USES)('that is a %s is good for that use only', (use) => {
    const { keys, ticketOf } = setUp();
    const more = { shared: { tenant: 'acme' }, share: { tenant: 'acme', path: '/turns' } };
    const ticket = ticketOf('a', { use, ...(use in more ? more[use as keyof typeof more] : {}) });
    expect(USES.filter((one) => acceptTicket(keys, ticket, one, NOW) !== null)).toEqual([use]);
  });

  it('for others stays with its tenant, and has a name that is not that of the key', () => {
    const { settings, keys, sharedOf } = setUp();
    const ticket = sharedOf('a', { scopes: ['read'] });
    expect(acceptTicket(keys, ticket, 'shared', NOW)?.grant).toEqual(expect.objectContaining({ tenant: 'acme', name: 'acme (shared)', scopes: ['read'] })); // prettier-ignore
    expect(acceptTicket(keys, sharedOf('a', { tenant: 'beta' }), 'shared', NOW)).toBeNull();
    // The same key, given to another tenant: its holder is in there now, those it was shared with are not.
    settings.put(later(keySetting('a', 'acme', ['read']), null));
    settings.put(keySetting('a', 'gamma', ['read']));
    expect(keys.find('a')).toMatchObject({ tenant: 'gamma' });
    expect(acceptTicket(keys, ticket, 'shared', NOW)).toBeNull();
  });

  it('for others has no scope that its key has not, or has lost since', () => {
    const { setting, settings, keys, sharedOf } = setUp();
    expect(acceptTicket(keys, sharedOf('a', { scopes: ['read', 'admin', 'read:metadata'] }), 'shared', NOW)?.grant.scopes).toEqual(['read']); // prettier-ignore
    settings.put(later(setting, { ...setting.value, scopes: ['read:metadata'] }));
    expect(acceptTicket(keys, sharedOf('a', { scopes: ['read'] }), 'shared', NOW)?.grant.scopes).toEqual([]);
  });

  it('has no more scopes than its key: neither when it is made, nor when the key has lost some since', () => {
    const { setting, settings, keys, ticketOf } = setUp();
    expect(acceptTicket(keys, ticketOf('a', { scopes: ['read', 'admin'] }), 'session', NOW)?.grant.scopes).toEqual(['read']);
    const ticket = ticketOf('a');
    settings.put(later(setting, { ...setting.value, scopes: ['read'] }));
    expect(acceptTicket(keys, ticket, 'session', NOW)?.grant.scopes).toEqual(['read']);
  });

  it.each([
    ['link', 60],
    ['session', 12 * 60],
    ['share', 7 * 24 * 60],
    ['shared', 7 * 24 * 60],
  ])('that is a %s and lasts for more than %d minutes is none of ours, whoever signed it', (use, minutes) => {
    const { keys, ticketOf } = setUp();
    const more = use.startsWith('share') ? { tenant: 'acme', ...(use === 'share' ? { path: '/' } : {}) } : {};
    const lasting = (ms: number) => acceptTicket(keys, ticketOf('a', { use, ...more, expires: NOW + ms }), use as 'link', NOW);
    expect(lasting(minutes * 60_000)).not.toBeNull();
    expect(lasting(minutes * 60_000 + 600_000)).toBeNull();
  });

  it('ends with its key', () => {
    const { setting, settings, keys, ticketOf } = setUp();
    const ticket = ticketOf('a');
    settings.put(later(setting, null));
    expect(acceptTicket(keys, ticket, 'session', NOW)).toBeNull();
  });

  it('does not name the digest of its key, which signs it', () => {
    const { ticketOf } = setUp();
    const [, body = ''] = ticketOf('a').split('.');
    const said = Buffer.from(body, 'base64url').toString();
    const digest = digestOf('a').toString('hex');
    expect(said).not.toContain(digest.slice(0, 16));
  });

  it('is refused after any change of one of its characters', () => {
    const { keys, ticketOf } = setUp();
    const ticket = ticketOf('a');
    fc.assert(
      fc.property(fc.nat(ticket.length - 1), fc.constantFrom(...'AZaz09-_.='), (at, char) => {
        const changed = `${ticket.slice(0, at)}${char}${ticket.slice(at + 1)}`;
        // The last character of base64 has bits that count for nothing.
        fc.pre(changed !== ticket && at < ticket.length - 1);
        expect(acceptTicket(keys, changed, 'session', NOW)).toBeNull();
      }),
    );
  });

  it('cannot be made for another key with the signature of one', () => {
    const { keys, ticketOf } = setUp();
    const [format, , signature] = ticketOf('a').split('.');
    const [, body] = ticketOf('b').split('.');
    expect(acceptTicket(keys, [format, body, signature].join('.'), 'session', NOW)).toBeNull();
  });

  it.each(['', 'tt1', 'tt1..', 'tt1.e30.', `tt1.${'A'.repeat(5_000)}.x`, 'tt2.e30.x', 'tt1.e30.x.y'])('is not %j', (text) =>
    expect(acceptTicket(setUp().keys, text, 'session', NOW)).toBeNull(),
  );
});
