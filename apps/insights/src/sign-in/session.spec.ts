import { API_KEY_SCOPES } from '@telltale/contracts';
import { issueTicket, keyIdentityOf } from '@telltale/auth';
import { AUTH, KEY, keyWithout, newTestInsights, NOW } from '../insights.fixture';

type Insights = Awaited<ReturnType<typeof newTestInsights>>;
const CSRF = { 'x-telltale-csrf': '1' };
const cookieOf = (answer: Awaited<ReturnType<Insights['call']>>): string => String(answer.headers['set-cookie']);
const sent = (cookie: string): string => cookie.split(';')[0] ?? '';

describe('a browser', () => {
  let insights: Insights;
  beforeAll(async () => {
    insights = await newTestInsights();
  });
  afterAll(() => insights.app.close());
  const signIn = (key = KEY, headers: Record<string, string> = CSRF) => insights.call('POST', '/api/session', { api_key: key }, headers); // prettier-ignore

  it('signs in with an API key and gets a cookie that no script reads and no other site sends', async () => {
    const answer = await signIn();
    expect(answer.status).toBe(200);
    expect(answer.json()).toMatchObject({ tenant: 'default', expires_at: '2026-11-24T00:00:00.000Z' });
    expect(cookieOf(answer)).toMatch(/^telltale_session=tt1\.[^;]+; Path=\/; Max-Age=43200; HttpOnly; SameSite=Strict$/);
    expect(cookieOf(answer)).not.toContain(KEY);
  });

  it('is sent a secure cookie where it came by HTTPS', async () => {
    expect(cookieOf(await signIn(KEY, { ...CSRF, 'x-forwarded-proto': 'https' }))).toMatch(/; Secure$/);
  });

  it('signs in with a link, once, and with no more than it says', async () => {
    const link = issueTicket(keyIdentityOf(KEY), { use: 'link', id: 'ab'.repeat(16), expires: NOW + 1, scopes: ['read'] });
    const first = await insights.call('POST', '/api/session', { link }, CSRF);
    expect(first.json()).toMatchObject({ tenant: 'default', scopes: ['read'] });
    const second = await insights.call('POST', '/api/session', { link }, CSRF);
    expect([second.status, second.text]).toEqual([401, expect.stringContaining('used already') as string]);
  });

  it.each([
    ['over', { expires: NOW }],
    ['a session', { use: 'session' as const }],
  ])('does not sign in with a link that is %s', async (_, more) => {
    const link = issueTicket(keyIdentityOf(KEY), {
      use: 'link',
      id: 'cd'.repeat(16),
      expires: NOW + 1,
      scopes: API_KEY_SCOPES,
      ...more,
    });
    expect((await insights.call('POST', '/api/session', { link }, CSRF)).status).toBe(401);
  });

  it('asks with it as with its key', async () => {
    const cookie = sent(cookieOf(await signIn()));
    expect((await insights.call('GET', '/api/fields', undefined, { cookie })).status).toBe(200);
    expect((await insights.call('GET', '/api/session', undefined, { cookie })).json()).toMatchObject({ tenant: 'default' });
  });

  it('has the scopes of its key and no more', async () => {
    const cookie = sent(cookieOf(await signIn(keyWithout('read'))));
    const answer = await insights.call('GET', '/api/turns', undefined, { cookie });
    expect([answer.status, answer.text]).toEqual([403, expect.stringContaining('lacks the scope read') as string]);
  });

  it.each([
    ['no key', undefined, CSRF, 400],
    ['an unknown key', { api_key: 'tt_other' }, CSRF, 401],
    ['more than a key', { api_key: KEY, scopes: ['operator'] }, CSRF, 400],
    ['a link that is none', { link: 'tt1.e30.x' }, CSRF, 401],
    ['no header against forgery', { api_key: KEY }, {}, 403],
    ['the page of another origin', { api_key: KEY }, { ...CSRF, origin: 'https://evil.test', host: 'telltale.test' }, 403],
  ])('does not sign in with %s', async (_, body, headers, status) => {
    expect((await insights.call('POST', '/api/session', body, headers as Record<string, string>)).status).toBe(status);
  });

  it('changes nothing by cookie alone: neither without the header, nor from a page of another origin', async () => {
    const cookie = sent(cookieOf(await signIn()));
    const change = (headers: Record<string, string>) => insights.call('POST', '/api/query', { sql: 'SELECT 1' }, headers);
    expect((await change({ cookie })).status).toBe(403);
    expect((await change({ cookie, ...CSRF, origin: 'null' })).status).toBe(403);
    expect((await change({ cookie, ...CSRF, origin: 'http://evil.test', host: 'telltale.test' })).status).toBe(403);
    expect((await change({ cookie, ...CSRF, origin: 'http://telltale.test', host: 'telltale.test' })).status).not.toBe(403);
  });

  it('signs out', async () => {
    const answer = await insights.call('DELETE', '/api/session', undefined, CSRF);
    expect([answer.status, cookieOf(answer)]).toEqual([204, expect.stringMatching(/^telltale_session=; .*Max-Age=0/) as string]);
  });

  it('is not let in by a false cookie, and a key beside it counts', async () => {
    const cookie = 'telltale_session=tt1.e30.x';
    expect((await insights.call('GET', '/api/fields', undefined, { cookie })).status).toBe(401);
    expect((await insights.call('GET', '/api/session', undefined, { cookie })).status).toBe(401);
    expect((await insights.call('GET', '/api/fields', undefined, { ...AUTH, cookie })).status).toBe(200);
  });
});
