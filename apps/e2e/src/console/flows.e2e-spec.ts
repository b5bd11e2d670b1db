import { DAY_MS, MINUTE_MS } from '@telltale/kernel';
import { openBrowser } from '@telltale/testkit/browser';
import { type Browser, type Page } from 'playwright-core';
import { ASKS_AGAIN, asksAgain } from '../answers/asks-again';
import { usualDay } from '../costs/doubled-day';
import { type Scenario, startScenario } from '../harness/scenario';
import { barriersOn } from './browser';
import { countClicks, describeInBrowser, fits, shoot, signIn } from './pages';

jest.setTimeout(300_000);
const TABS = ['Flow', 'Sessions by friction', 'Compare'] as const;

describeInBrowser('flows in the console (left out where this machine has no Chromium)', () => {
  let scenario: Scenario;
  let browser: Browser;
  let page: Page;
  let errors: readonly string[];
  const open = async (query: string): Promise<void> => {
    await page.goto(`${scenario.url}/flows${query}`);
    await page.getByRole('heading', { level: 1, name: 'Flows' }).waitFor();
  };
  const rowsOf = (label: string) => page.getByRole('region', { name: label }).last().getByRole('row');

  beforeAll(async () => {
    scenario = await startScenario('console-flows');
    // In the sessions of a usual day users ask twice for the same.
    await scenario.send([...usualDay(Math.floor(Date.now() / DAY_MS) * DAY_MS - 2 * DAY_MS), ...asksAgain(Date.now() - 2 * MINUTE_MS)]);
    browser = await openBrowser();
    ({ page, errors } = await signIn(browser, scenario, scenario.apiKey));
  }); // prettier-ignore
  afterAll(async () => {
    await browser.close();
    await scenario.stop();
  });

  it('lead from what is happening now to why users give up and to one of them, in six clicks at most', async () => {
    const mouse = countClicks();
    await mouse.click(page.getByRole('link', { name: 'Flows' }));
    const lost = page.getByRole('region', { name: 'Where users are lost' }).last();
    await lost.getByRole('row').nth(1).waitFor();
    await shoot(page, 'flows');
    await mouse.click(page.getByRole('tab', { name: 'Compare' }));
    await page.getByRole('heading', { level: 2, name: /^Worse with intake@v7: users have more friction/ }).waitFor();
    const friction = page.getByRole('listitem').filter({ hasText: 'friction of a session' });
    await friction.getByText(`With ${ASKS_AGAIN.after} users have more friction than with ${ASKS_AGAIN.before}.`).waitFor();
    expect(await friction.textContent()).toMatch(/95 % interval \+\d+ % to \+\d+ %/);
    await shoot(page, 'flows-compare');
    await mouse.click(page.getByRole('tab', { name: 'Sessions by friction' }));
    const journeys = page.getByRole('grid', { name: 'Sessions by friction' });
    await journeys.getByText('corrects the bot').first().waitFor();
    await mouse.click(journeys.getByRole('link').first());
    await page.waitForURL(/\/sessions\/care-/);
    expect(mouse.clicks).toBeLessThanOrEqual(6);
  });

  it('say where users are lost, how many and how long after, and list their sessions', async () => {
    await open('');
    const first = rowsOf('Where users are lost').nth(1);
    await first.waitFor();
    const [state = '', left = ''] = await first.getByRole('cell').allTextContents();
    expect(await first.textContent()).toMatch(/\d+ (min|s)/);
    await first.getByRole('link', { name: /^Sessions/ }).click();
    await page.waitForURL(/next=abandoned/);
    expect(`${new URL(page.url()).searchParams.get('state')}`.replace('/', ', ')).toBe(state);
    await page.getByRole('grid', { name: 'Sessions by friction' }).waitFor();
    const shown = Number(left) > 100 ? '100 sessions, and more' : `${left} sessions`;
    await page.getByRole('heading', { name: shown, exact: true }).waitFor();
  });

  it('list ways that lead back to the same wish, for which a diagram has no room', async () => {
    await open('');
    await rowsOf('Circles').nth(1).waitFor();
    expect(await rowsOf('Circles').nth(1).textContent()).toContain('↻');
  });

  it('keep what a click in the diagram says, with the sessions and turns behind it', async () => {
    await open('');
    const diagram = page.getByRole('img', { name: /^Ways of users/ });
    await diagram.locator('canvas').waitFor();
    const box = await diagram.boundingBox();
    const tip = page.locator('.chart-tip');
    await page.mouse.move((box?.x ?? 0) + 10, (box?.y ?? 0) + 60);
    await tip.getByText(/sessions, \d/).waitFor();
    await page.mouse.click((box?.x ?? 0) + 10, (box?.y ?? 0) + 60);
    await tip.getByRole('link', { name: 'Turns in this state' }).waitFor();
    expect(await tip.getByRole('link', { name: 'Turns in this state' }).getAttribute('href')).toMatch(/^\/turns\?.*outcome=answered/);
    await shoot(page, 'flows-tip');
    await tip.getByRole('link', { name: 'The sessions behind it' }).click();
    await page.waitForURL(/tab=journeys.*state=.*turn=1/);
    await page.getByText('With turn 1 in the state').waitFor();
    await page.getByRole('grid', { name: 'Sessions by friction' }).waitFor();
  }); // prettier-ignore

  it('say the same as a table, and what is left out of it', async () => {
    await open('?least=100');
    const ways = page.getByRole('grid', { name: 'Ways from turn to turn' });
    await ways.waitFor();
    await page.getByText(/were taken less often than asked for/).waitFor();
    const counts = (await ways.getByRole('row').allTextContents()).slice(1);
    expect(counts.length).toBeGreaterThan(0);
    await page.getByLabel('At least, sessions').fill('100000');
    await page.keyboard.press('Enter');
    await page.getByText('No way was taken that often').waitFor();
  });

  it('say where there is no effect, and ask for what is missing', async () => {
    await open(`?tab=compare&by=region&metrics=friction&prompt=${encodeURIComponent(ASKS_AGAIN.after)}`);
    await page.getByRole('heading', { level: 2, name: /^No effect of/ }).waitFor();
    await page.getByText('would have been found in four of five cases').first().waitFor();
    await open('?tab=compare&by=flag:');
    await page.getByText('Type the name of the flag').waitFor();
    await open('?tab=compare&by=prompt&mode=change');
    await page.getByText('When was it changed?').waitFor();
    await open('?tab=compare&by=flag:nothing');
    await page.getByText('There are not two groups to compare').waitFor();
    expect(await page.getByText('no session has a value of flag:nothing').isVisible()).toBe(true);
  });

  it('teach where there is nothing, and say what to do where a question fails', async () => {
    await open('?service=nobody');
    await page.getByText('No session in this time').waitFor();
    await open('?flag=broken');
    await page.getByText('No session in this time').waitFor();
    await page.route('**/api/flows*', (route) => route.fulfill({ status: 500, contentType: 'application/json', body: '{"error":{"code":"internal","message":"something broke"}}' }));
    await open('');
    await page.getByRole('alert').filter({ hasText: 'something broke' }).waitFor();
    await page.unroute('**/api/flows*');
    await page.getByRole('button', { name: 'Try again' }).click();
    await rowsOf('Where users are lost').nth(1).waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
  }); // prettier-ignore

  it('goes by keys alone from page to session', async () => {
    await page.goto(`${scenario.url}/`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('f');
    await page.waitForURL(/\/flows/);
    await page.getByRole('tab', { name: 'Flow', exact: true }).focus();
    await page.keyboard.press('ArrowRight');
    await page.locator('[role="tab"]:focus', { hasText: 'Sessions by friction' }).waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(/tab=journeys/);
    await page.getByRole('grid', { name: 'Sessions by friction' }).focus();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/sessions\//);
    expect(new URL(page.url()).pathname).toMatch(/^\/sessions\/.+/);
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
      await shoot(page, `flows-${tab.toLowerCase().replaceAll(' ', '-')}-${colorScheme}-${width}`);
    }
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  it('names no error in all of this', () => expect(errors).toEqual([]));
});
