import { type Page } from 'playwright-core';
import { quantile } from 'simple-statistics';
import { fillInsights } from './filled-insights';

const SAMPLES = 20;
const WARM_UP = 3;
const WAIT_MS = 60_000;
/** Pages that are measured besides those named below; dashboards load what is scrolled to. */
const OTHERS = ['incidents', 'sessions', 'flows', 'costs', 'detection', 'verbosity', 'settings'];
const round = (value: number): number => Math.round(value * 10) / 10;
const p95Of = (times: readonly number[]): number => round(quantile([...times], 0.95));

/** A page is there when it has a title and nothing of it, or of it but a part, is still loading. */
async function settled(page: Page, but = 'none'): Promise<void> {
  await page.waitForFunction(
    (left) => {
      const { document } = globalThis as unknown as { document: { querySelector(what: string): object | null } };
      return (
        document.querySelector('main h1') !== null &&
        document.querySelector(`main .skeleton:not([data-part="${left}"] *)`) === null
      );
    },
    but,
    { timeout: WAIT_MS, polling: 'raf' },
  );
}

/** What a browser that has nothing yet loads until the first page is there: bytes as they came, compressed, and what was asked for before the API. */
async function firstLoad(
  page: Page,
  url: string,
): Promise<{ readonly kb: number; readonly files: number; readonly questions: number }> {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  const paths = new Map<string, string>();
  let bytes = 0;
  session.on('Network.requestWillBeSent', ({ requestId, request }) => void paths.set(requestId, new URL(request.url).pathname));
  session.on('Network.loadingFinished', ({ encodedDataLength }) => void (bytes += encodedDataLength));
  await page.goto(url);
  await settled(page);
  await session.detach();
  const questions = [...paths.values()].filter((path) => path.startsWith('/api/')).length;
  return { kb: round(bytes / 1_024), files: paths.size - questions, questions };
}

/** From a key until what it changed is drawn, in a table of ten thousand rows. */
async function interactions(page: Page, url: string): Promise<number[]> {
  await page.goto(`${url}/parts`);
  const table = page.getByRole('grid', { name: 'Example rows' });
  // The page shows what loading looks like, too: it never has nothing that loads.
  await table.getByRole('row').nth(1).waitFor();
  const times: number[] = [];
  for (let i = 0; i < SAMPLES; i++) {
    const took = await table.getByRole('button', { name: i % 2 === 0 ? 'Took' : 'Name' }).evaluate(
      (button) =>
        new Promise<number>((resolve) => {
          const { requestAnimationFrame } = globalThis as unknown as { requestAnimationFrame(then: () => void): void };
          const from = performance.now();
          (button as unknown as { click(): void }).click();
          requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - from)));
        }),
    );
    times.push(took);
  }
  return times.slice(WARM_UP);
}

/** The console in a real browser on this machine, over tables of `events` events: insights alone, in this process. */
export async function benchConsole(events: number): Promise<Record<string, number>> {
  const { openBrowser } = await import('@telltale/testkit/browser');
  const browser = await openBrowser();
  try {
    const { url, apiKey, api, close } = await fillInsights(events);
    try {
      const { turns } = await api.listTurns({ since: '30d', limit: 1_000 });
      const context = await browser.newContext({ viewport: { width: 1_280, height: 800 } });
      const page = await context.newPage();
      await page.goto(url);
      await page.getByLabel('API key').fill(apiKey);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await settled(page);
      const fresh = await browser.newContext({ storageState: await context.storageState() });
      const first = await firstLoad(await fresh.newPage(), url);
      const times = async (path: (nth: number) => string, but?: string): Promise<number> => {
        const found: number[] = [];
        for (let i = 0; i < SAMPLES + WARM_UP; i++) {
          const from = performance.now();
          await page.goto(`${url}${path(i)}`);
          await settled(page, but);
          found.push(performance.now() - from);
          // What was not waited for takes nothing from the next.
          await settled(page);
        }
        return p95Of(found.slice(WARM_UP));
      };
      const turnAt = (nth: number): string => `/turns/${turns[(nth * 7) % turns.length]?.turn_id ?? ''}`;
      const others: Record<string, number> = {};
      for (const name of OTHERS) others[`${name}_ms_p95`] = await times(() => `/${name}`);
      return {
        first_load_kb: first.kb,
        first_load_files: first.files,
        first_load_questions: first.questions,
        now_ms_p95: await times(() => '/'),
        turns_ms_p95: await times(() => '/turns'),
        turn_ms_p95: await times(turnAt, 'explanation'),
        turn_explained_ms_p95: await times(turnAt),
        explore_ms_p95: await times(() => '/explore'),
        ...others,
        interaction_ms_p95: p95Of(await interactions(page, url)),
      };
    } finally {
      await close();
    }
  } finally {
    await browser.close();
  }
}
