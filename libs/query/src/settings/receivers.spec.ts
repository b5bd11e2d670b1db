import { API_KEY_SCOPES, type ApiKeyScope, HIDDEN, type SettingRecord } from '@telltale/contracts';
import { type Clock } from '@telltale/kernel';
import { createSettings } from '@telltale/settings';
import { newTestSecrets, newTestSettings } from '@telltale/settings/testing';
import { type OutputRecord } from '@telltale/streaming';
import { type AskContext, type Definition } from '../define/definition';
import { getSetting, listSettings, putSetting } from './settings';
import { noReplay } from '../detection/backtest/no-replay.fixture';

const NOW = Date.parse('2026-11-28T12:00:00Z');
const OF_A_TENANT = API_KEY_SCOPES.filter((scope) => scope !== 'operator');
const SECRET = 'a-secret-of-two-dozen-chars';
const HOOK = { type: 'webhook', url: 'https://example.com/hook/T0', secret: SECRET };
const MAIL = { type: 'email', host: 'mail.example.com', from: 'a@example.com', to: ['b@example.com'], username: 'ada', password: 'open sesame' }; // prettier-ignore

function newTestDesk(scopes: readonly ApiKeyScope[] = OF_A_TENANT) {
  const produced: OutputRecord[] = [];
  const clock: Clock = { now: () => NOW, monotonic: () => 0, sleep: () => Promise.resolve() };
  const broker = {
    describe: (names: readonly string[]) => Promise.resolve(names.map((name) => ({ name, partitions: [{ partition: 0, start: 0, end: 0 }] }))),
    produce: (records: readonly OutputRecord[]) => Promise.resolve(void produced.push(...records)),
    newest: () => Promise.resolve([]),
    groupOffsets: () => Promise.resolve(new Map()),
  }; // prettier-ignore
  const context = {
    tenant: 'acme',
    grant: { name: 'ops', scopes },
    broker,
    clock,
    settings: createSettings(newTestSettings(), broker, clock, newTestSecrets()),
    rows: { query: () => Promise.reject(new Error('not part of this test')) },
    priceOf: () => null,
    replay: noReplay,
    reprice: () => Promise.reject(new Error('not part of this test')),
  } satisfies AskContext;
  const asked: AskContext & { grant: { scopes: readonly ApiKeyScope[] } } = context;
  const ask = async (definition: Definition, given: Record<string, unknown>, as: readonly ApiKeyScope[] = scopes) =>
    (await definition.ask?.(given, { ...asked, grant: { name: 'ops', scopes: as } })) as Record<string, unknown>;
  const put = (value: object, as?: readonly ApiKeyScope[]) => ask(putSetting, { type: 'receiver', name: 'ops', value }, as);
  const stored = () => (JSON.parse(String(produced.at(-1)?.value)) as SettingRecord).value as unknown as Record<string, string>;
  return { ask, put, stored, produced };
}

