import { type NativeEvent } from '@telltale/contracts';
import { MINUTE_MS } from '@telltale/kernel';
import { openBrowser } from '@telltale/testkit/browser';
import { type Browser, type Page } from 'playwright-core';
import { type Scenario, startScenario } from '../harness/scenario';
import { eventually } from '../harness/service-process';
import { barriersOn } from './browser';
import { describeInBrowser, fits, shoot, signIn } from './pages';

jest.setTimeout(300_000);
const HOSTILE = '<svg onload="window.hit=1">';
const WORKER = 'host-1/4711/1';

/** A turn of a bot with one call of a tool; `directive`: in full, because of it. */
function turn(id: string, ts: number, tool: string, directive?: string): NativeEvent[] {
  const own = { service_name: 'shop', status: 'ok' as const, trace_id: id, ts };
  const detail = directive === undefined ? {} : { directive_ids: [directive], verbosity_level: 'full' as const };
  return [
    { ...own, kind: 'tool', id: `${id}-1`, span_id: `${id}-1`, parent_span_id: id, name: tool, duration_ms: 40, tool: { name: tool, ...(directive && { arguments: { q: 'x' }, result: { found: 3 } }) }, ...detail },
    ...(directive ? [{ ...own, kind: 'log' as const, id: `${id}-2`, span_id: `${id}-1`, name: 'log', severity: 'debug' as const, body: 'asked the index', from_ring: true, ...detail, verbosity_level: 'debug' as const }] : []),
    { ...own, kind: 'turn', id, span_id: id, session_id: id, name: 'turn', duration_ms: 90, input: 'Find it', output: 'Here' },
  ] as NativeEvent[]; // prettier-ignore
}

