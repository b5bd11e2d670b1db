import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The browser of this machine; null where it has none. In CI there is one. */
export const BROWSER = process.env['TELLTALE_BROWSER'] ?? PLACES.find((path) => existsSync(path)) ?? null;

/** Fails with what to do where the machine has no browser. */
export const openBrowser = (): Promise<Browser> => {
  if (BROWSER === null) throw new Error('no browser here: install chromium, or name one in TELLTALE_BROWSER');
  return chromium.launch({ executablePath: BROWSER, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
};
