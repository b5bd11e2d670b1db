import { type NativeEvent } from '@telltale/contracts';
import { openBrowser } from '@telltale/testkit/browser';
import { type Browser, type Page } from 'playwright-core';
import { type Scenario, startScenario } from '../harness/scenario';
import { becomes } from './becomes';
import { barriersOn } from './browser';
import { describeInBrowser, fits, shoot, signIn } from './pages';

jest.setTimeout(240_000);
const HOSTILE = '<img src=x onerror="window.hit=1">\u202e"><script>window.hit=1</script>';
/** More than the page keeps, in portions that wait for a slow page whole. */
const MANY = { times: 5, of: 460 };

describeInBrowser('the live tail in the console (left out where this machine has no Chromium)', () => {
  let scenario: Scenario;
  let browser: Browser;
  let page: Page;
  let errors: readonly string[];
  let sent = 0;

  beforeAll(async () => {
    scenario = await startScenario('console-tail');
    browser = await openBrowser();
    ({ page, errors } = await signIn(browser, scenario, scenario.apiKey, { width: 1_366, height: 900, refused: /40[134]/ }));
  });
  afterAll(async () => {
    await browser.close();
    await scenario.stop();
  });
  const open = async (path: string): Promise<void> => void (await page.goto(`${scenario.url}${path}`));
  const rows = () => page.locator('.tail-row:not([data-gap])');
  const following = () => page.getByText('following', { exact: true }).waitFor();
  const event = (more: Partial<NativeEvent>): NativeEvent => {
    const n = sent++;
    return { kind: 'tool', name: `step_${n}`, trace_id: `live-${n}`, span_id: `live-${n}`, ts: Date.now(), duration_ms: 40, status: 'ok', service_name: 'live', tool: { name: `step_${n}` }, ...more } as NativeEvent;
  }; // prettier-ignore
  const send = (count: number, more: Partial<NativeEvent> = {}): Promise<void> =>
    scenario.send(Array.from({ length: count }, () => event(more)));

  it('is opened by keys, and says what it waits for', async () => {
    await page.keyboard.press('g');
    await page.keyboard.press('l');
    await page.getByRole('heading', { level: 1, name: 'Live tail' }).waitFor();
    await following();
    await page.getByRole('heading', { name: /^Nothing yet/ }).waitFor();
    expect(await barriersOn(page)).toEqual([]);
  });

  it('shows what comes as it comes, hostile texts as texts, with how much comes a second', async () => {
    await send(3);
    await send(1, { status: 'error', error: { type: 'Timeout', message: HOSTILE }, tool: { name: HOSTILE }, name: HOSTILE });
    await becomes(() => rows().count(), 4);
    expect(await rows().last().textContent()).toContain('<img src=x');
    expect(await page.evaluate('window.hit')).toBeUndefined();
    expect(await rows().last().locator('.badge').getAttribute('data-tone')).toBe('bad');
    await page.locator('.page-head p', { hasText: /[\d.]+ a second · 4 events came/ }).waitFor();
    expect(await barriersOn(page)).toEqual([]);
    await shoot(page, 'tail');
  });

  it('pauses by the space bar, says how much waits, and shows it when it goes on', async () => {
    await page.locator('h1').click();
    await page.keyboard.press('Space');
    await page.getByRole('button', { name: /^Go on/ }).waitFor();
    await send(5);
    await page.getByRole('button', { name: /\(5 wait\)/ }).waitFor();
    expect(await rows().count()).toBe(4);
    await page.keyboard.press('Space');
    await becomes(() => rows().count(), 9);
  });

  it('has its filters in the address: whoever opens it follows the same', async () => {
    await open('/tail?kind=llm&service=live');
    await following();
    expect(await page.getByLabel('Kind').inputValue()).toBe('llm');
    await send(2);
    await send(1, { kind: 'llm', request_model: 'gpt-4o', name: 'chat' } as Partial<NativeEvent>);
    await becomes(() => rows().count(), 1);
    expect(await rows().first().textContent()).toContain('gpt-4o');
    await page.getByLabel('Kind').selectOption('tool');
    await page.waitForURL(/kind=tool/);
    await following();
    await send(1);
    await becomes(() => rows().count(), 1);
  });

  it('follows only where its end is in sight, and draws few of many; what it lets go it says', async () => {
    await open('/tail?service=live');
    await following();
    await send(100);
    await page.getByText(/100 events came/).waitFor();
    await page.getByRole('log').evaluate((log) => (log.scrollTop = 0));
    await page.getByRole('button', { name: 'To the newest' }).waitFor();
    for (let time = 1; time <= MANY.times; time++) {
      await send(MANY.of);
      const came = (100 + time * MANY.of).toLocaleString('en-US');
      await page.getByText(`${came} events came`).waitFor({ timeout: 60_000 });
    }
    await page.getByText(/are kept, \d+ older ones were let go/).waitFor();
    expect(await rows().count()).toBeLessThan(100);
    await page.getByRole('button', { name: 'To the newest' }).click();
    await page.getByRole('button', { name: 'To the newest' }).waitFor({ state: 'detached' });
    const last = await rows().last().textContent();
    await send(1);
    await becomes(async () => (await rows().last().textContent()) === last, false);
    expect(await page.getByRole('button', { name: 'To the newest' }).count()).toBe(0);
  });

  it('opens the turn of a row, and ends the stream when it is left', async () => {
    await open('/tail?service=live');
    await following();
    await send(1);
    const ended = page.waitForEvent('requestfailed', (request) => request.url().includes('/api/tail'));
    await rows().first().getByRole('link').click();
    await page.waitForURL(/\/turns\/live-/);
    expect((await ended).failure()?.errorText).toContain('ABORTED');
  });

  it('opens the stream again where it breaks, and says what is missing; says what the server left out', async () => {
    const first = `: following\n\nevent: event\ndata: ${JSON.stringify(event({}))}\n\nevent: skipped\ndata: {"count":7}\n\n`;
    await page.route('**/api/tail?*', (route) => route.fulfill({ status: 200, contentType: 'text/event-stream', body: first }), { times: 1 }); // prettier-ignore
    await open('/tail?service=live');
    await page.getByText('7 left out here').waitFor();
    await page.getByText('The connection was lost').waitFor({ timeout: 30_000 });
    await following();
    expect(await page.getByRole('link', { name: 'look for it in Explore' }).getAttribute('href')).toMatch(
      /^\/explore\?of=events&since=/,
    );
    await send(1);
    await becomes(() => rows().count(), 2);
    await shoot(page, 'tail-gaps');
  });

  it('says why it is refused, and does not try again', async () => {
    let tries = 0;
    await page.route('**/api/tail*', (route) => {
      tries++;
      return route.fulfill({ status: 403, contentType: 'application/json', body: JSON.stringify({ error: { code: 'forbidden', message: 'this API key lacks the scope read', fix: 'use another key' } }) }); // prettier-ignore
    });
    await open('/tail');
    await page.getByText('this API key lacks the scope read; use another key').waitFor();
    expect(tries).toBe(1);
    await page.unroute('**/api/tail*');
  });

  it('follows incidents and alerts, and works in the dark, on a phone', async () => {
    await page.setViewportSize({ width: 390, height: 800 });
    await page.emulateMedia({ colorScheme: 'dark' });
    for (const what of ['incidents', 'alerts']) {
      await open(`/tail?of=${what}`);
      await following();
      await page.getByText(`${what} are shown here as they come`).waitFor();
    }
    await open('/tail');
    await following();
    await send(4, { status: 'error', error: { type: 'Timeout', message: 'after 3 s' } });
    await becomes(() => rows().count(), 4);
    expect(await fits(page)).toBe(true);
    expect(await barriersOn(page)).toEqual([]);
    await shoot(page, 'tail-dark-phone');
    expect(errors).toEqual([]);
  });
});
