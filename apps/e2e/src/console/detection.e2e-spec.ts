import { type NativeEvent } from '@telltale/contracts';
import { MINUTE_MS } from '@telltale/kernel';
import { createRandom } from '@telltale/simulator';
import { openBrowser } from '@telltale/testkit/browser';
import { type Browser, type Page } from 'playwright-core';
import { type Scenario, startScenario } from '../harness/scenario';
import { eventually } from '../harness/service-process';
import { barriersOn } from './browser';
import { describeInBrowser, fits, shoot, signIn } from './pages';

jest.setTimeout(300_000);
const HOSTILE = '<img src=x onerror="window.hit=1">';

/** A tool of a bot that is called three times every 20 s for three hours and takes seven times as long for a while; another one is new. */
function slowTool(end: number): NativeEvent[] {
  const random = createRandom(5);
  const own = { service_name: 'shop', deployment_environment: 'prod', status: 'ok' as const };
  return Array.from({ length: 540 }, (_, i) => {
    const ts = end - (540 - i) * 20_000;
    const isSlow = i >= 480 && i < 520;
    const ms = Math.round(random.logNormal(3_000, 0.2) * (isSlow ? 6 : 1));
    const id = `shop-${i}`;
    const name = i >= 535 ? HOSTILE : 'search';
    return [
      ...['1', '2', '3'].map((call) => ({ ...own, kind: 'tool' as const, id: `${id}-${call}`, span_id: `${id}-${call}`, parent_span_id: id, trace_id: id, name, ts, duration_ms: Math.round(random.logNormal(900, 0.25) * (isSlow ? 7 : 1)), tool: { name } })),
      { ...own, kind: 'turn' as const, id, span_id: id, trace_id: id, session_id: id, name: 'turn', ts, duration_ms: ms, input: 'Find it', output: 'Here' },
    ];
  }).flat(); // prettier-ignore
}

