import { issueTicket, keyIdentityOf } from '@telltale/auth';
import { API_KEY_SCOPES } from '@telltale/contracts';
import { COMMANDS, type Definition, isOfPages, QUERIES } from '@telltale/query';
import { AUTH, KEY, keyWithout, newTestInsights, NOW, OTHER_KEY } from '../insights.fixture';

type Insights = Awaited<ReturnType<typeof newTestInsights>>;
const CSRF = { 'x-telltale-csrf': '1' };
const HOUR = 3_600_000;
const pathOf = ({ path }: Definition): string => path.replace(/\{\w+\}/g, 'x1');
const cookieOf = (answer: Awaited<ReturnType<Insights['call']>>): string => String(answer.headers['set-cookie']);
const sent = (cookie: string): string => cookie.split(';')[0] ?? '';

describe('a shared view', () => {
  let insights: Insights;
  beforeAll(async () => {
    insights = await newTestInsights();
  });
  afterAll(() => insights.app.close());

  const share = (body: object = { path: '/turns/t1?tab=tree' }, headers: Record<string, string> = AUTH) => insights.call('POST', '/api/share', body, headers); // prettier-ignore
  async function ticketOf(body?: object, headers?: Record<string, string>): Promise<string> {
    return String((await share(body, headers)).json()['link']).replace('/#share=', '');
  }
  const open = (ticket: string, cookie = '', more: object = {}) => insights.call('POST', '/api/session', { share: ticket, ...more }, { ...CSRF, cookie }); // prettier-ignore
  const signIn = async (key = KEY) => sent(cookieOf(await insights.call('POST', '/api/session', { api_key: key }, CSRF)));
  const opened = async (ticket?: string) => sent(cookieOf(await open(ticket ?? (await ticketOf()))));

  it('is made by whoever may read, for a day, and names its page in the ticket alone', async () => {
    const { status, json, headers } = await share();
    expect(status).toBe(200);
    expect(json()).toEqual({ link: expect.stringMatching(/^\/#share=tt1\.[\w-]+\.[\w-]+$/) as string, tenant: 'default', scopes: ['read'], expires_at: new Date(NOW + 24 * HOUR).toISOString() }); // prettier-ignore
    expect(headers['cache-control']).toBe('no-store');
    expect((await share({ path: '/', hours: 168 })).json()['expires_at']).toBe(new Date(NOW + 168 * HOUR).toISOString());
  });

  it('is made in a signed-in browser, too, and not without the header against forgery', async () => {
    const cookie = await signIn();
    expect((await share(undefined, { cookie, ...CSRF })).status).toBe(200);
    expect((await share(undefined, { cookie })).status).toBe(403);
  });

  it.each([
    ['another host', { path: '//evil.test/turns' }, 'path'],
    ['another host, as browsers read it', { path: '/\\evil.test' }, 'path'],
    ['a whole address', { path: 'https://evil.test/' }, 'path'],
    ['a script', { path: 'javascript:alert(1)' }, 'path'],
    ['a question', { path: '/api/export?what=events' }, 'path'],
    ['a part behind #', { path: '/turns#link=tt1.e30.x' }, 'path'],
    ['a line break', { path: '/turns\n/x' }, 'path'],
    ['too long a path', { path: `/${'x'.repeat(2_000)}` }, 'path'],
    ['no page', {}, 'path'],
    ['more than a week', { path: '/', hours: 169 }, 'hours'],
    ['no time at all', { path: '/', hours: 0 }, 'hours'],
    ['scopes', { path: '/', scopes: ['admin'] }, 'scopes'],
    ['a tenant', { path: '/', tenant: 'other' }, 'tenant'],
  ])('is not made with %s', async (_what, body, parameter) => {
    const answer = await share(body);
    expect([answer.status, answer.json()['error']]).toEqual([400, expect.objectContaining({ parameter })]);
  });

  it('opens the longest page there is, in a cookie that browsers take', async () => {
    const path = `/explore?q=${'x'.repeat(1_988)}`;
    const answer = await open(await ticketOf({ path }));
    expect(answer.json()['path']).toBe(path);
    expect(cookieOf(answer).length).toBeLessThan(1_000);
  });

  it('opens read-only, as often as it is opened, until it expires', async () => {
    const ticket = await ticketOf({ path: '/turns/t1', hours: 1 });
    for (const answer of [await open(ticket), await open(ticket)]) {
      expect(answer.json()).toEqual({ tenant: 'default', name: 'tt_secret (shared)', scopes: ['read'], shared: true, path: '/turns/t1', expires_at: new Date(NOW + HOUR).toISOString() }); // prettier-ignore
      expect(cookieOf(answer)).toMatch(/^telltale_session=tt1\.[^;]+; Path=\/; Max-Age=3600; HttpOnly; SameSite=Strict$/);
    }
    const cookie = await opened(ticket);
    expect((await insights.call('GET', '/api/turns', undefined, { cookie })).status).toBe(200);
    expect((await insights.call('GET', '/api/session', undefined, { cookie })).json()).toMatchObject({ shared: true, scopes: ['read'] }); // prettier-ignore
  });

  it.each([
    ['over', { expires: NOW }],
    ['of another tenant', { tenant: 'other' }],
  ])('does not open when it is %s', async (_what, more) => {
    const said = { use: 'share', id: 'ab'.repeat(16), expires: NOW + 1, tenant: 'default', path: '/', scopes: ['read'], ...more } as const; // prettier-ignore
    const answer = await open(issueTicket(keyIdentityOf(KEY), said));
    expect([answer.status, answer.headers['set-cookie']]).toEqual([401, undefined]);
  });

  it('is no session and no one-time link, and neither of these is a share', async () => {
    const ticket = await ticketOf();
    expect((await insights.call('GET', '/api/turns', undefined, { cookie: `telltale_session=${ticket}` })).status).toBe(401);
    expect((await insights.call('POST', '/api/session', { link: ticket }, CSRF)).status).toBe(401);
    expect((await open((await opened(ticket)).replace('telltale_session=', ''))).status).toBe(401);
    expect((await open((await signIn()).replace('telltale_session=', ''))).status).toBe(401);
  });

  const ALL = [...QUERIES, ...COMMANDS];
  it.each(ALL.filter((one) => !isOfPages(one)).map((one) => [one.method, pathOf(one), one.name] as const))(
    'is not let into %s %s',
    async (method, url) => {
      const cookie = await opened();
      const before = [insights.produced.length, insights.queries.length];
      const answer = await insights.call(method, url, method === 'POST' ? {} : undefined, { cookie, ...CSRF });
      expect([answer.status, answer.json()['error']]).toEqual([403, expect.objectContaining({ message: expect.stringContaining('a shared link shows pages') as string })]); // prettier-ignore
      expect([insights.produced.length, insights.queries.length]).toEqual(before);
    },
  );

  it('shows what pages ask for: all that may be read by GET, but what no page shows', () => {
    expect(ALL.filter((one) => one.method === 'GET' && one.scope === 'read' && !isOfPages(one)).map(({ name }) => name).sort()).toEqual(
      ['exportRows', 'getDeadLetter', 'listDeadLetters', 'listPseudonyms', 'listStoredRows'],
    ); // prettier-ignore
    expect(ALL.filter((one) => isOfPages(one) && (one.method !== 'GET' || one.scope !== 'read' || one.kind !== 'query'))).toEqual(
      [],
    );
  });

  it.each(['POST', 'GET', 'DELETE'] as const)('is not let into %s /mcp', async (method) => {
    const cookie = await opened();
    expect((await insights.call(method, '/mcp', method === 'POST' ? {} : undefined, { cookie, ...CSRF })).status).toBe(403);
  });

  it('names no other tenant by parameter', async () => {
    const cookie = await opened();
    const answer = await insights.call('GET', '/api/turns?tenant=other', undefined, { cookie });
    expect([answer.status, answer.json()['error']]).toEqual([400, expect.objectContaining({ parameter: 'tenant' })]);
  });

  it('gives no more than its key has', async () => {
    const said = { use: 'shared', id: 'ab'.repeat(16), expires: NOW + 1, tenant: 'default', scopes: API_KEY_SCOPES } as const;
    const cookie = `telltale_session=${issueTicket(keyIdentityOf(keyWithout('read')), said)}`;
    const answer = await insights.call('GET', '/api/turns', undefined, { cookie });
    expect([answer.status, answer.text]).toEqual([403, expect.stringContaining('lacks the scope read') as string]);
  });

  it('leaves an own session of the tenant as it is, and goes to the page with it', async () => {
    const own = await signIn();
    const answer = await open(await ticketOf(), own);
    expect(answer.json()).toMatchObject({ shared: false, name: 'tt_secret', path: '/turns/t1?tab=tree' });
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  it('takes the place of a session of another tenant only where it is said to', async () => {
    const own = await signIn(OTHER_KEY);
    const refused = await open(await ticketOf(), own);
    expect([refused.status, refused.json()['error'], refused.headers['set-cookie']]).toEqual([400, expect.objectContaining({ parameter: 'replace', message: expect.stringMatching(/signed in to the tenant other .* of the tenant default/) as string }), undefined]); // prettier-ignore
    expect((await open(await ticketOf(), own, { replace: true })).json()).toMatchObject({ tenant: 'default', shared: true });
    const link = issueTicket(keyIdentityOf(KEY), { use: 'link', id: 'ef'.repeat(16), expires: NOW + 1, scopes: ['read'] });
    const signInByLink = (more: object) => insights.call('POST', '/api/session', { link, ...more }, { ...CSRF, cookie: own });
    expect((await signInByLink({})).status).toBe(400);
    expect((await signInByLink({ replace: true })).json()).toMatchObject({ tenant: 'default', shared: false });
  });

  it('is logged when it is made and when it is first opened, without what is chosen on the page', async () => {
    insights.logged.length = 0;
    const ticket = await ticketOf({ path: '/turns/mia-rossi?input=refund' });
    await open(ticket);
    await open(ticket);
    const made = {
      tenant: 'default',
      key: 'tt_secret',
      page: '/turns',
      share: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
    };
    expect(insights.logged).toEqual([
      ['view_shared', { ...made, until: new Date(NOW + 24 * HOUR).toISOString() }],
      ['shared_view_opened', made],
    ]);
    expect(JSON.stringify(insights.logged)).not.toMatch(/mia|refund|tt1\./);
  });

  it('has a rate of its own: whoever opens it takes nothing from the key', async () => {
    const limited = await newTestInsights({ requestsPerSecond: 1, bytesPerSecond: 0 });
    const link = String((await limited.call('POST', '/api/share', { path: '/' })).json()['link']).replace('/#share=', '');
    const cookie = sent(cookieOf(await limited.call('POST', '/api/session', { share: link }, CSRF)));
    const statuses = await Promise.all(Array.from({ length: 12 }, () => limited.call('GET', '/api/fields', undefined, { cookie }).then(({ status }) => status))); // prettier-ignore
    expect(statuses).toContain(429);
    expect((await limited.call('GET', '/api/fields')).status).toBe(200);
    await limited.app.close();
  });
});

describe('tries to sign in', () => {
  it('are refused from an address that failed ten times, before the key is looked at; sessions go on', async () => {
    const insights = await newTestInsights();
    const tryKey = (key: string) => insights.call('POST', '/api/session', { api_key: key }, CSRF);
    const cookie = sent(cookieOf(await tryKey(KEY)));
    for (let i = 0; i < 10; i++) expect((await tryKey(`tt_wrong_${i}`)).status).toBe(401);
    const refused = await tryKey(KEY);
    expect([refused.status, refused.headers['retry-after']]).toEqual([429, '6']);
    expect((await insights.call('GET', '/api/fields', undefined, { cookie })).status).toBe(200);
    insights.pass(6_000);
    expect((await tryKey(KEY)).status).toBe(200);
    await insights.app.close();
  });

  it('are bounded in size', async () => {
    const insights = await newTestInsights();
    expect((await insights.call('POST', '/api/session', { api_key: 'x'.repeat(20_000) }, CSRF)).status).toBe(413);
    await insights.app.close();
  });
});
