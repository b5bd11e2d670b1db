import { MINUTE_MS } from '@telltale/kernel';
import { createRandom } from '@telltale/simulator';
import { openBrowser } from '@telltale/testkit/browser';
import { type Browser, type Page } from 'playwright-core';
import { SLOW, slowRegion } from '../answers/slow-region';
import { turnEvents } from '../answers/turns';
import { type Scenario, startScenario } from '../harness/scenario';
import { eventually } from '../harness/service-process';
import { becomes } from './becomes';
import { barriersOn } from './browser';
import { describeInBrowser, fits, shoot, signIn } from './pages';

jest.setTimeout(240_000);

interface Incident {
  readonly id: string;
  readonly title: string;
  readonly onset_at: string;
  readonly peak_score: number;
  readonly kind: string;
  readonly merged_into: string;
}

/** Turns of right now, which cost something. */
const liveTurns = (now: number) =>
  Array.from({ length: 12 }, (_, i) =>
    turnEvents(
      { id: `live-${i}`, session: `live-${i}`, user: `live-${i}`, service: 'travel', version: SLOW.version, region: 'us', prompt: ['concierge', 'v3'], at: now - 20_000 + i, asked: 'A seat to Oslo?', answer: 'Two.', status: 'ok' },
      [{ tool: SLOW.tool, ms: 400, arguments: { city: 'Oslo' }, result: { items: 2 } }],
      createRandom(i),
    ),
  ).flat(); // prettier-ignore