describeInBrowser('Detection (left out where this machine has no Chromium)', () => {
  let scenario: Scenario;
  let browser: Browser;
  let page: Page;
  let series: string;
  let errors: readonly string[];
  const now = Date.now();

  beforeAll(async () => {
    scenario = await startScenario('detection');
    browser = await openBrowser();
    ({ page, errors } = await signIn(browser, scenario, scenario.apiKey, { height: 900, refused: /40[0134]/ }));
  });
  afterAll(async () => {
    await browser.close();
    await scenario.stop();
  });
  const tab = (name: string) => page.getByRole('tab', { name }).click();

  it('says what a series is where there is none yet', async () => {
    await page.keyboard.press('g');
    await page.keyboard.press('d');
    await page.getByRole('heading', { level: 1, name: 'Detection' }).waitFor();
    await page.getByRole('heading', { name: 'No series in this time' }).waitFor();
    await tab('Readiness');
    await page.getByRole('heading', { name: 'Nothing is learned yet' }).waitFor();
    expect(await barriersOn(page)).toEqual([]);
  });

  it('lists series with their last window and furthest deviation, and which are still learned', async () => {
    await scenario.send(slowTool(now - MINUTE_MS));
    const found = await eventually('an anomaly of the slow tool', () => {
      const [one] = scenario.lines<{ series_id: string; dimensions: Record<string, string>; channel: string }>('detector', 'anomalies').filter(({ dimensions, channel }) => dimensions['name'] === 'search' && channel !== 'novelty'); // prettier-ignore
      return Promise.resolve({ done: one !== undefined, seen: one });
    }, 120_000, 1_000); // prettier-ignore
    series = found?.series_id ?? '';
    await page.goto(`${scenario.url}/detection`);
    const row = page.getByRole('row').filter({ hasText: 'search of shop' }).filter({ hasText: 'operation.duration' });
    await row.first().waitFor();
    expect(await row.first().textContent()).toContain('σ');
    expect(await barriersOn(page)).toEqual([]);
    await shoot(page, 'detection');
    await tab('Readiness');
    await page
      .getByRole('row')
      .filter({ hasText: `${HOSTILE} of shop` })
      .filter({ hasText: 'learning' })
      .first()
      .waitFor();
    expect(page.url()).toContain('tab=readiness');
    await shoot(page, 'detection-readiness');
  });

  it('shows one series with what was expected of it, and how much of it lay there, by keys alone', async () => {
    await page.goto(`${scenario.url}/detection?metric=operation.duration`);
    await page.getByRole('grid', { name: 'Series' }).waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/detection\/\w+/);
    await page.goto(`${scenario.url}/detection/${series}`);
    await page.getByText(/runs \(\d+(\.\d)? %\) lay in it/).waitFor();
    const chart = page.getByRole('application', { name: /operation.duration over time/ });
    await chart.focus();
    for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowRight');
    await page.getByRole('status').getByText('usually').first().waitFor();
    await page.getByRole('grid', { name: 'Anomalies' }).waitFor();
    expect(await barriersOn(page)).toEqual([]);
    await shoot(page, 'detection-series');
  });

  it('labels an anomaly real, and says what that does', async () => {
    await page
      .getByRole('button', { name: /^Label…/ })
      .first()
      .click();
    const dialog = page.getByRole('dialog', { name: 'Label an anomaly' });
    await dialog.getByText('The series keeps its alert rate').waitFor();
    expect(page.url()).toContain('anomaly=');
    expect(await barriersOn(page)).toEqual([]);
    await shoot(page, 'detection-label');
    await dialog.getByLabel('Real').check();
    await dialog.getByRole('button', { name: 'Label it' }).click();
    await dialog.getByText(/Labeled real, until/).waitFor();
    await page.keyboard.press('Escape');
    await page
      .getByRole('button', { name: /^Real / })
      .first()
      .waitFor();
  });

  it('runs a backtest: what other budgets would have raised, and which real ones they would lose', async () => {
    await page.goto(`${scenario.url}/detection?tab=backtest&since=24h`);
    await page.getByRole('heading', { name: 'Try a sensitivity before you set it' }).waitFor();
    await page.getByRole('button', { name: 'Run the backtest' }).click();
    await page.getByText(/replay at the present setting raises/).waitFor({ timeout: 60_000 });
    const table = page.getByRole('grid', { name: 'Sensitivities that were tried' });
    expect(await table.getByRole('row').count()).toBe(6);
    expect(await table.getByText('present').count()).toBe(1);
    expect(await page.getByRole('heading', { name: 'What it cannot know' }).count()).toBe(1);
    expect(await barriersOn(page)).toEqual([]);
    await shoot(page, 'detection-backtest');
    const url = page.url();
    await page.reload();
    await page.getByText(/replay at the present setting raises/).waitFor({ timeout: 60_000 });
    expect(page.url()).toBe(url);
  });

  it('says what is wrong with a list of settings, in words', async () => {
    await page.goto(`${scenario.url}/detection?tab=backtest&try=few`);
    await page.getByRole('alert').getByText('give numbers above 0').waitFor();
    expect(await page.getByRole('button', { name: 'Run the backtest' }).isDisabled()).toBe(true);
  });

  it('sets a sensitivity and ends it', async () => {
    await page.goto(`${scenario.url}/detection?tab=sensitivity&service=shop`);
    await page.getByLabel('Times as many as usual').fill('0.5');
    await page.getByRole('button', { name: 'Set it' }).click();
    const row = page.getByRole('grid', { name: 'Sensitivities' }).getByRole('row').filter({ hasText: '0.5× as many' });
    await row.filter({ hasText: 'in force' }).waitFor();
    await shoot(page, 'detection-sensitivity');
    await row.getByRole('button', { name: /^End/ }).click();
    await row.filter({ hasText: 'ended' }).waitFor();
    expect(await barriersOn(page)).toEqual([]);
  });

  it('announces maintenance and holidays, which stand on the axis of a series, and ends them', async () => {
    await page.goto(`${scenario.url}/detection?tab=planned`);
    await page.getByLabel('Reason').fill('move to another region');
    await page.getByRole('button', { name: 'Add maintenance' }).click();
    const work = page
      .getByRole('grid', { name: 'Maintenance windows' })
      .getByRole('row')
      .filter({ hasText: 'move to another region' });
    await work.filter({ hasText: 'in force' }).waitFor();
    await page.getByRole('textbox', { name: 'Name' }).fill('Founding day');
    await page.getByRole('textbox', { name: 'Days' }).fill('yesterday');
    await page.getByRole('button', { name: 'Add holidays' }).click();
    await page.getByRole('alert').getByText('is no day').waitFor();
    await page.getByRole('textbox', { name: 'Days' }).fill(new Date(now).toISOString().slice(0, 10));
    await page.getByRole('button', { name: 'Add holidays' }).click();
    await page.getByRole('grid', { name: 'Holidays' }).getByRole('row').filter({ hasText: 'Founding day' }).waitFor();
    expect(await barriersOn(page)).toEqual([]);
    await shoot(page, 'detection-planned');
    await page.goto(`${scenario.url}/detection/${series}`);
    await page.getByText(/Marked: .*holiday: Founding day/).waitFor({ state: 'attached' });
    await page.goto(`${scenario.url}/detection?tab=planned`);
    await work.getByRole('button', { name: /^End/ }).click();
    await work.filter({ hasText: 'over' }).waitFor();
  });

  it('says so where a series is not there, and what to do', async () => {
    await page.goto(`${scenario.url}/detection/${encodeURIComponent(HOSTILE)}`);
    await page.getByRole('heading', { name: 'No window of this series in this time' }).waitFor();
    await page.goto(`${scenario.url}/detection?tab=backtest&series=unheard-of`);
    await page.getByRole('button', { name: 'Run the backtest' }).click();
    await page.getByRole('alert').getByText('there is no series unheard-of').waitFor();
    expect(await page.evaluate(() => (globalThis as unknown as { hit?: number }).hit)).toBeUndefined();
  });

  it('works in the dark, on a phone', async () => {
    await page.setViewportSize({ width: 390, height: 800 });
    await page.emulateMedia({ colorScheme: 'dark' });
    for (const path of ['/detection', `/detection/${series}`, '/detection?tab=planned']) {
      await page.goto(`${scenario.url}${path}`);
      await page.getByRole('grid').first().waitFor();
      expect([path, await fits(page), await barriersOn(page)]).toEqual([path, true, []]);
      await shoot(page, `detection-dark-phone${path.replace(/\W+/g, '-').slice(0, 24)}`);
    }
    expect(errors).toEqual([]);
  });
});
