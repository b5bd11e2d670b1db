import { openBrowser } from '@telltale/testkit/browser';
import { createRandom } from '@telltale/simulator';
import { MINUTE_MS } from '@telltale/kernel';
import { readFileSync } from 'node:fs';
import { type Browser, type Page } from 'playwright-core';
import { slowRegion } from '../answers/slow-region';
import { turnEvents } from '../answers/turns';
import { type Scenario, startScenario } from '../harness/scenario';
import { becomes } from './becomes';
import { barriersOn } from './browser';
import { describeInBrowser, fits, shoot, signIn } from './pages';

jest.setTimeout(240_000);
const HOSTILE = `<img src=x onerror="window.hit=1"> ' OR 1=1 -- \${__user} $__timeFilter(ts)`;
/** A part of a longer day: enough that regions and versions differ. */
const EVENTS = 1_500;

interface Listed {
  readonly pinned: readonly { readonly name: string; readonly panels: number; readonly changed_by: string }[];
}

describeInBrowser('dashboards in the console (left out where this machine has no Chromium)', () => {
  let scenario: Scenario;
  let browser: Browser;
  let page: Page;
  let errors: readonly string[];
  const asked = { running: 0, most: 0, all: 0 };
  const now = Date.now();

  beforeAll(async () => {
    const random = createRandom(3);
    const hostile = Array.from({ length: 8 }, (_, i) =>
      turnEvents(
        { id: `hostile-${i}`, session: 'h', user: 'u', service: HOSTILE, version: HOSTILE, region: i % 2 === 0 ? HOSTILE : 'eu', prompt: [HOSTILE, HOSTILE], at: now - 20 * MINUTE_MS + i, asked: 'x', answer: 'y', status: 'error' },
        [{ tool: HOSTILE, ms: 40, arguments: {}, error: { type: HOSTILE, message: HOSTILE } }],
        random,
      ),
    ).flat(); // prettier-ignore
    scenario = await startScenario('console-dashboards');
    await scenario.send([...slowRegion(now - MINUTE_MS).slice(-EVENTS), ...hostile]);
    browser = await openBrowser();
    ({ page, errors } = await signIn(browser, scenario, scenario.apiKey, { width: 1_366, height: 900, refused: /40[014]/ }));
    const isPanel = (request: { url(): string }): boolean => request.url().includes('/api/dashboards/panels/');
    page.on('request', (request) => {
      if (!isPanel(request)) return;
      asked.all++;
      asked.running++;
      asked.most = Math.max(asked.most, asked.running);
    });
    const ended = (request: { url(): string }): void => void (isPanel(request) && asked.running--);
    page.on('requestfinished', ended);
    page.on('requestfailed', ended);
  });
  afterAll(async () => {
    await browser.close();
    await scenario.stop();
  });
  const open = async (path: string): Promise<void> => void (await page.goto(`${scenario.url}${path}`));
  const panels = () => page.locator('[data-panel]');
  const ids = () => panels().evaluateAll((all) => all.map((one) => one.getAttribute('data-panel') ?? ''));
  const answered = async (): Promise<void> => {
    await panels().first().waitFor();
    for (const panel of await panels().all()) {
      await panel.scrollIntoViewIfNeeded();
      await panel.locator('.chart canvas, .dashboard-rows, .dashboard-none, .dashboard-stat').first().waitFor();
    }
  };

  it('are opened by keys, made of what the data has, each panel with its reason', async () => {
    await page.keyboard.press('g');
    await page.keyboard.press('b');
    await page.getByRole('heading', { level: 1, name: 'Everything' }).waitFor();
    await panels().first().waitFor();
    expect((await ids()).slice(0, 2)).toEqual(['turns', 'unhelped']);
    expect(await panels().count()).toBeLessThanOrEqual(12);
    for (const panel of await panels().all()) expect(await panel.locator('header p').textContent()).not.toBe('');
    await answered();
    expect(await page.getByRole('alert').count()).toBe(0);
    expect(await barriersOn(page)).toEqual([]);
    await shoot(page, 'dashboards');
  });

  it('ask one panel after the other, and only for those that come into sight', async () => {
    await page.setViewportSize({ width: 1_366, height: 500 });
    asked.all = 0;
    asked.most = 0;
    await open('/dashboards');
    await panels().first().locator('.chart canvas').first().waitFor();
    const atTop = asked.all;
    expect(atTop).toBeLessThan(await panels().count());
    await answered();
    expect([asked.all, asked.most]).toEqual([await panels().count(), 1]);
    await page.setViewportSize({ width: 1_366, height: 900 });
  });

  it('are put in another order by keys; the address says it, and whoever opens it sees the same', async () => {
    const [first = '', second = '', third = '', ...rest] = await ids();
    await page.keyboard.press('j');
    await page.keyboard.press('Shift+J');
    await page.waitForURL(/panels=/);
    await becomes(ids, [second, first, third, ...rest]);
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    await becomes(ids, [second, first, ...rest]);
    await page
      .getByRole('button', { name: /^Earlier: / })
      .nth(1)
      .click();
    await becomes(ids, [first, second, ...rest]);
    await page.reload();
    await becomes(ids, [first, second, ...rest]);
  });

  it('are pinned with what is shown, and stand first in the list then', async () => {
    const shown = await panels().count();
    await page.getByRole('button', { name: 'Pin dashboard' }).click();
    await page.getByRole('dialog').getByLabel('Title').fill('Ours');
    expect(await barriersOn(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/dashboards\/ours/);
    await page.getByRole('heading', { level: 1, name: 'Ours' }).waitFor();
    await answered();
    expect(await page.getByRole('navigation', { name: 'Dashboards' }).getByRole('link').first().textContent()).toBe('Ours');
    const [listed] = scenario.lines<Listed>('dashboards', 'list');
    expect(listed?.pinned).toMatchObject([{ name: 'ours', panels: shown }]);
    await shoot(page, 'dashboards-pinned');
  });

  it('that are pinned are changed, and the change is kept', async () => {
    const before = await ids();
    await page
      .getByRole('button', { name: /^Remove: / })
      .first()
      .click();
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByRole('button', { name: 'Save changes' }).waitFor({ state: 'detached' });
    await becomes(() => panels().count(), before.length - 1);
    await page.reload();
    await becomes(() => panels().count(), before.length - 1);
  });

  it('are taken along to Grafana', async () => {
    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export for Grafana' }).click();
    const download = await downloading;
    expect(download.suggestedFilename()).toBe('ours-grafana.json');
    const model = JSON.parse(readFileSync(await download.path(), 'utf8')) as { panels: unknown[]; title: string; schemaVersion: number };
    expect([model.title, model.schemaVersion, model.panels.length]).toEqual(['Ours', 39, await panels().count()]);
    expect(scenario.telltale<{ title: string }>('dashboards', 'export', 'ours')).toMatchObject({ title: 'Ours' });
  }); // prettier-ignore

  it('lead to the rows behind a panel, for the same time', async () => {
    await open('/dashboards');
    await panels().first().waitFor();
    await page.getByRole('link', { name: 'Open in Explore' }).first().click();
    await page.waitForURL(/\/explore\?.*since=/);
    await page.getByRole('heading', { level: 1, name: 'Explore' }).waitFor();
    await page.locator('.chart canvas').first().waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  it('take hostile names as text, in titles, reasons, statements and links', async () => {
    await open(`/dashboards?service=${encodeURIComponent(HOSTILE)}`);
    await answered();
    expect(await page.evaluate('window.hit')).toBeUndefined();
    expect(await page.getByRole('alert').count()).toBe(0);
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toContain('<img src=x');
  });

  it('say what to do where a statement is wrong, and where nothing came', async () => {
    const value = {
      title: 'Wrong',
      panels: [{ title: 'Wrong?', form: 'line', unit: 'count', sql: 'SELECT * FROM system.tables' }],
    };
    const headers = { authorization: `Bearer ${scenario.apiKey}`, 'content-type': 'application/json' };
    const put = await fetch(`${scenario.url}/api/settings/dashboard/wrong`, { method: 'POST', headers, body: JSON.stringify({ value }) }); // prettier-ignore
    expect(put.status).toBe(200);
    await open('/dashboards/wrong');
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('alert').textContent()).toContain('read from');
    await open('/dashboards?since=2020-01-01T00:00:00.000Z&until=2020-01-02T00:00:00.000Z');
    await page.getByRole('heading', { name: 'Nothing came in this time' }).waitFor();
    await open('/dashboards/none');
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('alert').textContent()).toContain('no pinned dashboard');
  });

  it('work in the dark, on a phone', async () => {
    await page.setViewportSize({ width: 390, height: 800 });
    await page.emulateMedia({ colorScheme: 'dark' });
    await open('/dashboards?service=travel');
    await answered();
    expect(await fits(page)).toBe(true);
    expect(await barriersOn(page)).toEqual([]);
    await shoot(page, 'dashboards-dark-phone');
    await page.setViewportSize({ width: 1_366, height: 900 });
    await page.emulateMedia({ colorScheme: 'light' });
  });

  it('are taken out of the list, without an error in all of this', async () => {
    await open('/dashboards/ours');
    await page.getByRole('button', { name: 'Unpin' }).click();
    await page.waitForURL((url) => url.pathname === '/dashboards');
    await becomes(() => page.getByRole('link', { name: 'Ours' }).count(), 0);
    expect(errors).toEqual([]);
  });
});