describe('a receiver that is set', () => {
  it('has its secrets sealed, each for its own place, and shows nothing of them', async () => {
    const { ask, put, stored, produced } = newTestDesk();
    expect(await put(HOOK)).toMatchObject({ value: { type: 'webhook', url: HIDDEN, secret: HIDDEN, min_severity: 'info' } });
    expect(newTestSecrets().open('receiver/acme/ops/secret', stored()['secret'] ?? '')).toBe(SECRET);
    expect(newTestSecrets().open('receiver/acme/ops/url', stored()['url'] ?? '')).toBe(HOOK.url);
    const all = JSON.stringify([produced.map(({ value }) => String(value)), await ask(getSetting, { type: 'receiver', name: 'ops' }), await ask(listSettings, {})]); // prettier-ignore
    expect(all).not.toContain(SECRET);
    expect(all).not.toContain('/hook/T0');
  });

  it('keeps secrets that come back as they are shown', async () => {
    const { put, stored } = newTestDesk();
    await put(HOOK);
    const before = stored();
    await put({ ...HOOK, url: HIDDEN, secret: HIDDEN, min_severity: 'critical' });
    expect(stored()).toEqual({ ...before, min_severity: 'critical' });
  });

  it.each([
    ['another address', HOOK, { ...HOOK, url: 'https://evil.example.com/', secret: HIDDEN }, 'value.secret'],
    ['another host', MAIL, { ...MAIL, host: 'evil.example.com', password: HIDDEN }, 'value.password'],
    ['another port', MAIL, { ...MAIL, port: 2525, password: HIDDEN }, 'value.password'],
    ['no TLS', MAIL, { ...MAIL, tls: 'none', password: HIDDEN }, 'value.password'],
  ])('sends no secret that was given before to %s', async (_what, before, after, parameter) => {
    const { put, produced } = newTestDesk();
    await put(before);
    await expect(put(after)).rejects.toMatchObject({ code: 'invalid', parameter, message: expect.stringContaining('at another place') as string }); // prettier-ignore
    expect(produced).toHaveLength(1);
  });

  it.each(['env:TELLTALE_RECEIVER_HOOK', 'file:hook'])('takes %s from operators alone, who see it again', async (secret) => {
    const { put } = newTestDesk(API_KEY_SCOPES);
    await expect(put({ ...HOOK, secret }, OF_A_TENANT)).rejects.toMatchObject({ code: 'forbidden', parameter: 'value.secret' });
    expect(await put({ ...HOOK, secret })).toMatchObject({ value: { secret, url: HIDDEN } });
    expect(await put({ ...HOOK, url: HIDDEN, secret }, OF_A_TENANT)).toMatchObject({ version: 2 });
    await expect(put({ ...HOOK, url: 'https://evil.example.com/', secret }, OF_A_TENANT)).rejects.toMatchObject({ parameter: 'value.secret' }); // prettier-ignore
  });

  it.each<[string, object, string, RegExp]>([
    ['an unknown type', { type: 'fax' }, 'value.type', /give one of webhook, slack, pagerduty, alertmanager, email/],
    ['nothing that its type needs', { type: 'pagerduty' }, 'value.routing_key', /is missing; a receiver of type pagerduty needs it/],
    ['a field of another type', { ...HOOK, host: 'example.com' }, 'value.host', /is no field of a receiver of type webhook/],
    ['an address that is none', { type: 'slack', url: 'hooks' }, 'value.url', /is no address/],
    ['a file', { type: 'slack', url: 'ftp://example.com' }, 'value.url', /is neither https nor http/],
    ['a password in its address', { type: 'slack', url: 'https://a:b@example.com/' }, 'value.url', /holds a user or password/],
    ['a short secret', { ...HOOK, secret: 'short' }, 'value.secret', /is shorter than 16 characters/],
    ['a variable of others', { ...HOOK, secret: 'env:TELLTALE_MASTER_KEY' }, 'value.secret', /names no variable for receivers/],
    ['a file elsewhere', { ...HOOK, secret: 'file:../../etc/passwd' }, 'value.secret', /names no file/],
    ['what looks sealed', { ...HOOK, secret: 'sealed.v1.AAAAAAAAAAAAAAAA' }, 'value.secret', /Telltale alone writes/],
    ['a hidden secret that is not there', { ...HOOK, secret: HIDDEN }, 'value.secret', /there is none yet/],
    ['a line break in a recipient', { ...MAIL, to: ['a@example.com\r\nBcc: c@example.com'] }, 'value.to.0', /is no address of e-mail/],
    ['two ways to say who asks', { type: 'alertmanager', url: 'https://a.example.com', username: 'a', password: 'b', bearer_token: 'c' }, 'value.bearer_token', /beside username/],
    ['an unknown matcher field', { ...HOOK, matchers: [{ field: 'region', value: 'eu' }] }, 'value.matchers.0.field', /is no field of a matcher; give one of service, kind, severity, model, tool, title/],
    ['an unknown comparison', { ...HOOK, matchers: [{ field: 'service', op: '=~', value: 'a' }] }, 'value.matchers.0.op', /give one of =, !=, in/],
    ['a list for =', { ...HOOK, matchers: [{ field: 'service', value: ['a'] }] }, 'value.matchers.0.value', /goes with op in/],
  ])('with %s is refused, and nothing is written', async (_what, value, parameter, message) => {
    const { put, produced } = newTestDesk(API_KEY_SCOPES);
    await expect(put(value)).rejects.toMatchObject({ code: expect.stringMatching(/invalid|forbidden/) as string, parameter, message: expect.stringMatching(message) as string });
    expect(produced).toEqual([]);
  }); // prettier-ignore
});

describe('a silence that is set', () => {
  const put = (value: object) =>
    newTestDesk().ask(putSetting, { type: 'silence', name: 'move', value: { reason: 'a', ...value } });
  const WINDOW = { days: ['sat'], from: '22:00', to: '06:00' };

  it.each<[string, object]>([
    ['in its old form', { service_name: 'shop', kind: 'cost', until: '2026-12-01T00:00:00Z' }],
    ['with matchers', { until: '2026-12-01', matchers: [{ field: 'tool', op: 'in', value: ['a', 'b'] }] }],
    ['week by week, without an end', { weekly: [{ ...WINDOW, time_zone: 'Europe/Berlin' }] }],
    ['week by week, for a year', { weekly: [WINDOW], until: '2027-11-28' }],
  ])('%s is taken', async (_what, value) => expect(await put(value)).toMatchObject({ version: 1 }));

  it.each<[string, object, string, RegExp]>([
    ['neither end nor windows', {}, 'value.until', /a silence with weekly windows needs none/],
    ['an end before its begin', { from: '2026-12-02', until: '2026-12-01' }, 'value.until', /lies not after from/],
    ['an end too far off', { until: '2027-01-30' }, 'value.until', /more than 30 days ahead/],
    ['an unknown field', { until: '2026-12-01', matchers: [{ field: 'servce', value: 'a' }] }, 'value.matchers.0.field', /give one of service, kind, severity, model, tool, title/],
    ['an unknown day', { weekly: [{ ...WINDOW, days: ['caturday'] }] }, 'value.weekly.0.days.0', /give one of sun, mon/],
    ['a time that is none', { weekly: [{ ...WINDOW, to: '25:00' }] }, 'value.weekly.0.to', /is no time of a day/],
    ['an unknown time zone', { weekly: [{ ...WINDOW, time_zone: 'Mars/Base' }] }, 'value.weekly.0.time_zone', /such as Europe\/Berlin/],
  ])('with %s is refused', async (_what, value, parameter, message) => {
    await expect(put(value)).rejects.toMatchObject({ code: 'invalid', parameter, message: expect.stringMatching(message) as string });
  }); // prettier-ignore
});
