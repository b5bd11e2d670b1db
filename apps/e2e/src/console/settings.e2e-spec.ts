import { MINUTE_MS } from '@telltale/kernel';
import { type Browser, type Page } from 'playwright-core';
import { wrongId } from '../answers/wrong-id';
import { type Scenario, startScenario } from '../harness/scenario';
import { openBrowser } from '@telltale/testkit/browser';
import { barriersOn } from './browser';
import { describeInBrowser, enterKey, fits, shoot, signIn } from './pages';

jest.setTimeout(240_000);
/** Nobody answers there, and the sender may not ask. */
const NOWHERE = 'https://127.0.0.1:9/hook';

describeInBrowser('the settings page (left out where this machine has no Chromium)', () => {
  let scenario: Scenario;
  let browser: Browser;
  let page: Page;
  let errors: readonly string[];

  beforeAll(async () => {
    scenario = await startScenario('settings');
    await scenario.send(wrongId(Date.now() - 2 * MINUTE_MS));
    browser = await openBrowser();
    ({ page, errors } = await signIn(browser, scenario, scenario.apiKey, { height: 900, refused: /status of 4\d\d/ }));
    await page.getByRole('heading', { level: 1, name: /turns in the last/ }).waitFor();
  });
  afterAll(async () => {
    await browser.close();
    await scenario.stop();
  });
  const openTab = async (tab: string, title: string): Promise<void> => {
    await page.goto(`${scenario.url}/settings?tab=${tab}`);
    await page.getByRole('heading', { level: 2, name: title }).first().waitFor();
  };
  const dialog = () => page.getByRole('dialog');
  const keyWorks = async (key: string): Promise<number> =>
    (await fetch(`${scenario.url}/api/now`, { headers: { authorization: `Bearer ${key}` } })).status;

  it('opens by keys, and goes from part to part by arrows; which one stands in the address', async () => {
    await page.keyboard.press('g');
    await page.keyboard.press(',');
    await page.getByRole('tab', { name: 'API keys' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.locator('[role="tab"]:focus').filter({ hasText: 'Privacy' }).waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(/tab=privacy/);
    await page.getByRole('heading', { level: 2, name: 'What is kept' }).waitFor();
    expect(await page.getByRole('tab', { name: 'Privacy' }).getAttribute('aria-selected')).toBe('true');
  });

  it('makes a key in the browser, shows it once, and the key works; deleting it takes its name', async () => {
    await openTab('keys', 'API keys');
    const row = page.getByRole('row').filter({ hasText: 'embedded' });
    await row.getByText('this session').waitFor();
    expect(await row.getByRole('button', { name: 'Delete embedded' }).isDisabled()).toBe(true);
    await shoot(page, 'settings-keys');
    await page.getByRole('button', { name: 'New key' }).click();
    await dialog().getByLabel('name', { exact: false }).first().fill('not a name');
    await dialog().getByLabel('read', { exact: true }).check();
    await dialog().getByRole('button', { name: 'Make the key' }).click();
    await dialog()
      .getByText(/name: is not 1 to 100 letters/)
      .waitFor();
    expect(await barriersOn(page)).toEqual([]);
    await shoot(page, 'settings-new-key');
    await dialog().getByLabel('name', { exact: false }).first().fill('reader');
    const sent = page.waitForRequest(/api_key\/reader/);
    await dialog().getByRole('button', { name: 'Make the key' }).click();
    const key = (await dialog().locator('code').textContent()) ?? '';
    expect(key).toMatch(/^tt_[0-9a-f]{48}$/);
    expect((await sent).postData()).not.toContain(key);
    expect(await keyWorks(key)).toBe(200);
    await dialog().getByRole('button', { name: 'Close' }).click();
    expect(await page.content()).not.toContain(key);
    await page.getByRole('button', { name: 'Delete reader' }).click();
    expect(await dialog().getByRole('button', { name: 'Delete it' }).isDisabled()).toBe(true);
    await dialog().getByLabel('Type reader to delete it').fill('reader');
    await dialog().getByRole('button', { name: 'Delete it' }).click();
    await page.getByRole('row').filter({ hasText: 'reader' }).waitFor({ state: 'detached' });
    expect(await keyWorks(key)).toBe(401);
  });

  it('says in words what is kept, changes it, and shows what that does to a text', async () => {
    await openTab('privacy', 'What is kept');
    await page.getByRole('row', { name: /E-mail addresses masked/ }).waitFor();
    await page.getByRole('button', { name: 'Change privacy' }).click();
    await dialog().getByLabel('retention_days', { exact: false }).fill('9999');
    await dialog().getByLabel('privacy (optional)', { exact: false }).selectOption('pseudonymize');
    await dialog().getByRole('button', { name: 'Save' }).click();
    await dialog()
      .getByText(/retention_days: /)
      .waitFor();
    await dialog().getByLabel('retention_days', { exact: false }).fill('30');
    await dialog().getByRole('button', { name: 'Save' }).click();
    await page.getByRole('row', { name: /E-mail addresses pseudonym/ }).waitFor();
    await page.getByLabel('A message', { exact: false }).fill('Write to mia.rossi@example.com');
    await page.getByRole('button', { name: 'Show what is stored' }).click();
    await page.getByText(/Write to \[EMAIL~[a-p]{16}\]/).waitFor();
    expect(await page.locator('.tries > div').filter({ hasText: 'in force' }).textContent()).toContain('pseudonymize');
    expect(await barriersOn(page)).toEqual([]);
    await shoot(page, 'settings-privacy');
  });

  it('makes a receiver whose secrets never come back, sends a test, and says that it never delivered', async () => {
    await openTab('receivers', 'Receivers of alerts');
    await page.getByText('Nobody hears of alerts').waitFor();
    await page.getByRole('button', { name: 'New receiver' }).click();
    await dialog().getByLabel('name', { exact: true }).fill('ops');
    await dialog().getByLabel('url', { exact: false }).fill(NOWHERE);
    await dialog().getByLabel('secret', { exact: false }).fill('short');
    await dialog().getByRole('button', { name: 'Save' }).click();
    await dialog()
      .getByText(/secret: is shorter than 16 characters/)
      .waitFor();
    await dialog().getByLabel('secret', { exact: false }).fill('a-secret-of-two-dozen-chars');
    await dialog().getByRole('button', { name: 'Save' }).click();
    const card = page.getByRole('article', { name: 'Receiver ops' });
    await card.getByText('Never tried').waitFor();
    await card.getByRole('button', { name: 'Send a test to ops' }).click();
    await card.getByText(/The test failed after/).waitFor({ timeout: 60_000 });
    await card.getByText('Never delivered').waitFor();
    await card.getByRole('table').waitFor();
    expect(await barriersOn(page)).toEqual([]);
    await shoot(page, 'settings-receivers');
    await card.getByRole('button', { name: 'Change ops' }).click();
    await dialog().getByLabel('min_severity', { exact: false }).selectOption('critical');
    await shoot(page, 'settings-receiver-form');
    await dialog().getByRole('button', { name: 'Save' }).click();
    await card.getByText('min_severity: critical').waitFor();
    expect(await page.content()).not.toMatch(/a-secret-of-two-dozen-chars|127\.0\.0\.1:9/);
  });

  it.each([
    ['silences', 'Silences'],
    ['budgets', 'Budgets'],
    ['prices', 'Price files'],
    ['views', 'Views'],
    ['other', 'verbosity budget'],
  ])('teaches what to do where there are no %s', async (tab, title) => {
    await openTab(tab, title);
    await page.locator('.empty').first().waitFor();
    expect(await barriersOn(page)).toEqual([]);
  });

  it('takes JSON where that is asked for, and says what is wrong with it', async () => {
    await openTab('budgets', 'Budgets');
    await page.getByRole('button', { name: 'New', exact: true }).click();
    await dialog().getByLabel('name', { exact: true }).fill('monthly');
    await dialog().getByRole('checkbox', { name: 'as JSON' }).check();
    await dialog()
      .getByRole('textbox', { name: /^value/ })
      .fill('{"usd": 5');
    await dialog().getByRole('button', { name: 'Save' }).click();
    await dialog()
      .getByText(/value is not JSON/)
      .waitFor();
    await dialog()
      .getByRole('textbox', { name: /^value/ })
      .fill('{"usd": 5, "soft_usd": 9}');
    await dialog().getByRole('button', { name: 'Save' }).click();
    await dialog()
      .getByText(/soft_usd: is more than usd/)
      .waitFor();
    await dialog()
      .getByRole('textbox', { name: /^value/ })
      .fill('{"usd": 5, "soft_usd": 4}');
    await dialog().getByRole('button', { name: 'Save' }).click();
    await page.getByRole('row').filter({ hasText: 'monthly' }).waitFor();
    expect(scenario.lines('settings', 'list', 'budget')).toMatchObject([{ name: 'monthly', value: { usd: 5, soft_usd: 4 } }]);
    await shoot(page, 'settings-budgets');
  });

  it('shows who changed what, and what was before, to whoever opens its link', async () => {
    await openTab('history', 'History');
    const grid = page.getByRole('grid', { name: 'Changes of settings' });
    await grid.getByRole('row').filter({ hasText: 'ops' }).first().waitFor();
    await page.getByRole('heading', { level: 1 }).click();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.waitForURL(/change=/);
    await grid.getByRole('row').filter({ hasText: 'ops' }).first().click();
    const difference = page.getByRole('region', { name: 'What changed' });
    await difference.getByText('before: info').waitFor();
    await difference.getByText('after: critical').waitFor();
    expect(await difference.textContent()).toContain('key embedded');
    await page.reload();
    await difference.getByText('after: critical').waitFor();
    expect(await barriersOn(page)).toEqual([]);
    await shoot(page, 'settings-history');
  });

  it('works in the dark, on a phone', async () => {
    await page.setViewportSize({ width: 390, height: 800 });
    await page.emulateMedia({ colorScheme: 'dark' });
    for (const [tab, title] of [['keys', 'API keys'], ['privacy', 'What is kept'], ['receivers', 'Receivers of alerts']] as const) {
      await openTab(tab, title);
      await page.locator('table').first().waitFor();
      expect([tab, await fits(page)]).toEqual([tab, true]);
      expect(await barriersOn(page)).toEqual([]);
      await shoot(page, `settings-${tab}-dark-phone`);
    }
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.emulateMedia({ colorScheme: 'light' });
  }); // prettier-ignore

  it('is closed, with the reason, to a key that may not set anything; what may be read is there', async () => {
    const { key } = scenario.telltale<{ key: string }>('settings', 'set', 'api_key', 'viewer', 'scopes=read');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await enterKey(page, key);
    await page.goto(`${scenario.url}/settings`);
    await page.getByText('The API key of this session has no scope admin').waitFor();
    await openTab('privacy', 'What is kept');
    await page.getByRole('row', { name: /Keys, tokens, passwords/ }).waitFor();
    expect(await page.getByRole('button', { name: 'Change privacy' }).count()).toBe(0);
    expect(await barriersOn(page)).toEqual([]);
  });

  it('says what to do where the server fails', async () => {
    await page.route(/api\/privacy\/policy/, (route) => route.fulfill({ status: 503, contentType: 'application/json', body: '{"error":{"code":"unavailable","message":"the store cannot be reached","fix":"try again"}}' })); // prettier-ignore
    await page.goto(`${scenario.url}/settings?tab=privacy`);
    await page.getByRole('alert').filter({ hasText: 'the store cannot be reached' }).waitFor({ timeout: 30_000 });
    await page.unroute(/api\/privacy\/policy/);
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('row', { name: /E-mail addresses/ }).waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  it('names no error of its own in all of this', () => expect(errors.filter((one) => !/503/.test(one))).toEqual([]));
});
