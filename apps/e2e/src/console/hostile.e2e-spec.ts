import { type NativeEvent } from '@telltale/contracts';
import { MINUTE_MS } from '@telltale/kernel';
import { openBrowser } from '@telltale/testkit/browser';
import { type Browser, type Page } from 'playwright-core';
import { type Scenario, startScenario } from '../harness/scenario';
import { describeInBrowser, signIn } from './pages';
import { PAYLOADS } from './payloads';

jest.setTimeout(600_000);

/** A turn with one text in every field that takes a text: of a model's call, a tool's, a decision, a log line, a score, and the turn itself. */
function hostileTurn(text: string, i: number, ts: number): NativeEvent[] {
  const id = `hostile-${i}`;
  const own = {
    trace_id: id, session_id: `${text} ${i}`, user_id: text, service_name: text, service_version: text, deployment_environment: text, release: text, region: text, instance: text,
    agent_name: text, feature_flags: { [text]: text }, attributes: { [text]: text, nested: { [text]: [text] } }, prompt_name: text, prompt_version: text, status: 'error' as const,
    error: { type: text, message: text, stack: text },
  }; // prettier-ignore
  const call = (nth: number, kind: NativeEvent['kind'], rest: Partial<NativeEvent>): NativeEvent =>
    ({ ...own, kind, id: `${id}-${nth}`, span_id: `${id}-${nth}`, parent_span_id: id, name: text, ts: ts + nth, duration_ms: 5, ...rest }) as NativeEvent; // prettier-ignore
  return [
    call(1, 'llm', { provider: text, request_model: text, response_model: text, input: [{ role: 'user', content: text }], output: [{ role: text, content: text, tool_calls: [{ id: text, type: 'function', function: { name: text, arguments: text } }] }], finish_reasons: [text], usage: { input_tokens: 10, output_tokens: 5 } }),
    call(2, 'tool', { tool: { name: text, call_id: text, arguments: { [text]: text }, result: { [text]: [text] } } }),
    call(3, 'agent', { decision: { options: [text, 'other'], chosen: text, why: text }, input: text, output: text }),
    call(4, 'log', { severity: 'error', body: text }),
    call(5, 'evaluator', { score: { name: text, value: 0, label: text } }),
    call(6, 'retrieval', { input: text, output: [text] }),
    { ...own, kind: 'turn', id, span_id: id, name: text, ts, duration_ms: 50, input: text, output: text },
  ]; // prettier-ignore
}

/** Pages that list what was sent; what they show of it is drawn by one browser page after another. */
const PAGES = [
  '/', '/incidents', '/turns?since=1h', '/sessions?since=24h', '/explore?since=1h', '/flows?since=24h', '/costs', '/costs?tab=top', '/costs?tab=waste', '/costs?tab=budgets', '/costs?tab=whatif',
  '/detection', '/verbosity', '/dashboards', '/tail', '/settings', '/settings/views', '/settings/history',
]; // prettier-ignore
/** Parameters that pages read from their address. */
const PARAMETERS = [
  'q',
  'service',
  'since',
  'until',
  'by',
  'tab',
  'op',
  'intent',
  'outcome',
  'state',
  'view',
  'kind',
  'field',
  'measure',
  'incident',
  'name',
  'metric',
  'user',
  'session',
];

describeInBrowser('texts that would be code (left out where this machine has no Chromium)', () => {
  let scenario: Scenario;
  let browser: Browser;
  let page: Page;
  let errors: readonly string[];
  const now = Date.now();

  beforeAll(async () => {
    scenario = await startScenario('hostile');
    await scenario.send(PAYLOADS.flatMap((text, i) => hostileTurn(text, i, now - 5 * MINUTE_MS + i * 100)));
    const post = (path: string, body: object): Promise<Response> =>
      fetch(`${scenario.url}${path}`, { method: 'POST', headers: { authorization: `Bearer ${scenario.apiKey}`, 'content-type': 'application/json' }, body: JSON.stringify(body) }); // prettier-ignore
    for (const text of PAYLOADS.slice(0, 10))
      await post('/api/deploys', { service_name: text, version: text, at: new Date(now - MINUTE_MS).toISOString() });
    browser = await openBrowser();
    ({ page, errors } = await signIn(browser, scenario, scenario.apiKey, { height: 900, refused: /status of 4\d\d/ }));
  });
  afterAll(async () => {
    await browser.close();
    await scenario.stop();
  });

  /** Waits until nothing is loading any more. */
  async function settled(): Promise<void> {
    await page.locator('main h1, main .failure, main .empty').first().waitFor();
    // What is out of sight may wait until somebody scrolls there.
    await page.waitForFunction(() => {
      const { document, innerHeight } = globalThis as unknown as {
        innerHeight: number;
        document: { querySelectorAll(what: string): Iterable<{ getBoundingClientRect(): { top: number } }> };
      };
      return [...document.querySelectorAll('main .skeleton')].every((one) => one.getBoundingClientRect().top > innerHeight);
    });
  }
  /** Nothing ran, nothing was loaded from elsewhere, nothing but the console's own elements stands in the page. */
  async function expectText(): Promise<void> {
    const seen = await page.evaluate(() => {
      const { document, hit } = globalThis as unknown as {
        hit?: number;
        document: { baseURI: string; querySelectorAll(what: string): { length: number }; body: { checkVisibility(): boolean } };
      };
      const count = (what: string): number => document.querySelectorAll(what).length;
      return {
        hit,
        foreign: count('#root script, #root iframe, #root object, #root embed, #root style, #root link, #root base, #root meta, #root math, #root img, #root video, #root template'),
        handlers: count('[onerror], [onload], [onfocus], [onmouseover], [ontoggle], [onbegin]'),
        addresses: count('[href^="javascript:" i], [src^="javascript:" i], [href^="data:" i], [action]'),
        isVisible: document.body.checkVisibility(),
        base: document.baseURI.startsWith('http://'),
      };
    }); // prettier-ignore
    expect({ url: page.url(), ...seen }).toEqual({
      url: page.url(),
      hit: undefined,
      foreign: 0,
      handlers: 0,
      addresses: 0,
      isVisible: true,
      base: true,
    });
  }

  it.each(PAGES)('%s shows them as text', async (path) => {
    await page.goto(`${scenario.url}${path}`);
    await settled();
    await expectText();
  });

  it.each(PAYLOADS.map((text, i) => [text, i] as const))('a turn and a session with %j in every field show it as text', async (text, i) => {
    await page.goto(`${scenario.url}/turns/hostile-${i}`);
    await settled();
    for (const row of (await page.locator('main [role="option"], main [role="treeitem"]').all()).slice(0, 8)) await row.click();
    await settled();
    await expectText();
    await page.goto(`${scenario.url}/sessions/${encodeURIComponent(`${text} ${i}`)}`);
    // An id with a line break is the address of no page.
    await page.locator('main').waitFor();
    await expectText();
  }); // prettier-ignore

  it.each(PAYLOADS.map((text, i) => [text, i] as const))('an address with %j in every parameter shows it as text', async (text, i) => {
    const query = new URLSearchParams(PARAMETERS.map((name): [string, string] => [name, text])).toString();
    for (const path of PAGES.filter((_, nth) => nth % 4 === i % 4)) {
      await page.goto(`${scenario.url}${path.split('?')[0] ?? ''}?${query}`);
      await page.locator('main').waitFor();
      await expectText();
    }
  }); // prettier-ignore

  it('says no error in all of this', () => expect(errors).toEqual([]));
});
