import { join } from 'node:path';
import { type Browser, type Locator, type Page } from 'playwright-core';
import { type Scenario } from '../harness/scenario';

/** A page of a signed-in browser, and what went wrong on it. */
export interface SignedIn {
  readonly page: Page;
  readonly errors: readonly string[];
}

/** Opens the console with a key; errors of scripts and of the page's policy are collected. */
export async function signIn(browser: Browser, { url }: Scenario, apiKey: string): Promise<SignedIn> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' && !/status of (400|401|403|404|429|500)/.test(message.text())) errors.push(message.text());
  });
  await page.goto(url);
  await page.getByLabel('API key').fill(apiKey);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('navigation', { name: 'Pages' }).waitFor();
  return { page, errors };
}

/** Whether all of the page fits into the width of the window. */
export const fits = (page: Page): Promise<boolean> =>
  page.evaluate(() => {
    const { document, innerWidth } = globalThis as unknown as {
      document: { documentElement: { scrollWidth: number } };
      innerWidth: number;
    };
    return document.documentElement.scrollWidth <= innerWidth;
  });

/** Clicks and counts how often. */
export function countClicks(): { click(on: Locator): Promise<void>; readonly clicks: number } {
  let clicks = 0;
  return {
    async click(on) {
      clicks++;
      await on.click();
    },
    get clicks() {
      return clicks;
    },
  };
}

/** Keeps a picture where a folder for them is named. */
export async function shoot(page: Page, name: string): Promise<void> {
  const folder = process.env['TELLTALE_SCREENSHOTS'];
  if (folder !== undefined) await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}
