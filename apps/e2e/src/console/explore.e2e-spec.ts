import { MINUTE_MS } from '@telltale/kernel';
import { createRandom } from '@telltale/simulator';
import { openBrowser } from '@telltale/testkit/browser';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { type Browser, type Page } from 'playwright-core';
import { turnEvents } from '../answers/turns';
import { ROOT } from '../harness/python-sdk';
import { type Scenario, startScenario } from '../harness/scenario';
import { becomes } from './becomes';
import { barriersOn } from './browser';
import { describeInBrowser, fits, shoot, signIn } from './pages';

jest.setTimeout(240_000);
const CLI = join(ROOT, 'dist', 'apps', 'cli', 'main.cjs');
const TURNS = 120;
const HOSTILE = '"><img src=x onerror="window.hit=1">\' \\ $(x)';

/** Turns of a shop over an hour and a half. Every third of the last half hour is of version 2, whose refunds take eight seconds. */
function turnsUntil(now: number) {
  const random = createRandom(3);
  return Array.from({ length: TURNS }, (_, i) => {
    const at = now - 92 * MINUTE_MS + i * 45_000;
    const isNew = i % 3 === 0 && i >= 80;
    const asked = i % 3 === 0 ? 'I want a refund of my order' : 'Where is my order?';
    const tool = i % 3 === 0 ? 'refund_payment' : 'find_order';
    const turn = { id: `turn-${i}`, session: `session-${i}`, user: `user-${i % 7}`, service: 'shop', version: isNew ? '2' : '1', region: i === 1 ? HOSTILE : 'eu', prompt: ['support', '1'] as const, at, asked, answer: 'Done', status: i % 10 === 9 ? ('error' as const) : ('ok' as const) };
    return turnEvents(turn, [{ tool, ms: isNew ? 8_000 : 60, arguments: { i }, result: { ok: true } }], random);
  }).flat();
} // prettier-ignore

