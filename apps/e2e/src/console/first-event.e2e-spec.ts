import { openBrowser } from '@telltale/testkit/browser';
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Browser, type Page } from 'playwright-core';
import { makeNodeApp } from '../harness/node-app';
import { ROOT, withPythonSdk } from '../harness/python-sdk';
import { type Scenario, startScenario } from '../harness/scenario';
import { readQuickStarts } from '../quickstarts/page';
import { barriersOn } from './browser';
import { describeInBrowser, shoot, signIn } from './pages';

jest.setTimeout(240_000);
const run = promisify(execFile);

describeInBrowser('who has sent nothing yet (left out where this machine has no Chromium)', () => {
  let scenario: Scenario;
  let browser: Browser;
  let page: Page;
  let folder: string;
  let errors: readonly string[];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'telltale-first-'));
    scenario = await startScenario('first-event');
    browser = await openBrowser();
    ({ page, errors } = await signIn(browser, scenario, scenario.apiKey));
  });
  afterAll(async () => {
    await browser.close();
    await scenario.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const env = (): Record<string, string> => ({ TELLTALE_URL: scenario.url, TELLTALE_API_KEY: scenario.apiKey });
  /** A program as the page shows it, in a file. */
  async function shown(tab: string, file: string): Promise<string> {
    await page.getByRole('tab', { name: tab }).click();
    const path = join(folder, file);
    writeFileSync(path, (await page.getByRole('region', { name: `Program for ${tab}` }).textContent()) ?? '');
    return path;
  }
  const arrived = (text: RegExp) => page.getByRole('list', { name: 'Events that arrived' }).getByRole('listitem').filter({ hasText: text }); // prettier-ignore

  it('is shown how to, in ways that can be copied', async () => {
    await page.getByRole('heading', { name: 'Waiting for the first event' }).waitFor();
    expect(await page.getByRole('region', { name: 'Variables' }).textContent()).toContain(`TELLTALE_URL=${scenario.url}`);
    await page.getByText('Listening: it shows here the moment it arrives').waitFor();
    expect(await barriersOn(page)).toEqual([]);
    await shoot(page, 'first-event');
  });

  it.each([
    ['Python', 'Python logging'],
    ['OpenTelemetry', 'OpenTelemetry alone'],
  ])('%s is the quick start of the docs, which its own test runs', async (tab, title) => {
    const quickStart = readQuickStarts().find((one) => one.title === title);
    expect(readFileSync(await shown(tab, 'program'), 'utf8')).toBe(quickStart?.code);
    const install = await page.getByRole('region', { name: `Install for ${tab}` }).textContent();
    expect(install).toContain(quickStart?.exports);
    for (const name of quickStart?.packages ?? []) expect(install).toContain(name);
  });

  it('sees the first event as it arrives, and then its turn, of what curl sent', async () => {
    const file = await shown('curl', 'first.sh');
    const { stdout } = await run('sh', [file], { env: { ...process.env, ...env() } });
    expect(JSON.parse(stdout)).toMatchObject({ rejected: 0 });
    await page.getByText(/first event is here|2 events are here/).waitFor();
    await arrived(/turn.*hello/).waitFor();
    await arrived(/llm.*hello/).waitFor();
    await shoot(page, 'first-event-arrived');
    await page.getByRole('heading', { level: 1, name: /1 turn in the last 60 minutes/ }).waitFor({ timeout: 60_000 });
    await page.getByText('Spent today').waitFor();
    expect(await page.getByRole('heading', { name: 'Waiting for the first event' }).count()).toBe(0);
  });

  it('sees what the program in Node sends', async () => {
    await page.getByRole('button', { name: 'How to send its events' }).click();
    const install = async (): Promise<string | null> => page.getByRole('region', { name: 'Install for Node' }).textContent();
    const file = await shown('Node', 'first.mjs');
    const { version } = JSON.parse(readFileSync(join(ROOT, 'sdk', 'node', 'package.json'), 'utf8')) as { version: string };
    expect(await install()).toContain(`telltale-sdk-${version}.tgz`);
    await page.getByText('Listening').waitFor();
    mkdirSync(join(folder, 'none'));
    makeNodeApp(folder, join(folder, 'none'));
    await run(process.execPath, [file], { cwd: folder, env: { ...process.env, ...env() } });
    for (const kind of [/turn.*answer/, /tool.*find_order/, /llm/]) await arrived(kind).first().waitFor();
    expect(await arrived(/error/).count()).toBe(0);
  });

  it('sees what the program in Python sends', async () => {
    const file = await shown('Python', 'first.py');
    const hasPython = await run('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 9))']).then(() => true, () => false); // prettier-ignore
    if (!hasPython && process.env['CI'] !== 'true') return;
    await run('python3', [file], { env: withPythonSdk(env()) });
    await arrived(/turn.*quick-logging/)
      .first()
      .waitFor();
    await page.getByRole('button', { name: 'Close' }).click();
    await page.getByRole('heading', { name: 'How to send the events of a program' }).waitFor({ state: 'detached' });
    expect(errors).toEqual([]);
  });
});
