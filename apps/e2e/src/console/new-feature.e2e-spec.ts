import { MINUTE_MS } from '@telltale/kernel';
import { openBrowser } from '@telltale/testkit/browser';
import { type Browser, type Page } from 'playwright-core';
import { NEW_FEATURE, newFeature } from '../answers/new-feature';
import { type Scenario, startScenario } from '../harness/scenario';
import { barriersOn } from './browser';
import { countClicks, describeInBrowser, shoot, signIn } from './pages';

jest.setTimeout(300_000);

describeInBrowser('the effect of a feature that no flag names (left out where this machine has no Chromium)', () => {
  let scenario: Scenario;
  let browser: Browser;
  let page: Page;
  let errors: readonly string[];
  beforeAll(async () => {
    scenario = await startScenario('console-new-feature');
    await scenario.send(newFeature(Date.now() - 2 * MINUTE_MS));
    browser = await openBrowser();
    ({ page, errors } = await signIn(browser, scenario, scenario.apiKey));
  });
  afterAll(async () => {
    await browser.close();
    await scenario.stop();
  });

  it('is found by choosing its deploy, in six clicks at most', async () => {
    const mouse = countClicks();
    await mouse.click(page.getByRole('link', { name: 'Flows' }));
    await mouse.click(page.getByRole('tab', { name: 'Compare' }));
    await mouse.select(page.getByRole('combobox', { name: 'Compare', exact: true }), 'change');
    const deploys = page.getByLabel('Changed at');
    const deploy = deploys.locator('option').filter({ hasText: `${NEW_FEATURE.service} ${NEW_FEATURE.after}` });
    await deploy.waitFor({ state: 'attached' });
    await mouse.select(deploys, await deploy.getAttribute('value'));
    await mouse.click(page.getByLabel('Turns in a session'));
    const metric = (name: RegExp) => page.getByRole('listitem').filter({ has: page.getByRole('heading', { level: 3, name }) });
    await metric(/^Turns in a session/)
      .getByText('lower', { exact: true })
      .waitFor();
    expect(new URL(page.url()).searchParams.get('b')).toBe(NEW_FEATURE.service);
    // Everything became slower at that time: the others are the control.
    expect(await metric(/^Time to an answer/).textContent()).not.toContain('higher');
    expect(mouse.clicks).toBeLessThanOrEqual(6);
    expect(await barriersOn(page)).toEqual([]);
    await shoot(page, 'flows-effect-of-deploy');
  });

  it('names no error in all of this', () => expect(errors).toEqual([]));
});
