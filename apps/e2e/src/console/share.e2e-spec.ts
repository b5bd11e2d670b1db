import { MINUTE_MS } from '@telltale/kernel';
import { type Browser, type BrowserContext, type Page } from 'playwright-core';
import { turnEvents } from '../answers/turns';
import { createRandom } from '@telltale/simulator';
import { type Scenario, startScenario } from '../harness/scenario';
import { openBrowser } from '@telltale/testkit/browser';
import { barriersOn } from './browser';
import { describeInBrowser, enterKey, fits, shoot } from './pages';

jest.setTimeout(240_000);
/** Said in the one tenant alone. */
const SECRET = 'is it quiet by the river';
const TURN = 'turn-of-default';
const CSRF = { 'x-telltale-csrf': '1' };

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly parameters: readonly { readonly name: string; readonly in: string; readonly required: boolean; readonly example?: unknown }[] }>>>>;
} // prettier-ignore
interface Asked {
  readonly method: string;
  readonly path: string;
}

describeInBrowser('a shared view (left out where this machine has no Chromium)', () => {
  let scenario: Scenario;
  let browser: Browser;
  let page: Page;
  let guest: BrowserContext;
  let seen: Page;
  let link = '';
  let otherKey = '';
  let operations: readonly Asked[];
  const errors: string[] = [];
  const requests: string[] = [];

  beforeAll(async () => {
    scenario = await startScenario('share');
    const at = Date.now() - 2 * MINUTE_MS;
    const turn = { id: TURN, session: 'session-of-default', user: 'u1', service: 'birds', version: '1', region: 'eu', prompt: ['p', '1'] as [string, string], at, asked: SECRET, answer: SECRET, status: 'ok' as const }; // prettier-ignore
    await scenario.send(turnEvents(turn, [{ tool: 'look', ms: 40, arguments: { SECRET } }], createRandom(3)));
    otherKey = scenario.telltale<{ key: string }>('settings', 'set', 'api_key', 'boss', '--tenant', 'other', 'scopes=read,control,admin').key; // prettier-ignore
    const { paths } = (await (await fetch(`${scenario.url}/api/openapi.json`)).json()) as Document;
    operations = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { parameters }]) => {
        const filled = path.replace(/\{\w+\}/g, TURN);
        const needed = parameters.filter((one) => one.in === 'query' && one.required && one.example !== undefined);
        const query = new URLSearchParams(needed.map((one): [string, string] => [one.name, String(one.example)])).toString();
        return { method: method.toUpperCase(), path: query === '' ? filled : `${filled}?${query}` };
      }),
    );
    browser = await openBrowser();
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    guest = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    seen = await guest.newPage();
    for (const one of [page, seen]) one.on('pageerror', (error) => errors.push(String(error)));
    seen.on('request', (request) => requests.push(`${request.url()} ${request.headers()['referer'] ?? ''}`));
  });
  afterAll(async () => {
    await browser.close();
    await scenario.stop();
  });
  async function signIn(on: Page, key: string): Promise<void> {
    await on.goto(scenario.url);
    await enterKey(on, key);
  }
  const call = (headers: Record<string, string>, { method, path }: Asked) =>
    fetch(scenario.url + path, { method, headers: { ...CSRF, ...headers, ...(method === 'POST' ? { 'content-type': 'application/json' } : {}) }, ...(method === 'POST' ? { body: '{}' } : {}) }); // prettier-ignore
  const cookieOf = async (context: BrowserContext): Promise<string> =>
    (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');

  it('is made on the page that it shows, by keys alone, and says what it gives and until when', async () => {
    await signIn(page, scenario.apiKey);
    await page.goto(`${scenario.url}/settings?tab=privacy`);
    await page.getByRole('button', { name: 'Share' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Share this page' }).waitFor();
    await page.getByLabel('For').selectOption('1');
    await page.getByRole('button', { name: 'Make a link' }).focus();
    await page.keyboard.press('Enter');
    link = await page.getByLabel('Link').inputValue();
    expect(link).toMatch(new RegExp(`^${scenario.url}/#share=tt1\\.[\\w-]+\\.[\\w-]+$`));
    expect(await page.getByRole('dialog').textContent()).toMatch(
      /all that can be read of tenant default.*when the API key embedded is deleted/s,
    );
    expect(await barriersOn(page)).toEqual([]);
    await shoot(page, 'share-dialog');
  });

  it('opens without a key on its page, says that it is read-only and until when, and leaves the ticket nowhere', async () => {
    await seen.goto(link);
    await seen.getByRole('row', { name: /E-mail addresses/ }).waitFor();
    expect(seen.url()).toBe(`${scenario.url}/settings?tab=privacy`);
    expect(await seen.getByRole('status').filter({ hasText: 'read-only until' }).textContent()).toContain('tenant default');
    const ticket = link.split('=')[1] ?? '';
    expect(requests.filter((one) => one.includes(ticket))).toEqual([]);
    expect(await seen.content()).not.toContain(ticket);
    expect(await seen.evaluate('JSON.stringify([localStorage, sessionStorage, document.cookie, history.state, document.referrer])')).not.toContain('tt1'); // prettier-ignore
    expect(await guest.cookies()).toMatchObject([{ name: 'telltale_session', httpOnly: true, sameSite: 'Strict' }]);
    expect(await barriersOn(seen)).toEqual([]);
    await shoot(seen, 'share-opened');
  });

  it('disables what would change something, with the reason, and makes no other links', async () => {
    expect(await seen.getByRole('button', { name: 'Show what is stored' }).getAttribute('title')).toContain('shared link');
    const share = seen.getByRole('button', { name: 'Share' });
    expect([await share.isDisabled(), await share.getAttribute('title')]).toEqual([true, expect.stringContaining('shared link')]);
    await seen.goto(`${scenario.url}/settings`);
    await seen.getByText('You see this by a shared link, which is read-only').waitFor();
    expect(await seen.getByRole('button', { name: 'New key' }).count()).toBe(0);
  });

  it('shows the rows of a dashboard, for which it needs no statement of its own', async () => {
    await seen.goto(`${scenario.url}/dashboards`);
    const panel = seen.locator('[data-panel="turns"]');
    await panel.locator('.chart canvas').waitFor();
    expect(await panel.getByRole('alert').count()).toBe(0);
    await shoot(seen, 'share-dashboard');
  });

  it('lets into no other method and no other scope: every operation of the API', async () => {
    const cookie = await cookieOf(guest);
    const changes = operations.filter(({ method }) => method !== 'GET');
    expect(changes.length).toBeGreaterThan(20);
    for (const one of changes) expect([one.method, one.path, (await call({ cookie }, one)).status]).toEqual([one.method, one.path, 403]);
    expect((await call({ cookie }, { method: 'GET', path: '/api/turns' })).status).toBe(200);
    for (const path of ['/api/settings', '/api/settings/history', '/api/settings/types', '/api/topics', '/api/export?what=events', '/api/stored/events', '/api/pseudonyms?subject=x', '/api/dlq', '/mcp'])
      expect([path, (await call({ cookie }, { method: 'GET', path })).status]).toEqual([path, 403]);
  }); // prettier-ignore

  it('shows a tenant nothing of another: all pages, and every question of the API, by whatever address', async () => {
    const other = await browser.newContext();
    const on = await other.newPage();
    await signIn(on, otherKey);
    const pages = ['/', '/incidents', '/turns', `/turns/${TURN}`, '/sessions', '/sessions/session-of-default', '/explore', '/flows', '/costs', '/detection', '/verbosity', '/dashboards', '/tail', '/settings?tab=history', '/turns?service=birds', '/turns?tenant=default']; // prettier-ignore
    for (const path of pages) {
      await on.goto(scenario.url + path, { waitUntil: 'load' });
      await on.getByRole('main').waitFor();
      await on.locator('.skeleton').first().waitFor({ state: 'detached' });
      expect([path, await on.getByRole('main').textContent()]).toEqual([path, expect.not.stringContaining('river')]);
    }
    const cookie = await cookieOf(other);
    const asked = operations.filter(({ method, path }) => method === 'GET' && !path.startsWith('/api/tail'));
    for (const one of asked) {
      const answer = await call({ cookie }, one);
      expect([one.path, answer.status < 500, await answer.text()]).toEqual([one.path, true, expect.not.stringMatching(/river|session-of-default/)]); // prettier-ignore
    }
    for (const path of [
      '/api/turns?tenant=default',
      '/api/settings?of_tenant=default',
      '/api/settings/tenant/default?of_tenant=default',
    ])
      expect([path, [400, 403].includes((await call({ cookie }, { method: 'GET', path })).status)]).toEqual([path, true]);
    // So that the above can fail.
    const own = await call({ authorization: `Bearer ${scenario.apiKey}` }, { method: 'GET', path: `/api/turns/${TURN}` });
    expect(await own.text()).toContain('by the river');
    await other.close();
  });

  it('asks before it takes the place of a session of another tenant, and leaves it where it is not wanted', async () => {
    const other = await browser.newContext();
    const on = await other.newPage();
    await signIn(on, otherKey);
    await on.goto(link);
    await on.getByRole('heading', { name: 'This link is of another tenant' }).waitFor();
    expect(await on.getByRole('main').textContent()).toMatch(/This browser is signed in to the tenant other with the key boss, and the link is of the tenant default/); // prettier-ignore
    expect(await barriersOn(on)).toEqual([]);
    await shoot(on, 'share-asks');
    await on.getByRole('button', { name: 'Stay signed in' }).click();
    await on.getByText('Tenant other').waitFor();
    // The same, put into the address of a page that is open.
    await on.evaluate(`location.hash = ${JSON.stringify(new URL(link).hash)}`);
    await on.getByRole('button', { name: 'Sign out and open it' }).click();
    await on.getByRole('status').filter({ hasText: 'You see tenant default read-only' }).waitFor();
    await on.getByRole('button', { name: 'Leave' }).click();
    await on.getByLabel('API key').waitFor();
    await other.close();
  });

  it('leaves the own session of the tenant as it is', async () => {
    await page.goto('about:blank');
    await page.goto(link);
    await page.waitForURL(/settings\?tab=privacy/);
    await page.getByRole('button', { name: 'Sign out' }).waitFor();
    expect(await page.getByText('read-only until').count()).toBe(0);
  });

  it('works in the dark, on a phone', async () => {
    await seen.setViewportSize({ width: 390, height: 800 });
    await seen.emulateMedia({ colorScheme: 'dark' });
    await seen.goto(`${scenario.url}/settings?tab=privacy`);
    await seen.getByRole('row', { name: /E-mail addresses/ }).waitFor();
    expect(await fits(seen)).toBe(true);
    expect(await barriersOn(seen)).toEqual([]);
    await shoot(seen, 'share-dark-phone');
  });

  it('ends with the key that it was made with, in browsers that have it open, too', async () => {
    const { key } = scenario.telltale<{ key: string }>('settings', 'set', 'api_key', 'sharer', 'scopes=read');
    const answer = await fetch(`${scenario.url}/api/share`, { method: 'POST', headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' }, body: '{"path":"/turns","hours":1}' }); // prettier-ignore
    const { link: made, expires_at: until } = (await answer.json()) as { link: string; expires_at: string };
    const context = await browser.newContext();
    const on = await context.newPage();
    await on.goto(scenario.url + made);
    await on.getByRole('status').filter({ hasText: 'read-only until' }).waitFor();
    const { expires } = (await context.cookies())[0] ?? { expires: 0 };
    expect(expires * 1_000).toBeLessThanOrEqual(Date.parse(until) + MINUTE_MS);
    const cookie = await cookieOf(context);
    const tail = await call({ cookie }, { method: 'GET', path: '/api/tail' });
    expect(tail.status).toBe(200);
    scenario.telltale('settings', 'delete', 'api_key', 'sharer');
    // It ends by itself, or this does not.
    expect(await tail.text()).toContain(': following');
    expect((await call({ cookie }, { method: 'GET', path: '/api/turns' })).status).toBe(401);
    await on.reload();
    await on.getByLabel('API key').waitFor();
    await on.goto('about:blank');
    await on.goto(scenario.url + made);
    await on.getByRole('heading', { name: 'This link does not open' }).waitFor();
    expect(await barriersOn(on)).toEqual([]);
    await on.getByRole('button', { name: 'Go on without it' }).click();
    await on.getByLabel('API key').waitFor();
    await context.close();
  });

  it('names no error in all of this', () => expect(errors).toEqual([]));
});