describeInBrowser('Verbosity (left out where this machine has no Chromium)', () => {
  let scenario: Scenario;
  let browser: Browser;
  let page: Page;
  let directive: string;
  let errors: readonly string[];
  const now = Date.now();

  beforeAll(async () => {
    scenario = await startScenario('verbosity-page');
    browser = await openBrowser();
    ({ page, errors } = await signIn(browser, scenario, scenario.apiKey, { height: 900, refused: /40[14]/ }));
  });
  afterAll(async () => {
    await browser.close();
    await scenario.stop();
  });
  const gateway = (path: string, body?: object) =>
    fetch(`${scenario.url}${path}`, {
      method: body ? 'POST' : 'GET',
      headers: { authorization: `Bearer ${scenario.apiKey}`, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
  /** What an SDK says that it did; `directives`: with counts since the last time. */
  const acknowledge = async (set: string, directives: object[]) => {
    const sdk = { name: 'telltale-node', version: '0.1.0' };
    const answer = await gateway('/v1/acks', { instance: WORKER, sdk, service_name: 'shop', set_hash: set, status: 'applied', error: '', directives, suppressed: { records: 120, bytes: 9_000 } }); // prettier-ignore
    expect(answer.status).toBeLessThan(300);
  };

  it('teaches what it is for where nothing is in force', async () => {
    await page.keyboard.press('g');
    await page.keyboard.press('v');
    await page.getByRole('heading', { level: 1, name: 'Verbosity' }).waitFor();
    await page.getByRole('heading', { name: 'Every SDK logs as its application set it' }).waitFor();
    expect(await barriersOn(page)).toEqual([]);
  });

  it('counts what a target is about before it is raised, and raises it', async () => {
    const before = Array.from({ length: 12 }, (_, i) => turn(`before-${i}`, now - (15 - i) * MINUTE_MS, i % 3 === 0 ? HOSTILE : 'search')).flat(); // prettier-ignore
    await scenario.send(before);
    await acknowledge('none', []);
    await page.getByRole('button', { name: 'Raise or lower' }).click();
    const dialog = page.getByRole('dialog', { name: 'Raise or lower the detail' });
    await dialog.getByLabel('Service', { exact: true }).fill('shop');
    await page.keyboard.press('Tab');
    await dialog.getByLabel('Tool', { exact: true }).fill('search');
    await page.keyboard.press('Tab');
    await dialog.getByText('In the last hour: 8 events of 8 turns').waitFor();
    await dialog.getByRole('textbox', { name: 'Reason' }).fill('slow tool');
    expect(await barriersOn(page)).toEqual([]);
    await shoot(page, 'verbosity-raise');
    await dialog.getByRole('button', { name: 'Raise it' }).click();
    await dialog.getByText(/^Requested cmd-/).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('grid', { name: 'Directives in force' }).getByText('service shop, tool search').waitFor();
  });

  it('says who applied it and how soon, what it cost and what it brought beside the time before', async () => {
    const control = (await (await gateway('/v1/control')).json()) as { set_hash: string; directives: { id: string }[] };
    directive = control.directives[0]?.id ?? '';
    await scenario.send([...turn('with-1', Date.now() - 1_000, 'search', directive), ...turn('with-2', Date.now() - 500, 'search', directive)]); // prettier-ignore
    await acknowledge(control.set_hash, [{ id: directive, hits: 4, drops: 1, bytes: 4_211 }]);
    await eventually('the acknowledgement is stored', () => {
      const { instances } = scenario.telltale<{ instances: unknown[] }>('verbosity', 'effect', directive);
      return Promise.resolve({ done: instances.length > 0, seen: instances });
    }, 60_000, 500); // prettier-ignore
    await page.reload();
    const row = page.getByRole('grid', { name: 'Directives in force' }).getByRole('row').filter({ hasText: 'tool search' });
    await row.filter({ hasText: '1 of 1' }).waitFor();
    await page.locator('body').click({ position: { x: 640, y: 5 } });
    await row.getByText('service shop, tool search').click();
    await page
      .getByText(
        /^4 events of 2 turns were stored with it, 2 of them held back before: 2 log lines, 2 operations with content, for 4.21 kB/,
      )
      .waitFor();
    expect(page.url()).toContain(`directive=${directive}`);
    const counted = page.getByRole('region', { name: 'Stored before and with it' }).getByRole('row').filter({ hasText: 'Stored events' }); // prettier-ignore
    expect((await counted.getByRole('cell').allTextContents()).at(-1)).toBe('4');
    await page.getByRole('grid', { name: 'SDK instances' }).getByText(WORKER).waitFor();
    expect(await barriersOn(page)).toEqual([]);
    await shoot(page, 'verbosity');
    const url = page.url();
    await page.reload();
    await page.getByText(/^4 events of 2 turns/).waitFor();
    expect(page.url()).toBe(url);
  });

  it('revokes it, and keeps it in the history', async () => {
    await page.getByRole('button', { name: 'Revoke the directive about service shop, tool search' }).click();
    await page.getByRole('grid', { name: 'Directives', exact: true }).getByRole('row').filter({ hasText: 'revoked' }).waitFor();
    await page.getByRole('heading', { name: 'Every SDK logs as its application set it' }).waitFor();
    await page.getByText(/the detail helped nobody/).waitFor();
    expect(await page.getByRole('button', { name: /^Revok/ }).count()).toBe(0);
  });

  it('lowers a share of turns, and says what is wrong with one', async () => {
    await page.goto(`${scenario.url}/verbosity?new=1`);
    const dialog = page.getByRole('dialog', { name: 'Raise or lower the detail' });
    await dialog.getByLabel('Do').selectOption('restrict');
    await dialog.getByLabel('Share of turns, %').fill('300');
    await dialog.getByRole('alert').getByText('give over 0 and at most 100').waitFor();
    await dialog.getByLabel('Share of turns, %').fill('10');
    await dialog.getByLabel('Tool', { exact: true }).fill(HOSTILE);
    await page.keyboard.press('Tab');
    await dialog.getByText('In the last hour: 4 events').waitFor();
    await dialog.getByRole('button', { name: 'Lower it' }).click();
    await dialog.getByText(/^Requested cmd-/).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('grid', { name: 'Directives in force' }).getByText('10 % of turns').waitFor();
    expect(await page.evaluate(() => (globalThis as unknown as { hit?: number }).hit)).toBeUndefined();
  });

  it('says so where a directive is not there', async () => {
    await page.goto(`${scenario.url}/verbosity?directive=unheard-of`);
    await page.getByRole('alert').getByText('there is no directive unheard-of').waitFor();
    expect(await page.getByRole('button', { name: 'Try again' }).count()).toBe(1);
  });

  it('works in the dark, on a phone', async () => {
    await page.setViewportSize({ width: 390, height: 800 });
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.goto(`${scenario.url}/verbosity?directive=${directive}`);
    await page.getByText(/^4 events of 2 turns/).waitFor();
    expect([await fits(page), await barriersOn(page), errors]).toEqual([true, [], []]);
    await shoot(page, 'verbosity-dark-phone');
  });
});