describeInBrowser('the page Explore (left out where this machine has no Chromium)', () => {
  let scenario: Scenario;
  let browser: Browser;
  let page: Page;
  let errors: readonly string[];

  beforeAll(async () => {
    scenario = await startScenario('explore');
    await scenario.send(turnsUntil(Date.now()));
    browser = await openBrowser();
    ({ page, errors } = await signIn(browser, scenario, scenario.apiKey, { height: 900, refused: /401|400/ }));
  });
  afterAll(async () => {
    await browser.close();
    await scenario.stop();
  });
  const open = async (query = 'since=6h'): Promise<void> => {
    await page.goto(`${scenario.url}/explore?${query}`);
    await page.getByRole('heading', { level: 1, name: 'Explore' }).waitFor();
  };
  const asked = (name: string): string => new URL(page.url()).searchParams.get(name) ?? '';
  const chips = () => page.getByRole('list', { name: 'Filters in force' });
  const says = (text: string | RegExp) => page.getByRole('main').getByText(text).first().waitFor();
  /** What a copied command prints, as a shell runs it. */
  const runCopied = <T>(command: string): T => {
    const env = { PATH: process.env['PATH'] ?? '', TELLTALE_URL: scenario.url, TELLTALE_KEY: scenario.apiKey };
    const shell = `telltale() { '${process.execPath}' '${CLI}' "$@"; }; ${command} --json`;
    return JSON.parse(execFileSync('sh', ['-c', shell], { env, encoding: 'utf8' })) as T;
  };
  const api = async <T>(path: string, body?: object, accept = 'application/json'): Promise<T> => {
    const answer = await fetch(`${scenario.url}${path}`, {
      method: body ? 'POST' : 'GET',
      headers: { authorization: `Bearer ${scenario.apiKey}`, accept, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return JSON.parse(/^data: (.*)$/m.exec(text)?.[1] ?? text) as T;
  };

  it('is opened by keys, and shows how many there were, values to filter by, and the rows', async () => {
    await page.keyboard.press('g');
    await page.keyboard.press('e');
    await page.waitForURL(/\/explore/);
    await says(`${TURNS} turns`);
    await page.keyboard.press('/');
    expect(
      await page
        .getByRole('combobox', { name: 'Filters' })
        .evaluate((input) => (input as unknown as { matches(what: string): boolean }).matches(':focus')),
    ).toBe(true);
    await page.keyboard.press('Escape');
    await page.getByRole('group', { name: 'service_version' }).waitFor();
    await page.getByRole('grid', { name: 'Turns' }).getByRole('link').first().waitFor();
    expect(await barriersOn(page)).toEqual([]);
    await shoot(page, 'explore-turns');
  });

  it('offers filters for a bare word, and takes the one that is marked', async () => {
    await open();
    const input = page.getByRole('combobox', { name: 'Filters' });
    await input.fill('refund_p');
    await page.getByRole('option', { name: 'tools:refund_payment' }).waitFor();
    await shoot(page, 'explore-offers');
    await input.press('ArrowDown');
    await input.press('Enter');
    await page.waitForURL(/where=/);
    expect(asked('where')).toBe('tools:refund_payment');
    await chips().getByText('tools:refund_payment', { exact: true }).waitFor();
    await says('40 turns');
  });

  it('offers fields, says which these rows have not, and what is no field', async () => {
    await open();
    const input = page.getByRole('combobox', { name: 'Filters' });
    await input.fill('tool_na');
    const offer = page.getByRole('option', { name: /tool_name:/ });
    await offer.waitFor();
    expect([await offer.getAttribute('aria-disabled'), await offer.textContent()]).toEqual(['true', expect.stringContaining('a field of events')]);
    await input.fill('colour:r');
    await page.getByRole('alert').getByText(/which is no field/).waitFor();
    await input.fill('duration_ms>5s status:ok');
    await input.press('Enter');
    await page.waitForURL(/where=/);
    await says('12 turns');
  }); // prettier-ignore

  it('filters by a value that is clicked, turns a filter round, and takes it out', async () => {
    await open();
    await page.getByRole('group', { name: 'service_version' }).getByRole('checkbox', { name: /^2/ }).click();
    await page.waitForURL(/where=/);
    expect(asked('where')).toBe('service_version:2');
    await says('13 turns');
    // Its own filter does not bind its values: the other version can still be added.
    await becomes(() => page.getByRole('group', { name: 'service_version' }).getByRole('checkbox').count(), 2);
    await chips().getByRole('button', { name: 'service_version:2', exact: true }).click();
    await says(`${TURNS - 13} turns`);
    expect(asked('where')).toBe('-service_version:2');
    await chips().getByRole('button', { name: 'Take out -service_version:2' }).click();
    await says(`${TURNS} turns`);
  });

  it('groups, with the numbers of each group, and goes into one', async () => {
    await open('since=6h&measure=duration_ms&aggregation=max');
    await page.getByLabel('Group by').selectOption('service_version');
    const groups = page.getByRole('region', { name: 'Groups' });
    await groups.getByRole('row').nth(3).waitFor();
    expect(await groups.getByRole('row').count()).toBe(4);
    expect(await barriersOn(page)).toEqual([]);
    await shoot(page, 'explore-groups');
    await groups.getByRole('row', { name: /^2/ }).getByRole('button', { name: 'only' }).click();
    await page.waitForURL(/where=service_version/);
  });

  it('compares a box of the heat map that is dragged with the rest, and finds what makes it different', async () => {
    await open('since=6h&view=durations');
    const glass = page.getByRole('application', { name: /Durations of turns/ });
    await page.locator('canvas').first().waitFor();
    const box = await glass.boundingBox();
    if (!box) throw new Error('the heat map has no place');
    const [left, right, top] = [box.x + 70, box.x + box.width - 20, box.y + 22];
    await page.mouse.move(left, top);
    await page.mouse.down();
    await page.mouse.move(left + 3, top + 1);
    await page.mouse.up();
    // Too little to be a drag: a click, which keeps the tip.
    await page.getByText(/percentile .* of all turns/).waitFor();
    expect(asked('box')).toBe('');
    await shoot(page, 'explore-heat-map-tip');
    await page.keyboard.press('Escape');
    await page.mouse.move(left, top);
    await page.mouse.down();
    await page.mouse.move(right, top + 30, { steps: 4 });
    await page.mouse.up();
    await page.waitForURL(/box=/);
    const found = page.getByRole('region', { name: /What is different/ });
    await found.getByRole('listitem').first().waitFor();
    expect(await found.getByRole('listitem').first().textContent()).toContain('service_version');
    await says('Selected turns');
    await shoot(page, 'explore-differences');
    expect(await barriersOn(page)).toEqual([]);
    await page.getByRole('button', { name: 'Copy as' }).click();
    await page.getByRole('menuitem', { name: 'CLI of the comparison' }).click();
    const { differences } = runCopied<{ differences: { field: string }[] }>(
      (await page.getByLabel('The question as CLI of the comparison').textContent()) ?? '',
    );
    expect(differences[0]?.field).toBe('service_version');
    await page.getByRole('button', { name: 'Close' }).click();
    await found.getByRole('button', { name: 'Only service_version 2' }).click();
    await page.waitForURL(/service_version/);
  });

  it('does the same by keys alone, and shows it to whoever opens the link', async () => {
    await open('since=6h&view=durations');
    await page.locator('canvas').first().waitFor();
    const glass = page.getByRole('application', { name: /Durations of turns/ });
    await glass.focus();
    for (const key of ['ArrowLeft', 'ArrowUp', 'Shift+ArrowLeft', 'Shift+ArrowUp', 'Shift+ArrowUp'])
      await page.keyboard.press(key);
    await page.keyboard.press('Enter');
    await page.waitForURL(/box=/);
    const url = page.url();
    const heading = page.getByRole('heading', { name: /What is different/ });
    const text = await heading.textContent();
    await page.goto(url);
    await heading.waitFor();
    expect(await heading.textContent()).toBe(text);
    await page.getByRole('button', { name: 'End the comparison' }).click();
    await heading.waitFor({ state: 'detached' });
  });

  it.each([
    ['a group', 'since=6h&by=service_version&where=-intent:nothing'],
    ['what is hostile', `since=6h&measure=duration_ms&aggregation=p95&by=region&where=${encodeURIComponent(`region:"${HOSTILE.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}",eu tools:*`)}`],
  ])('copies questions that work as they are: of %s', async (_, query) => {
    await open(query);
    await page.getByRole('region', { name: 'Groups' }).waitFor();
    const copied = async (name: string): Promise<string> => {
      await page.getByRole('button', { name: 'Copy as' }).click();
      await page.getByRole('menuitem', { name, exact: true }).click();
      const text = (await page.getByLabel(`The question as ${name}`).textContent()) ?? '';
      await page.getByRole('button', { name: 'Close' }).click();
      return text;
    };
    const { groups } = runCopied<{ groups: { values: (number | null)[] }[] }>(await copied('CLI'));
    const points = groups.flatMap(({ values }) => values).filter((value) => value !== null && value !== 0);
    expect(points.length).toBeGreaterThan(0);
    const sql = await copied('SQL');
    const { rows } = await api<{ rows: { value: number }[] }>('/api/query', { sql });
    expect(rows).toHaveLength(points.length);
    const call = JSON.parse(await copied('MCP call')) as { params: { arguments: { sql: string } } };
    expect(call.params.arguments.sql).toBe(sql);
    const { result } = await api<{ result: { isError?: boolean; content: { text: string }[] } }>('/mcp', call, 'application/json, text/event-stream');
    expect([result.isError ?? false, result.content[0]?.text.includes('"value"')]).toEqual([false, true]);
  }); // prettier-ignore

  it('saves a view, opens it from the list, and deletes it', async () => {
    await open('since=6h&where=service_version:2&by=intent');
    await page.getByRole('button', { name: 'Views' }).click();
    await says(/No view is saved yet/).catch(() => undefined);
    await page.getByLabel('Save what is shown as').fill('New <b>version</b>');
    await page.getByRole('button', { name: 'Save view' }).click();
    await page.getByRole('status').getByText('Saved').waitFor();
    await shoot(page, 'explore-views');
    await open();
    await page.getByRole('button', { name: 'Views' }).click();
    await page.getByRole('link', { name: 'New <b>version</b>' }).click();
    await page.waitForURL(/by=intent/);
    expect([asked('where'), asked('since')]).toEqual(['service_version:2', '6h']);
    await page.getByRole('button', { name: 'Views' }).click();
    await page.getByRole('button', { name: 'Delete New <b>version</b>' }).click();
    await page.getByText(/No view is saved yet/).waitFor();
    await page.getByRole('button', { name: 'Close' }).click();
  });

  it('explores operations and logs as well, and leads to the turn of each', async () => {
    await open();
    await page.getByLabel('Explore').selectOption('events');
    await page
      .getByRole('group', { name: 'tool_name' })
      .getByRole('checkbox', { name: /refund_payment/ })
      .click();
    await says('40 events');
    await shoot(page, 'explore-events');
    await page.getByRole('grid').getByRole('link').first().click();
    await page.waitForURL(/\/turns\/turn-\d+\?op=/);
    expect(asked('op')).toMatch(/^turn-\d+-\d+$/);
  });

  it('says what to do where nothing matches, and where the address asks wrongly', async () => {
    await open('since=6h&where=intent:nothing');
    await page.getByRole('heading', { name: 'Nothing matches these filters' }).waitFor();
    await page.getByRole('button', { name: 'Take out all filters' }).click();
    await says(`${TURNS} turns`);
    await open('since=6h&where=colour:red');
    await page
      .getByRole('alert')
      .getByText(/which is no field/)
      .first()
      .waitFor();
    await shoot(page, 'explore-refused');
    expect(await barriersOn(page)).toEqual([]);
  });

  it('shows what is hostile as text, works in the dark and on a phone, and names no error in all of this', async () => {
    await open('since=6h&by=region');
    await page.getByRole('region', { name: 'Groups' }).getByText(HOSTILE).waitFor();
    expect(await page.evaluate(() => (globalThis as unknown as { hit?: number }).hit)).toBeUndefined();
    await page.emulateMedia({ colorScheme: 'dark' });
    await shoot(page, 'explore-dark');
    for (const view of ['time', 'durations']) {
      await page.setViewportSize({ width: 390, height: 800 });
      await open(`since=6h&view=${view}&selected=service_version:2`);
      await page
        .getByRole('region', { name: /What is different/ })
        .getByRole('listitem')
        .first()
        .waitFor();
      expect(await fits(page)).toBe(true);
      expect(await barriersOn(page)).toEqual([]);
      await shoot(page, `explore-dark-phone-${view}`);
    }
    expect(errors).toEqual([]);
  });
});
