import { MINUTE_MS } from '@telltale/kernel';
import { openBrowser } from '@telltale/testkit/browser';
import { type Browser, type Page } from 'playwright-core';
import { BROKEN, wrongId } from '../answers/wrong-id';
import { type Scenario, startScenario } from '../harness/scenario';
import { barriersOn } from './browser';
import { countClicks, describeInBrowser, fits, shoot, signIn } from './pages';
import { hardSession, hostileTurn, longTurn, richTurn } from './turn-events';

jest.setTimeout(240_000);

/** What would run, or change the page, if it were taken for HTML. */
const HOSTILE = [
  '<script>window.hit=1</script>', '<img src=x onerror="window.hit=1">', '"><svg onload="window.hit=1">', 'javascript:window.hit=1', '<iframe srcdoc="<script>parent.hit=1</script>">',
  '<a href="javascript:window.hit=1">x</a>', '{{constructor.constructor("window.hit=1")()}}', '<style>body{display:none}</style>', '<math><mtext><script>window.hit=1</script>', '\u202eevil\u0007',
]; // prettier-ignore

describeInBrowser('turns and sessions in the console (left out where this machine has no Chromium)', () => {
  let scenario: Scenario;
  let browser: Browser;
  let page: Page;
  let errors: readonly string[];
  const now = Date.now();

  beforeAll(async () => {
    scenario = await startScenario('console-turn');
    const hostile = HOSTILE.flatMap((text, i) => hostileTurn(`hostile-${i}`, now - 20 * MINUTE_MS + i, text));
    await scenario.send([
      ...wrongId(now - 2 * MINUTE_MS),
      ...richTurn('rich', now - 30 * MINUTE_MS),
      ...hardSession(now - 15 * MINUTE_MS),
      ...longTurn('long', now - 60 * MINUTE_MS, 1_000),
      ...longTurn('longest', now - 90 * MINUTE_MS, 5_050),
      ...hostile,
    ]);
    browser = await openBrowser();
    ({ page, errors } = await signIn(browser, scenario, scenario.apiKey, { width: 1_366, height: 900, refused: /40[14]/ }));
  });
  afterAll(async () => {
    await browser.close();
    await scenario.stop();
  });
  const open = async (path: string): Promise<void> => void (await page.goto(`${scenario.url}${path}`));
  const tree = () => page.getByRole('tree', { name: 'Operations of the turn' });
  const line = (name: string | RegExp) => tree().getByRole('treeitem', { name });
  const panel = () => page.getByRole('region', { name: 'Chosen operation' });
  const chosen = () => page.locator('[role="treeitem"][aria-selected="true"]');

  it('leads in at most six clicks from the first page to the step that went wrong, and to what differs from calls that worked', async () => {
    await open('/');
    const mouse = countClicks();
    await mouse.click(page.getByRole('link', { name: 'Turns', exact: true }));
    await mouse.click(page.getByRole('columnheader', { name: 'Outcome' }).getByRole('button'));
    await page.getByLabel('Service').fill('fares');
    await page.keyboard.press('Enter');
    await page.waitForURL(/service=fares/);
    await mouse.select(page.getByLabel('Outcome'), 'error');
    await page.waitForURL(/outcome=error/);
    await mouse.click(page.getByRole('grid', { name: 'Turns' }).getByRole('link').first());
    await page.waitForURL(new RegExp(BROKEN.turn));
    const explanation = page.getByRole('region', { name: 'Explanation' });
    await explanation
      .getByText(/PAX-88060/)
      .first()
      .waitFor();
    await mouse.click(explanation.getByRole('button', { name: new RegExp(BROKEN.first) }).first());
    await panel().getByRole('heading', { name: BROKEN.first }).waitFor();
    await panel().getByText('PAX-88060').first().waitFor();
    await mouse.select(panel().getByLabel('Compare with'), { index: 1 });
    await panel().getByRole('region', { name: 'Result' }).getByText('BK-').first().waitFor();
    expect(mouse.clicks).toBeLessThanOrEqual(6);
    await shoot(page, 'turn-wrong-id');
    expect(await barriersOn(page)).toEqual([]);
  });

  it('shows the same to whoever opens its link', async () => {
    const url = page.url();
    await page.reload();
    await panel().getByRole('region', { name: 'Result' }).getByText('BK-').first().waitFor();
    expect(page.url()).toBe(url);
    expect(await chosen().textContent()).toContain(BROKEN.first);
  });

  it('does not load the content of a turn before it is looked at', async () => {
    const asked: string[] = [];
    const note = (request: { url(): string }): void => void asked.push(new URL(request.url()).pathname);
    page.on('request', note);
    await open('/turns/rich');
    await panel().getByRole('heading').first().waitFor();
    await line('get_quote').first().waitFor();
    page.off('request', note);
    expect(asked).toContain('/api/turns/rich/operations');
    expect(asked.filter((path) => path === '/api/turns/rich')).toEqual([]);
    expect(asked.filter((path) => /rich-last\/fields/.test(path))).toEqual([]);
  });

  it('folds runs of the same tool, and shows a failure beside its recovery', async () => {
    await line(/×8 search_hotels/).waitFor();
    expect(await line(/^search_hotels/).count()).toBe(0);
    await line(/×8 search_hotels/).click();
    expect(await line(/^search_hotels/).count()).toBe(8);
    await line(/get_quote.*later/).click();
    expect(await line(/get_quote.*later/).textContent()).toContain('worked 80 ms later');
    await panel()
      .getByRole('button', { name: /Worked 80 ms later/ })
      .click();
    await panel().getByText('It works after a failure').waitFor();
    expect(page.url()).toContain('op=rich-quote-2');
    await shoot(page, 'turn-rich');
    expect(await barriersOn(page)).toEqual([]);
  });

  it('shows decisions with their options and reason, messages as a chat, and only the kinds that there are', async () => {
    await line('planner').click();
    await panel().getByText('The dates are known').waitFor();
    expect(await panel().locator('.options [aria-current="true"]').textContent()).toContain('search');
    await line('chat gpt-4o').first().click();
    await panel().locator('.chat li[data-role="user"]').getByText('A hotel in Porto').waitFor();
    const kinds = await page.getByRole('list', { name: 'Kinds of operations' }).textContent();
    expect([kinds?.includes('agent'), kinds?.includes('retrieval')]).toEqual([true, false]);
  });

  it('reads long content in parts, and finds a text in it', async () => {
    await line('chat gpt-4o').last().click();
    await panel()
      .getByRole('button', { name: /^In 30,0/ })
      .click();
    await panel().getByLabel('Find in in').fill('needle');
    await page.keyboard.press('Enter');
    await panel().getByText('1 place').waitFor();
    await panel()
      .getByRole('button', { name: /the needle is here/ })
      .click();
    await panel().locator('.find pre').waitFor();
    expect(await panel().locator('.find pre').textContent()).toContain('the needle is here');
  });

  it('zooms to the box that is drawn, with the wheel at the cursor, and fits again', async () => {
    const track = page.locator('.axis');
    const fit = page.getByRole('button', { name: 'Fit' });
    const box = await track.boundingBox();
    if (!box) throw new Error('the axis has no place');
    const wide = async (): Promise<number> => (await line('planner').locator('.step-bar').boundingBox())?.width ?? 0;
    expect(await fit.isDisabled()).toBe(true);
    const before = await wide();
    await page.mouse.move(box.x + box.width * 0.2, box.y + 10);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.2 + 2, box.y + 10);
    await page.mouse.up();
    expect(await fit.isDisabled()).toBe(true);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.6, box.y + 12, { steps: 4 });
    await page.mouse.up();
    expect(await fit.isDisabled()).toBe(false);
    await page.mouse.dblclick(box.x + box.width * 0.5, box.y + 10);
    expect([await fit.isDisabled(), await wide()]).toEqual([true, before]);
    await page.mouse.wheel(0, -400);
    await fit.click();
    expect(await fit.isDisabled()).toBe(true);
  });

  it('keeps what is in sight, what was opened, and where playback is, in its address', async () => {
    await open('/turns/rich');
    // It stands above, and takes its room when it comes.
    await page.getByRole('region', { name: 'Explanation' }).waitFor();
    await line(/×8 search_hotels/).click();
    const box = await page.locator('.axis').boundingBox();
    if (!box) throw new Error('the axis has no place');
    await page.mouse.move(box.x + box.width * 0.2, box.y + 10);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.6, box.y + 12, { steps: 4 });
    await page.mouse.up();
    await page.waitForURL(/zoom=0\.[12]\d*-0\.[56]\d*&.*toggled=/);
    const width = async () => (await line('planner').locator('.step-bar').boundingBox())?.width;
    const before = await width();
    await page.reload();
    await line('planner').waitFor();
    expect(await page.getByRole('button', { name: 'Fit' }).isDisabled()).toBe(false);
    expect([await line(/^search_hotels/).count(), Math.round((await width()) ?? 0)]).toEqual([8, Math.round(before ?? -1)]);
    await page.goto(`${page.url()}&played=40`);
    await page.getByRole('slider', { name: 'Time in the turn' }).waitFor();
    // In steps of a five hundredth of the turn.
    expect(Math.abs(Number(await page.getByRole('slider').inputValue()) - 40)).toBeLessThan(10);
    await page.getByRole('button', { name: 'End playback' }).click();
    await page.getByRole('button', { name: 'Fit' }).click();
    await page.waitForURL((url) => !/zoom|played/.test(url.search));
    await open('/turns/rich?zoom=<b>&toggled=[1&played=-3');
    await line('planner').waitFor();
    expect(await page.getByRole('button', { name: 'Fit' }).isDisabled()).toBe(true);
  });

  it('asks for the turn of a link on which the pointer rests, and for none that it passes', async () => {
    await open('/turns');
    const links = page.getByRole('grid').getByRole('link');
    await links.first().waitFor();
    const asked: string[] = [];
    const note = (request: { url(): string }): void => void asked.push(new URL(request.url()).pathname);
    page.on('request', note);
    const [place, next] = [await links.nth(0).boundingBox(), await links.nth(1).boundingBox()];
    if (!place || !next) throw new Error('the links have no place');
    const href = (await links.nth(1).getAttribute('href')) ?? '';
    const answered = page.waitForResponse((response) => response.url().includes(`/api${href.split('?')[0]}/operations`));
    await page.mouse.move(place.x + 3, place.y + 3);
    await page.mouse.move(next.x + 3, next.y + 3);
    await answered;
    page.off('request', note);
    expect(asked.filter((path) => path.endsWith('/operations'))).toEqual([`/api${href.split('?')[0]}/operations`]);
    await open('/turns/rich');
    await line('planner').waitFor();
  });

  it('is looked at compact, as a graph, by tokens, in dense rows, and played', async () => {
    await page.getByRole('button', { name: 'Compact' }).click();
    const bars = page.getByRole('listbox', { name: 'Operations of the turn by time' });
    await bars.getByRole('option', { name: /planner/ }).click();
    await panel().getByRole('heading', { name: 'planner' }).waitFor();
    await shoot(page, 'turn-compact');
    expect(await barriersOn(page)).toEqual([]);
    await page.getByRole('button', { name: 'Graph' }).click();
    await page.getByRole('button', { name: /search_hotels/ }).click();
    await page.waitForURL(/op=rich-search/);
    await page.getByRole('button', { name: 'Play', exact: true }).click();
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByLabel('Time in the turn').fill('0');
    await page.locator('.graph-node[data-state="ahead"]').first().waitFor();
    await shoot(page, 'turn-graph');
    expect(await barriersOn(page)).toEqual([]);
    await page.getByRole('button', { name: 'End playback' }).click();
    await page.getByRole('button', { name: 'Tree and time line' }).click();
    await page.locator('.turn-toolbar').getByLabel('Width').selectOption('tokens');
    await page.locator('.turn-toolbar').getByLabel('Rows').selectOption('densest');
    await page.waitForURL(/width=tokens/);
    expect((await chosen().boundingBox())?.height).toBe(4);
    expect(await barriersOn(page)).toEqual([]);
  });

  it('is used by keys alone', async () => {
    await open('/turns/rich?op=rich');
    await tree().focus();
    expect(await chosen().getAttribute('aria-level')).toBe('1');
    await page.keyboard.press('ArrowDown');
    await page.waitForURL(/op=rich-agent/);
    await page.keyboard.press('ArrowLeft');
    expect(await chosen().getAttribute('aria-expanded')).toBe('false');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('j');
    await page.waitForURL(/op=rich-llm/);
    await page.keyboard.press('k');
    await page.waitForURL(/op=rich-agent/);
    await page.keyboard.press('+');
    expect(await page.getByRole('button', { name: 'Fit' }).isDisabled()).toBe(false);
    await page.keyboard.press('0');
    expect(await page.getByRole('button', { name: 'Fit' }).isDisabled()).toBe(true);
    await page.getByRole('separator', { name: 'Width of the tree' }).focus();
    const wide = Number(await page.getByRole('separator', { name: 'Width of the tree' }).getAttribute('aria-valuenow'));
    await page.keyboard.press('ArrowRight');
    expect(
      Number(await page.getByRole('separator', { name: 'Width of the tree' }).getAttribute('aria-valuenow')),
    ).toBeGreaterThan(wide);
  });

  it('draws few of a thousand lines, and goes through them', async () => {
    await open('/turns/long');
    await line('turn').waitFor();
    expect(await page.locator('.step').count()).toBeLessThan(80);
    await tree().focus();
    await page.keyboard.press('End');
    await page.waitForURL(/op=long-999/);
    await line(/^step_99\b/)
      .last()
      .waitFor();
    await page.keyboard.press('Home');
    for (let i = 0; i < 20; i++) await page.keyboard.press('j');
    await page.waitForURL(/op=long-19$/);
    expect(await chosen().count()).toBe(1);
    await page.getByRole('textbox', { name: 'Find' }).fill('step_77');
    await page.keyboard.press('Enter');
    await page.getByText('5 lines of 1,001 operations').waitFor();
    await shoot(page, 'turn-long');
  });

  it('says how much of a very long turn is loaded, and shows a chosen operation beyond it', async () => {
    await open('/turns/longest?op=longest-5040');
    await panel().getByRole('heading', { name: 'step_240' }).waitFor();
    await page.getByText('5,001 of its 5,051 operations are loaded').waitFor();
    await page.getByRole('button', { name: 'Load 5,000 more' }).click();
    await page.getByText('operations are loaded').waitFor({ state: 'detached' });
    expect(await chosen().textContent()).toContain('step_240');
  });

  it.each(HOSTILE.map((text, i) => [text, i] as const))('shows %j as text, wherever it stands', async (text, i) => {
    await open(`/turns/hostile-${i}`);
    await tree().waitFor();
    const steps = await tree().getByRole('treeitem').count();
    expect(steps).toBe(5);
    for (let n = 0; n < steps; n++) {
      await tree().getByRole('treeitem').nth(n).click();
      await panel().locator('.facts').getByText('Operation').waitFor();
    }
    for (const view of ['Compact', 'Graph']) await page.getByRole('button', { name: view }).click();
    await page.locator('.graph-node').first().waitFor();
    const session = encodeURIComponent(`session ${text}`);
    await open(`/sessions/${session}`);
    await page.getByRole('region', { name: 'Conversation' }).waitFor();
    await page.getByRole('button', { name: 'What it did' }).click();
    await page.locator('.done-lines').waitFor();
    expect(await page.evaluate('globalThis.hit')).toBeUndefined();
    expect(await page.locator('#root script, #root iframe, #root style, #root img').count()).toBe(0);
    expect(await page.getByRole('main').textContent()).toContain(text.slice(0, 8));
  });

  it('shows a session as its user saw it, with marks where it rubs, beside what the bot did', async () => {
    await open('/sessions');
    await page.getByRole('grid', { name: 'Sessions' }).waitFor();
    await shoot(page, 'sessions');
    expect(await barriersOn(page)).toEqual([]);
    await page.getByLabel('Service').fill('parcels');
    await page.keyboard.press('Enter');
    await page.waitForURL(/service=parcels/);
    await page.getByRole('link', { name: /Where is my parcel/ }).click();
    await page.getByRole('region', { name: 'Conversation' }).waitFor();
    const turns = page.locator('.chat-turn');
    expect(await turns.count()).toBe(3);
    expect(await turns.nth(1).textContent()).toContain('asks the same again');
    expect(await turns.nth(2).textContent()).toContain('asks for a person');
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await turns.nth(0).locator('.done-lines').getByText('track').waitFor();
    expect(page.url()).toContain('open=parcel-0');
    await shoot(page, 'session');
    expect(await barriersOn(page)).toEqual([]);
    await turns.nth(0).locator('.done-lines').getByRole('link', { name: 'track' }).click();
    await page.waitForURL(/\/turns\/parcel-0\?op=parcel-0-tool/);
  });

  it('shows conversations that go on, with what may become of them', async () => {
    await open('/sessions?tab=running');
    await page.getByRole('grid', { name: 'Sessions that go on' }).waitFor();
    await page.getByText(/Too few sessions have ended|Risk that a session ends abandoned/).waitFor();
    await shoot(page, 'sessions-running');
    expect(await barriersOn(page)).toEqual([]);
  });

  it.each(['/turns/nobody', '/sessions/nobody'])('says of %s that it is not there', async (path) => {
    await open(path);
    await page.getByRole('alert').first().waitFor();
    expect(await page.getByRole('alert').first().textContent()).toContain('there is no');
  });

  it('says what to do where no turn is like what is asked for', async () => {
    await open('/turns?service=nobody');
    await page.locator('.empty').waitFor();
    expect(await page.locator('.empty').textContent()).toContain('No turn like this');
    await open('/sessions?service=nobody');
    await page.locator('.empty').waitFor();
    expect(await page.locator('.empty').textContent()).toContain('No session like this');
  });

  it('works in the dark, on a phone: parts behind tabs, the chosen operation at the foot', async () => {
    await page.setViewportSize({ width: 390, height: 800 });
    await page.emulateMedia({ colorScheme: 'dark' });
    for (const [path, name] of [['/turns/rich', 'turn'], ['/sessions/parcel', 'session'], ['/sessions', 'sessions'], ['/turns', 'turns']] as const) {
      await open(path);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.locator('.skeleton').first().waitFor({ state: 'detached' });
      await shoot(page, `${name}-dark-phone`);
      expect([path, await fits(page), await barriersOn(page)]).toEqual([path, true, []]);
    }
    await open('/turns/rich');
    await line('planner').click();
    await page.locator('.peek').getByRole('button', { name: 'Open' }).click();
    await panel().getByText('The dates are known').waitFor();
    await shoot(page, 'turn-operation-dark-phone');
    expect([await fits(page), await barriersOn(page)]).toEqual([true, []]);
  }); // prettier-ignore

  it('had no error in all of this', () => {
    expect(errors).toEqual([]);
  });
});