describeInBrowser('an incident in the console (left out where this machine has no Chromium)', () => {
  let scenario: Scenario;
  let browser: Browser;
  let page: Page;
  /** Of the slow tool, and of a budget that is passed, which lasts until its month ends. */
  let incident: Incident;
  let ofBudget: Incident;
  let errors: readonly string[];

  beforeAll(async () => {
    scenario = await startScenario('incident');
    const end = Date.now() - 2 * MINUTE_MS;
    scenario.telltale('settings', 'set', 'budget', 'small', 'usd=0.0001');
    await scenario.send(slowRegion(end));
    await scenario.send(liveTurns(Date.now()));
    scenario.telltale('deploys', 'add', '--service', 'travel', '--release', '2.4.1', '--text', 'travel 2.4.1, a new cache');
    const [found, passed] = await eventually('both incidents', () => {
      const all = scenario.lines<Incident>('incidents', 'list');
      const ofTool = all.filter(({ title, onset_at: at, merged_into: into }) => title.includes(SLOW.tool) && into === '' && Date.parse(at) >= end - 61 * MINUTE_MS);
      const seen = [ofTool.sort((a, b) => b.peak_score - a.peak_score)[0], all.find(({ title }) => title === 'Budget small: its limit is passed')] as const;
      return Promise.resolve({ done: seen.every((one) => one !== undefined), seen });
    }, 60_000, 1_000); // prettier-ignore
    if (!found || !passed) throw new Error('an incident is missing');
    incident = found;
    ofBudget = passed;
    browser = await openBrowser();
    ({ page, errors } = await signIn(browser, scenario, scenario.apiKey));
  });
  afterAll(async () => {
    await browser?.close();
    await scenario.stop();
  });
  const open = async (path: string): Promise<void> => {
    await page.goto(`${scenario.url}${path}`);
    await page.getByRole('heading', { level: 1 }).waitFor();
  };
  const causes = () => page.getByRole('region', { name: 'Why' }).getByRole('listitem');
  const done = (text: RegExp) => page.getByRole('status').filter({ hasText: text });

  it('shows how the bots are after two requests of the API: what is wrong first, what changed, spend today, the rate of events', async () => {
    const asked: string[] = [];
    page.on('request', (request) => {
      if (new URL(request.url()).pathname.startsWith('/api/')) asked.push(new URL(request.url()).pathname);
    });
    await page.goto(scenario.url);
    await page.getByRole('heading', { level: 1, name: /open\. .*turns in the last 60 minutes/ }).waitFor();
    await page.getByText('Spent today').waitFor();
    expect(new Set(asked.slice(0, 2))).toEqual(new Set(['/api/session', '/api/now']));
    const changes = page.getByRole('region', { name: 'What changed' });
    await changes.getByText('travel 2.4.1, a new cache').waitFor();
    expect(await page.getByRole('region', { name: 'Incidents' }).getByRole('link', { name: ofBudget.title }).count()).toBe(1);
    expect(await page.locator('.minute-chart .deploy').count()).toBeGreaterThan(0);
    await page.getByText('Events a second').waitFor();
    await eventually('a rate', async () => {
      const seen = await page.locator('.stat', { hasText: 'Events a second' }).textContent();
      return { done: /[1-9]/.test(seen ?? ''), seen };
    }, 60_000, 500); // prettier-ignore
    expect(await barriersOn(page)).toEqual([]);
    await shoot(page, 'now');
  });

  it('reads the turns over time by keys, and leads from a bar to its turns', async () => {
    await page.getByRole('application', { name: /Turns over time/ }).focus();
    for (const key of ['ArrowLeft', 'ArrowLeft', 'ArrowLeft', 'Enter']) await page.keyboard.press(key);
    await page.getByRole('link', { name: 'These turns' }).waitFor();
    expect(await page.getByRole('link', { name: 'These turns' }).getAttribute('href')).toMatch(/^\/turns\?since=.+&until=/);
    await page.keyboard.press('Escape');
    expect(await page.getByRole('link', { name: 'These turns' }).count()).toBe(0);
  });

  it('leads to the cause with one click', async () => {
    await page.getByRole('region', { name: 'Incidents' }).locator(`a[href="/incidents/${incident.id}"]`).click();
    await page.waitForURL(new RegExp(`/incidents/${incident.id}`));
    await causes().first().getByText(`region ${SLOW.region}, in tool ${SLOW.tool}`).waitFor();
    await page.getByRole('region', { name: 'Series' }).getByRole('application').waitFor();
    expect(await page.getByText(/Ruled out, and why: \d/).count()).toBe(1);
    expect(await barriersOn(page)).toEqual([]);
    await shoot(page, 'incident');
  });

  it('lays a bad turn beside a good one like it, and says what differs', async () => {
    const compared = page.getByRole('region', { name: 'What both turns did' });
    await compared
      .getByRole('row')
      .filter({ hasText: SLOW.tool })
      .getByText(/times as long/)
      .waitFor();
    const rows = await compared.getByRole('row').count();
    const others = page.getByRole('button', { name: /^Show .*alike$/ });
    const hidden = await others.count();
    for (const button of await others.all()) await button.click();
    await compared
      .getByRole('row')
      .nth(rows - 1 + hidden)
      .waitFor();
    const before = page.url();
    await page.getByRole('combobox', { name: /Bad turn/ }).selectOption({ index: 1 });
    await page.waitForURL(/bad=/);
    expect(page.url()).not.toBe(before);
    await compared.getByRole('row').filter({ hasText: SLOW.tool }).waitFor();
  });

  it('has the series with its strip of evaluations, whose departures open their rows', async () => {
    const strip = page.getByRole('list', { name: 'How the detector judged it over time' });
    const departed = strip.getByRole('link', { name: /anomaly; its rows/ }).first();
    await departed.waitFor();
    const href = new URL((await departed.getAttribute('href')) ?? '', scenario.url);
    expect(href.pathname).toBe('/explore');
    expect(href.searchParams.get('where')).toContain(`name:"${SLOW.tool}"`);
    expect(Date.parse(href.searchParams.get('since') ?? '')).toBeLessThan(Date.parse(href.searchParams.get('until') ?? ''));
  });

  it('has what happened in order: the deploy before the onset', async () => {
    const entries = page.getByRole('region', { name: 'Timeline' }).getByRole('listitem');
    // What turns had for the first time is known some seconds after them, and the page asks again every fifteen.
    await page.locator('.timeline [data-kind="deploy"]', { hasText: SLOW.version }).first().waitFor({ timeout: 90_000 }); // prettier-ignore
    const kinds = await entries.evaluateAll((all) => all.map((one) => (one as unknown as { dataset: { kind?: string } }).dataset.kind)); // prettier-ignore
    expect(kinds.indexOf('deploy')).toBeGreaterThanOrEqual(0);
    expect(kinds.indexOf('onset')).toBeGreaterThan(kinds.indexOf('deploy'));
    expect(await entries.nth(kinds.indexOf('deploy')).textContent()).toContain(SLOW.version);
  });

  it('shows the same to whoever opens the link', async () => {
    await page.getByRole('button', { name: 'Its turns' }).nth(1).click();
    await page.waitForURL(/cause=1/);
    await page.reload();
    await causes().nth(1).waitFor();
    expect(await page.locator('.cause[data-chosen]').textContent()).toBe(await causes().nth(1).textContent());
  });

  it('is found and acknowledged by keys alone', async () => {
    await open('/');
    for (const key of ['g', 'i']) await page.keyboard.press(key);
    const grid = page.getByRole('grid', { name: 'Incidents' });
    await grid.getByText(ofBudget.title).first().waitFor();
    await shoot(page, 'incidents');
    expect(await barriersOn(page)).toEqual([]);
    const rows = await grid.getByRole('row').allTextContents();
    const row = rows.findIndex((text) => text.includes(ofBudget.title));
    for (let i = 0; i < row; i++) await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.waitForURL(new RegExp(`/incidents/${ofBudget.id}`));
    await page.getByRole('button', { name: /Acknowledge/ }).waitFor();
    await page.keyboard.press('a');
    await done(/Acknowledged\./).waitFor();
    await page
      .getByText(/acknowledged by/)
      .first()
      .waitFor();
    await becomes(() => page.getByRole('button', { name: /Acknowledge/ }).isDisabled(), true);
  });

  it('is silenced for a while by keys, and that is undone', async () => {
    await page.keyboard.press('s');
    await page.getByRole('dialog').getByLabel('Why, for others').waitFor();
    await page.keyboard.type('known');
    await page.keyboard.press('Enter');
    await done(/Silenced for 1 h/).waitFor();
    await page.getByText('Silenced', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await done(/The silence is over/).waitFor();
    await page.getByText('Silenced', { exact: true }).waitFor({ state: 'detached' });
    await becomes(() => page.getByRole('region', { name: 'Timeline' }).getByText(/silenced until .*: known/).count(), 1); // prettier-ignore
  });

  it('is assigned, taken back, and noted', async () => {
    await page.keyboard.press('o');
    await page.getByLabel(/Owner/).fill('bea');
    await page.getByRole('button', { name: 'Assign to bea' }).click();
    await done(/Assigned to bea/).waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await done(/Assigned to (?!bea)/).waitFor();
    await page.keyboard.press('n');
    await page.getByLabel('What is to be remembered').fill('<b>the upstream</b> is slow');
    await page.keyboard.press('Enter');
    await done(/on the timeline/).waitFor();
    await becomes(() => page.getByRole('region', { name: 'Timeline' }).getByText('<b>the upstream</b> is slow').count(), 1);
    await shoot(page, 'incident-done');
  });

  it('is resolved after one has been asked, and is in the list as that', async () => {
    await page.keyboard.press('r');
    await page.getByRole('dialog').getByLabel('What ended it, for others').fill('rolled back');
    await page.keyboard.press('Enter');
    await done(/Resolved\./).waitFor();
    await open('/incidents?state=closed');
    await page.getByRole('grid', { name: 'Incidents' }).getByText(ofBudget.title).first().waitFor();
    expect(await page.getByRole('grid', { name: 'Incidents' }).getByText('resolved').count()).toBeGreaterThan(0);
  });

  it('has an anomaly labelled, and that lifted again', async () => {
    await open(`/incidents/${incident.id}`);
    const rows = page.getByRole('region', { name: 'Anomalies' }).getByRole('row');
    await rows.last().getByRole('button', { name: 'Label…' }).click();
    await page.getByRole('dialog').getByLabel('It was').selectOption('false_positive');
    await page.getByRole('dialog').getByRole('button', { name: 'Label', exact: true }).click();
    await done(/Labelled a false positive/).waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await done(/Labelled real/).waitFor();
    expect(await page.getByRole('button', { name: 'Undo' }).count()).toBe(0);
  });

  it('is copied as text with its cause', async () => {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'Copy as text' }).click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    const copied = await page.evaluate(() => (globalThis as unknown as { navigator: { clipboard: { readText(): Promise<string> } } }).navigator.clipboard.readText()); // prettier-ignore
    // Its title follows what is found of it: it is the one that the page shows.
    expect(copied).toContain((await page.getByRole('heading', { level: 1 }).textContent()) ?? '(no title)');
    expect(copied).toContain(`/incidents/${incident.id}`);
  });

  it('is only read with a key that has no scope to do more, and says why', async () => {
    const { key } = scenario.telltale<{ key: string }>('settings', 'set', 'api_key', 'reader', 'scopes=read');
    const { page: reading } = await signIn(browser, scenario, key);
    await reading.goto(`${scenario.url}/incidents/${incident.id}`);
    await reading.getByText('has no scope control: it can be read only').waitFor();
    expect(await reading.getByRole('button', { name: /Acknowledge|Silence…|Resolve…|Note…|Assign…/ }).evaluateAll((all) => all.every((one) => (one as unknown as { disabled: boolean }).disabled))).toBe(true);
    await reading.keyboard.press('n');
    expect(await reading.getByRole('dialog').count()).toBe(0);
    await reading.context().close();
  }); // prettier-ignore

  it('says what to do where nothing fits, and where there is no such incident', async () => {
    await open('/incidents?service=nobody');
    await page.getByText('Choose a longer time, or take out a filter').waitFor();
    await open('/incidents/unknown');
    await page.getByRole('alert').getByText('there is no incident of this id').waitFor();
    expect(await barriersOn(page)).toEqual([]);
  });

  it('works in the dark, on a phone', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.emulateMedia({ colorScheme: 'dark' });
    for (const path of ['/', '/incidents', `/incidents/${incident.id}`]) {
      await open(path);
      await page.waitForLoadState('networkidle');
      expect([path, await fits(page), await barriersOn(page)]).toEqual([path, true, []]);
      await shoot(page, `phone-dark${path.replaceAll('/', '-')}`.slice(0, 24));
    }
    await page.setViewportSize({ width: 1280, height: 900 });
    await open(`/incidents/${incident.id}`);
    await causes().first().waitFor();
    expect(await barriersOn(page)).toEqual([]);
    await shoot(page, 'incident-dark');
  });

  it('names no error in all of this', () => expect(errors).toEqual([]));
});
