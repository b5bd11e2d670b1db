import { type NativeEvent } from '@telltale/contracts';
import { DAY_MS, HOUR_MS } from '@telltale/kernel';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { openBrowser } from '@telltale/testkit/browser';
import { type Browser, type Page } from 'playwright-core';
import { doubledDay, usualDay } from '../costs/doubled-day';
import { type Scenario, startScenario } from '../harness/scenario';
import { eventually } from '../harness/service-process';
import { barriersOn } from './browser';
import { countClicks, describeInBrowser, fits, shoot, signIn } from './pages';

jest.setTimeout(300_000);
const TODAY = Math.floor(Date.now() / DAY_MS) * DAY_MS;
const READER_KEY = 'a-key-that-only-reads-0001';
const TABS = ['Spend', 'Top spenders', 'Why it changed', 'Waste', 'What if', 'Budgets', 'Prices'] as const;

/** Calls of a model that nobody knows a price of, and of one whose tokens are not reported; the day before the usual one. */
function doubtful(): NativeEvent[] {
  const at = TODAY - 3 * DAY_MS + 6 * HOUR_MS;
  const own = { service_name: 'lab', trace_id: 'lab', session_id: 'lab', provider: 'openai' };
  const callOf = (model: string, i: number, more: Partial<NativeEvent>): NativeEvent => ({ ...own, kind: 'llm', id: `${model}-${i}`, span_id: `${model}-${i}`, parent_span_id: 'lab-root', name: 'chat', ts: at + i * 2_000, duration_ms: 500, request_model: model, response_model: model, ...more }) as NativeEvent; // prettier-ignore
  return [
    ...Array.from({ length: 3 }, (_, i) => callOf('no-such-model', i, { usage: { input_tokens: 1_000, output_tokens: 100 } })),
    callOf('gpt-4o', 9, { input: [{ role: 'user', content: 'hello there '.repeat(200) }], output: [{ role: 'assistant', content: 'well '.repeat(80) }] }),
    { ...own, kind: 'turn', id: 'lab-root', span_id: 'lab-root', name: 'turn', ts: at, duration_ms: 30_000, status: 'ok', input: 'Try this', output: 'Done' } as NativeEvent,
  ]; // prettier-ignore
}

