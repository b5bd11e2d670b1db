import { BROWSER } from '@telltale/testkit/browser';
import { join } from 'node:path';
import { type Browser, type Locator, type Page } from 'playwright-core';
import { type Scenario } from '../harness/scenario';

/** `describe` where this machine has a browser; in CI it has to have one. */
export const describeInBrowser = BROWSER !== null || process.env['CI'] === 'true' ? describe : describe.skip;

/** A page of a signed-in browser, and what went wrong on it. */
export interface SignedIn {
  readonly page: Page;
  readonly errors: readonly string[];
}

const pathOf = (page: Page): string => new URL(page.url()).pathname;

interface SignInOptions {
  readonly width?: number;
  readonly height?: number;
  /** Answers that the test provokes, which a browser writes down as errors. */
  readonly refused?: RegExp;
}

/** Types a key where the console asks for one. */
export async function enterKey(page: Page, apiKey: string): Promise<void> {
  await page.getByLabel('API key').fill(apiKey);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('navigation', { name: 'Pages' }).waitFor();
}

/** Opens the console with a key; errors of scripts and of the page's policy are collected. */
export async function signIn(
  browser: Browser,
  { url }: Scenario,
  apiKey: string,
  { width = 1_280, height = 800, refused = /status of (400|401|403|404|429|500)/ }: SignInOptions = {},
): Promise<SignedIn> {
  const context = await browser.newContext({ viewport: { width, height } });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(`${pathOf(page)}: ${String(error)}`));
  page.on('console', (message) => {
    if (message.type() === 'error' && !refused.test(message.text())) errors.push(`${pathOf(page)}: ${message.text()}`);
  });
  await page.goto(url);
  await enterKey(page, apiKey);
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

/** Clicks and counts how often; choosing one of a list is a click. */
export function countClicks(): {
  click(on: Locator): Promise<void>;
  select(on: Locator, option: Parameters<Locator['selectOption']>[0]): Promise<void>;
  readonly clicks: number;
} {
  let clicks = 0;
  return {
    async click(on) {
      clicks++;
      await on.click();
    },
    async select(on, option) {
      clicks++;
      await on.selectOption(option);
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
