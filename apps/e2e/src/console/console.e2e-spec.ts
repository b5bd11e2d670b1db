import { MINUTE_MS } from '@telltale/kernel';
import { openBrowser } from '@telltale/testkit/browser';
import { type Browser, type Page } from 'playwright-core';
import { wrongId } from '../answers/wrong-id';
import { turnEvents } from '../answers/turns';
import { createRandom } from '@telltale/simulator';
import { type Scenario, startScenario } from '../harness/scenario';
import { barriersOn } from './browser';
import { describeInBrowser, fits, shoot } from './pages';

jest.setTimeout(240_000);

/** What would run, or change the page, if it were taken for HTML. */
const HOSTILE = [
  '<script>window.hit=1</script>', '<img src=x onerror="window.hit=1">', '"><svg onload="window.hit=1">', "javascript:window.hit=1", '<iframe srcdoc="<script>parent.hit=1</script>">',
  '<a href="javascript:window.hit=1">x</a>', '{{constructor.constructor("window.hit=1")()}}', '<style>body{display:none}</style>', '<math><mtext><script>window.hit=1</script>', '\u202eevil\u0000',
]; // prettier-ignore

describeInBrowser('the console (left out where this machine has no Chromium)', () => {
  let scenario: Scenario;
  let browser: Browser;
  let page: Page;
  const errors: string[] = [];
  const now = Date.now();

  beforeAll(async () => {
    const random = createRandom(7);
    const hostile = HOSTILE.flatMap((text, i) =>
      turnEvents(
        { id: `hostile-${i}`, session: text, user: text, service: 'hostile', version: text, region: text, prompt: [text, text], at: now - 20 * MINUTE_MS + i, asked: text, answer: text, status: 'error' },
        [{ tool: text, ms: 40, arguments: { [text]: text }, error: { type: text, message: text } }],
        random,
      ),
    ); // prettier-ignore
    scenario = await startScenario('console');
    await scenario.send([...wrongId(now - 2 * MINUTE_MS), ...hostile]);
    browser = await openBrowser();
    page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.on('pageerror', (error) => errors.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error' && !/401/.test(message.text())) errors.push(message.text());
    });
  });
  afterAll(async () => {
    await browser.close();
    await scenario.stop();
  });

  it('asks for an API key, and says so when it is a wrong one', async () => {
    await page.goto(scenario.url);
    await page.getByLabel('API key').fill('tt_wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('alert').textContent()).toContain('unknown API key');
    expect(await barriersOn(page)).toEqual([]);
    await shoot(page, 'sign-in');
  });

  it('lets in with the key, and shows how the bot is', async () => {
    await page.getByLabel('API key').fill(scenario.apiKey);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { level: 1, name: /turns in the last 60 minutes/ }).waitFor();
    await page.getByRole('link', { name: 'fares' }).waitFor();
    expect(await barriersOn(page)).toEqual([]);
    await shoot(page, 'now');
  });

  it('goes by keys from page to page and into a turn, whose slow call is named', async () => {
    await page.keyboard.press('g');
    await page.keyboard.press('t');
    await page.getByRole('heading', { level: 1, name: 'Turns' }).waitFor();
    await page.getByRole('grid', { name: 'Turns' }).waitFor();
    await shoot(page, 'turns');
    expect(await barriersOn(page)).toEqual([]);
    await page.getByLabel('Service').fill('fares');
    await page.keyboard.press('Enter');
    await page.waitForURL(/service=fares/);
    await page.getByRole('grid', { name: 'Turns' }).waitFor();
    await page.locator('body').click({ position: { x: 640, y: 5 } });
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/turns\/fare/);
    const rows = page.getByRole('tree').getByRole('treeitem');
    await rows.first().waitFor();
    await rows.filter({ hasText: 'find_booking' }).first().click();
    await page.getByRole('region', { name: 'Chosen operation' }).getByText('TP3').first().waitFor();
    expect(page.url()).toContain('op=');
    expect(await barriersOn(page)).toEqual([]);
    await shoot(page, 'turn');
  });

  it('shows the same turn to whoever opens its link', async () => {
    const url = page.url();
    await page.reload();
    await page.getByRole('tree').waitFor();
    expect(page.url()).toBe(url);
    expect(await page.locator('[aria-selected="true"]').textContent()).toContain('find_booking');
  });

  it.each(HOSTILE.map((text, i) => [text, i] as const))('shows %j as text, wherever it stands', async (text, i) => {
    await page.goto(`${scenario.url}/turns/hostile-${i}`);
    await page.getByRole('tree').waitFor();
    for (const item of await page.getByRole('tree').getByRole('treeitem').all()) await item.click();
    await page.getByRole('region', { name: 'Chosen operation' }).locator('.content').last().waitFor();
    const shown = text.replace('\u0000', '').slice(0, 8);
    await page.getByRole('main').filter({ hasText: shown }).waitFor();
    expect(await page.evaluate(() => (globalThis as unknown as { hit?: number }).hit)).toBeUndefined();
    expect(await page.locator('#root script, #root iframe, #root style, #root img').count()).toBe(0);
    expect(await page.getByRole('main').textContent()).toContain(shown);
  });

  it.each(['light', 'dark'] as const)('shows every part in every state, readable in the %s', async (colorScheme) => {
    await page.emulateMedia({ colorScheme });
    await page.goto(`${scenario.url}/parts`);
    await page.locator('canvas').nth(1).waitFor();
    expect(await barriersOn(page)).toEqual([]);
    await shoot(page, `parts-${colorScheme}`);
    await page.emulateMedia({ colorScheme: 'light' });
  });

  it('draws of ten thousand rows those in sight, and sorts them all', async () => {
    const table = page.getByRole('grid', { name: 'Example rows' });
    expect(await table.getByRole('row').count()).toBeLessThan(60);
    await table.getByRole('button', { name: 'Took' }).click();
    await table.getByRole('button', { name: 'Took' }).click();
    await table.getByRole('columnheader', { name: 'Took' }).and(page.locator('[aria-sort="ascending"]')).waitFor();
    expect(await table.getByRole('gridcell', { name: '50 ms' }).count()).toBeGreaterThan(0);
  });

  it('reads a chart by arrow keys, and keeps what was read', async () => {
    const chart = page.getByRole('application', { name: /An example of series/ });
    await chart.focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    const tip = page.locator('.chart-tip[data-pinned]');
    expect(await tip.textContent()).toMatch(/Slowest 5 %.*usually 1.1 s to 1.7 s.*Median/);
    await page.keyboard.press('Escape');
    await tip.waitFor({ state: 'detached' });
  });

  it('finds pages, services and ids from everywhere', async () => {
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: /^Find a page/ }).fill('hostile-3');
    await page.getByRole('option', { name: /hostile-3 turn/ }).waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/turns\/hostile-3/);
    await page.getByRole('tree').waitFor();
    expect(await page.getByRole('treeitem').count()).toBeGreaterThan(0);
  });

  it('works in the dark, on a phone', async () => {
    await page.setViewportSize({ width: 390, height: 800 });
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.goto(`${scenario.url}/`);
    await page.getByRole('heading', { level: 1, name: /turns in the last/ }).waitFor();
    expect(await fits(page)).toBe(true);
    expect(await barriersOn(page)).toEqual([]);
    await shoot(page, 'now-dark-phone');
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.emulateMedia({ colorScheme: 'light' });
  });

  it('stays smooth with a turn of a thousand operations: of what it draws, few rows are in sight', async () => {
    const at = now - 30 * MINUTE_MS;
    const own = { trace_id: 'long', session_id: 'long', service_name: 'long', status: 'ok' as const };
    const steps = Array.from({ length: 1_000 }, (_, i) => ({ ...own, kind: 'tool' as const, id: `long-${i}`, span_id: `long-${i}`, parent_span_id: 'long', name: `step_${i}`, ts: at + i * 5, duration_ms: 4, tool: { name: `step_${i}`, arguments: { i } } })); // prettier-ignore
    const root = {
      ...own,
      kind: 'turn' as const,
      id: 'long',
      span_id: 'long',
      ts: at,
      duration_ms: 5_000,
      input: 'Much',
      output: 'Done',
    };
    await scenario.send([...steps, root]);
    await page.goto(`${scenario.url}/turns/long`);
    await page.getByRole('treeitem').first().waitFor();
    expect(await page.locator('.step').count()).toBeLessThan(80);
    await page.getByRole('tree').focus();
    for (let i = 0; i < 20; i++) await page.keyboard.press('ArrowDown');
    await page.waitForURL(/op=/);
    expect(await page.locator('[aria-selected="true"]').count()).toBe(1);
  });

  it('has its own scripts only, is not framed, and names no error in all of this', async () => {
    const answer = await fetch(scenario.url, { headers: { accept: 'text/html' } });
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|\*/);
    expect(errors).toEqual([]);
  });

  it('signs out', async () => {
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('API key').waitFor();
    await page.goto(`${scenario.url}/turns`);
    await page.getByLabel('API key').waitFor();
    expect(await page.getByRole('navigation').count()).toBe(0);
  });
});