describeInBrowser('costs in the console (left out where this machine has no Chromium)', () => {
  let scenario: Scenario;
  let browser: Browser;
  let page: Page;
  let errors: readonly string[];
  const open = async (query: string): Promise<void> => {
    await page.goto(`${scenario.url}/costs${query}`);
    await page.getByRole('heading', { level: 1, name: 'Costs' }).waitFor();
  };

  beforeAll(async () => {
    scenario = await startScenario('console-costs');
    const events = [...doubtful(), ...usualDay(TODAY - 2 * DAY_MS), ...doubledDay(TODAY - DAY_MS)];
    await scenario.send(events);
    const sent = events.filter(({ kind }) => kind === 'llm').length;
    await eventually(
      'the spend of every call is there',
      () => {
        const { total } = scenario.telltale<{ total: { calls: number } }>('costs', 'top', '--since', '7d');
        return Promise.resolve({ done: total.calls === sent, seen: { calls: total.calls, sent } });
      },
      60_000,
      1_000,
    );
    await eventually('the waste of that day is there', () => {
      const { groups } = scenario.telltale<{ groups: { rule: string }[] }>('costs', 'waste', '--since', '7d');
      return Promise.resolve({ done: groups.some(({ rule }) => rule === 'cache_prefix_broken'), seen: groups.length });
    }, 60_000, 1_000); // prettier-ignore
    const sha256 = createHash('sha256').update(READER_KEY).digest('hex');
    await fetch(`${scenario.url}/api/settings/api_key/reader`, {
      method: 'POST',
      headers: { authorization: `Bearer ${scenario.apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ value: { sha256, scopes: ['read'] } }),
    });
    browser = await openBrowser();
    ({ page, errors } = await signIn(browser, scenario, scenario.apiKey));
  });
  afterAll(async () => {
    await browser.close();
    await scenario.stop();
  });

  it('lead from what is happening now to the turn that shows why cost doubled, in six clicks at most', async () => {
    const mouse = countClicks();
    await mouse.click(page.getByRole('link', { name: 'Costs' }));
    await mouse.click(page.getByRole('tab', { name: 'Why it changed' }));
    await mouse.click(page.getByRole('link', { name: 'Yesterday' }));
    const first = page.getByRole('region', { name: 'Likely causes' }).getByRole('listitem').first();
    await first.getByText('prompt answer@v1 → answer@v2: less of the input is read from a cache').waitFor();
    await shoot(page, 'costs-why');
    await mouse.click(first.getByRole('link', { name: 'What was wasted in this time' }));
    const finding = page.getByRole('listitem').filter({ hasText: 'Prompts break off from the cache' }).first();
    await finding.getByText('A time changes from call to call').waitFor();
    await finding.getByText('Put what changes from call to call behind what stays').waitFor();
    await shoot(page, 'costs-waste');
    await mouse.click(finding.getByRole('link', { name: 'turn 1' }));
    await page.waitForURL(new RegExp(`/turns/desk-${TODAY - DAY_MS}`));
    expect(mouse.clicks).toBeLessThanOrEqual(6);
  });

  it('draws the change as parts that add up, from what was to what is', async () => {
    await open(`?tab=why&since=${new Date(TODAY - DAY_MS).toISOString()}&until=${new Date(TODAY).toISOString()}`);
    const rows = page.getByRole('table', { name: /^Spend went from/ }).getByRole('row');
    await rows.nth(1).waitFor();
    const asked = new URLSearchParams({ from: new Date(TODAY - DAY_MS).toISOString(), to: new Date(TODAY).toISOString() });
    const answer = await fetch(`${scenario.url}/api/costs/explain?${asked.toString()}`, { headers: { authorization: `Bearer ${scenario.apiKey}` } });
    const { parts } = (await answer.json()) as { parts: Record<string, number> };
    const names = (await rows.getByRole('rowheader').allTextContents());
    expect([names[0], names.at(-1)]).toEqual(['Before', 'After']);
    expect(names).toHaveLength(2 + Object.values(parts).filter((nano) => nano !== 0).length);
    await page.getByRole('region', { name: 'Where it changed' }).getByText('answer@v1 → answer@v2').first().waitFor();
  }); // prettier-ignore

  it('say what is spent over time, what rests on counted usage, and what has no price', async () => {
    await open('');
    await page.getByText('In no sum: which models').waitFor();
    await page.getByRole('heading', { name: 'Of it rests on counted usage' }).waitFor();
    await page.getByRole('grid', { name: 'Spend by the day' }).waitFor();
    await shoot(page, 'costs-spend');
    const chart = page.getByRole('application', { name: /^Spend over time/ });
    await chart.focus();
    await chart.press('ArrowRight');
    for (let day = 0; day < 8; day++) await chart.press('ArrowRight');
    await chart.press('ArrowLeft');
    await chart.press('Enter');
    await page.getByRole('link', { name: /^Why this day/ }).click();
    await page.waitForURL(/tab=why/);
    expect(new URL(page.url()).searchParams.get('since')).toBe(new Date(TODAY - DAY_MS).toISOString());
  });

  it('say who spends by any dimension, and give the table as a file', async () => {
    await open('?tab=top&top=service');
    const table = page.getByRole('grid', { name: 'Spend by service' });
    await table.getByRole('link', { name: 'desk' }).waitFor();
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Download CSV' }).click()]);
    const lines = readFileSync(await file.path(), 'utf8').trim().split('\r\n');
    expect(lines[0]).toContain('value,cost_nano_usd,usd');
    expect(lines.slice(1).map((line) => line.split(',')[0]).sort()).toEqual(['desk', 'lab', 'pay', 'shop']); // prettier-ignore
    await page.getByLabel('Who, by').selectOption('flag:');
    await page.getByText('Type the name of the flag').waitFor();
    await page.getByLabel('Its name').fill('new_prompt');
    await page.keyboard.press('Enter');
    await page.getByRole('grid', { name: 'Spend by flag:new_prompt' }).waitFor();
    await page.getByRole('columnheader', { name: 'Calls' }).getByRole('button').click();
    expect(await page.getByRole('columnheader', { name: 'Calls' }).getAttribute('aria-sort')).not.toBe('none');
  }); // prettier-ignore

  it('say what would have been, with an interval, and what is wrong in the form at its field', async () => {
    await open('?tab=what-if');
    const form = page.getByRole('form', { name: 'What if' });
    const ask = form.getByRole('button', { name: 'What if?' });
    await page.getByRole('region', { name: 'Worth a thought' }).getByText('80 % interval').first().waitFor();
    await form.getByLabel('Input from a cache, %').fill('120');
    await ask.click();
    await form.getByRole('alert').filter({ hasText: '0 to 100 percent' }).waitFor();
    await form.getByLabel('Input from a cache, %').fill('');
    await form.getByLabel('Answered by').fill('openai/no-such-model');
    await ask.click();
    await form.locator('label', { hasText: 'Answered by' }).getByRole('alert').filter({ hasText: 'no known price' }).waitFor();
    await form.getByLabel('Answered by').fill('openai/gpt-4o-mini');
    await ask.click();
    await page.getByRole('region', { name: 'It would have cost' }).getByText(/gpt-4o-mini instead/i).waitFor();
    expect(new URL(page.url()).searchParams.get('with')).toBe('openai/gpt-4o-mini');
    await shoot(page, 'costs-what-if');
  }); // prettier-ignore

  it('makes, changes and deletes a budget; what the server refuses stands at its field', async () => {
    await open('?tab=budgets');
    await page.getByText('No budget is set').waitFor();
    await page.getByRole('button', { name: 'New budget' }).click();
    const dialog = page.getByRole('dialog', { name: 'New budget' });
    const problemOf = (label: string) => dialog.locator('label', { hasText: label }).getByRole('alert');
    await dialog.getByRole('button', { name: 'Create' }).click();
    await problemOf('Name').waitFor();
    await dialog.getByLabel('Name').fill('all calls');
    await dialog.getByLabel('Dollars', { exact: false }).first().fill('2');
    await dialog.getByRole('button', { name: 'Create' }).click();
    await problemOf('Name').filter({ hasText: 'letters' }).waitFor();
    await dialog.getByLabel('Name').fill('all-calls');
    await dialog.getByLabel('Warn from').fill('3');
    await dialog.getByRole('button', { name: 'Create' }).click();
    await problemOf('Warn from').filter({ hasText: 'is more than usd' }).waitFor();
    expect(await barriersOn(page)).toEqual([]);
    await dialog.getByLabel('Warn from').fill('1');
    await dialog.getByLabel('Only calls with').fill('colour=red');
    await dialog.getByRole('button', { name: 'Create' }).click();
    await problemOf('Only calls with').filter({ hasText: 'no dimension of a budget' }).waitFor();
    await dialog.getByLabel('Only calls with').fill('');
    await dialog.getByRole('button', { name: 'Create' }).click();
    await dialog.waitFor({ state: 'hidden' });
    const card = page.getByRole('listitem').filter({ hasText: 'all-calls' });
    await card.getByText('Burn rate').waitFor();
    expect(await card.textContent()).toContain('of $2.00 this month');
    await shoot(page, 'costs-budgets');
    await card.getByRole('button', { name: 'Change' }).click();
    await page.getByRole('dialog').getByLabel('Dollars', { exact: false }).first().fill('20000');
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await card.getByText('of $20,000 this month').waitFor();
    await card.getByRole('button', { name: 'Change' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete it: sure' }).click();
    await page.getByText('No budget is set').waitFor();
  });

  it('keeps who may only read from changing budgets, and says why', async () => {
    const reader = await signIn(browser, scenario, READER_KEY);
    await reader.page.goto(`${scenario.url}/costs?tab=budgets`);
    await reader.page.getByText('has no scope admin').first().waitFor();
    expect(await reader.page.getByRole('button', { name: 'New budget' }).isDisabled()).toBe(true);
    expect(reader.errors).toEqual([]);
    await reader.page.context().close();
  });

  it('names models without a price, and where the price of a model comes from', async () => {
    await open('?tab=prices');
    await page.getByRole('region', { name: 'Models without a price' }).first().getByText('openai/no-such-model').waitFor();
    await page
      .getByRole('textbox', { name: 'Model' })
      .or(page.getByRole('combobox', { name: 'Model' }))
      .fill('gpt-4o');
    await page.keyboard.press('Enter');
    const prices = page.getByRole('region', { name: 'Prices by source' });
    await prices.getByText('the built-in table').waitFor();
    expect(await prices.textContent()).toContain('$2.5');
  });

  it('teaches where there is nothing, and says what to do where a question fails', async () => {
    await open('?service=nobody');
    await page.getByText('Nothing was spent in this time').waitFor();
    await page.route('**/api/costs/waste*', (route) => route.fulfill({ status: 500, contentType: 'application/json', body: JSON.stringify({ error: { code: 'internal', message: 'something broke', fix: 'try again' } }) }));
    await open('?tab=waste');
    await page.getByRole('alert').filter({ hasText: 'something broke' }).waitFor();
    await page.unroute('**/api/costs/waste*');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('heading', { name: 'Prompts break off from the cache' }).first().waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
  }); // prettier-ignore

  it('goes by keys alone from page to tab', async () => {
    await page.goto(`${scenario.url}/`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('c');
    await page.waitForURL(/\/costs/);
    await page.getByRole('tab', { name: 'Spend', exact: true }).focus();
    for (const next of ['Top spenders', 'Why it changed']) {
      await page.keyboard.press('ArrowRight');
      await page.locator('[role="tab"]:focus', { hasText: next }).waitFor();
    }
    await page.keyboard.press('Enter');
    await page.waitForURL(/tab=why/);
    expect(await page.getByRole('tab', { name: 'Why it changed' }).getAttribute('aria-selected')).toBe('true');
  });

  it.each([
    ['light', 1280],
    ['dark', 390],
  ] as const)('keeps nobody out, in the %s and %i px wide', async (colorScheme, width) => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 800 });
    await open('');
    for (const tab of TABS) {
      await page.getByRole('tab', { name: tab, exact: true }).click();
      await page.getByRole('status', { name: 'loading' }).first().waitFor({ state: 'detached' });
      expect({ tab, barriers: await barriersOn(page), fits: await fits(page) }).toEqual({ tab, barriers: [], fits: true });
      await shoot(page, `costs-${tab.toLowerCase().replaceAll(' ', '-')}-${colorScheme}-${width}`);
    }
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  it('names no error in all of this', () => expect(errors).toEqual([]));
});
