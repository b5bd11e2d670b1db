import { type Standalone, startStandalone } from '@telltale/app-standalone';
import { createDice } from '@telltale/kernel';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWithPython, withPythonSdk } from '../harness/python-sdk';
import { eventually } from '../harness/service-process';

jest.setTimeout(240_000);

const TTL_MS = 15_000;
const STARTED = Math.floor(Date.now() / 1_000);

interface Directive {
  readonly id: string;
  readonly target: string;
  readonly state: string;
  readonly issued_at: string;
  readonly expires_at: string;
  readonly applied_by: number;
  readonly records: number;
}
interface Debug {
  readonly ts: string;
  readonly body: string;
  readonly directive_ids: readonly string[];
}

describeWithPython('a tool of a Python program that turns slow', () => {
  const home = mkdtempSync(join(tmpdir(), 'telltale-python-'));
  let running: Standalone;
  let agent: ChildProcess;
  let said = '';
  beforeAll(async () => {
    running = await startStandalone({
      home, port: 0, grpcPort: null, quiet: true,
      env: { VERBOSITY_BOOST_TTL_MS: String(TTL_MS), VERBOSITY_BOOST_MAX_MS: String(TTL_MS), SCORER_GRACE_MS: '500', BATCH_LINGER_MS: '50', PUNCTUATE_INTERVAL_MS: '250' },
    });
    await history();
    agent = spawn('python3', [join(__dirname, 'agent.py')], {
      env: withPythonSdk({ TELLTALE_URL: running.url, TELLTALE_API_KEY: running.apiKey, TELLTALE_SERVICE: 'shop' }),
    });
    agent.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  });
  afterAll(async () => {
    agent.stdin?.end();
    await new Promise((resolve) => (agent.exitCode === null ? agent.once('exit', resolve) : resolve(null)));
    await running.stop();
    rmSync(home, { recursive: true, force: true });
  });

  /** What the tools took in the hours before. */
  async function history(): Promise<void> {
    const dice = createDice(5);
    const now = Date.now();
    const events = Array.from({ length: 2_000 }, (_, i) => {
      const ts = new Date(now - 2 * 3_600_000 + i * 3_000).toISOString();
      const tool = (name: string, ms: number) => JSON.stringify({ kind: 'tool', service_name: 'shop', name, tool: { name }, trace_id: `h${i}`, span_id: name, duration_ms: ms * Math.exp(0.2 * dice.normal()), status: 'ok', ts });
      return `${tool('search', 22)}\n${tool('book', 1)}`;
    });
    for (let i = 0; i < events.length; i += 500) {
      const body = events.slice(i, i + 500).join('\n');
      const sent = await fetch(`${running.url}/v1/events`, { method: 'POST', headers: { authorization: `Bearer ${running.apiKey}`, 'content-type': 'application/x-ndjson' }, body });
      expect(await sent.json()).toMatchObject({ rejected: 0 });
    }
    await running.caughtUp();
  }
  const ask = async <T>(path: string): Promise<T> =>
    (await (await fetch(`${running.url}${path}`, { headers: { authorization: `Bearer ${running.apiKey}` } })).json()) as T;
  const directives = async (): Promise<Directive[]> =>
    (await ask<{ directives: Directive[] }>('/api/directives')).directives.filter(({ target }) => target.includes('search'));
  const debugs = (): Promise<Debug[]> =>
    running.rows.query<Debug>("SELECT ts, body, directive_ids FROM telltale.events WHERE severity = 'debug' AND service_name = 'shop' ORDER BY ts");
  /** Calls of the program so far: the history ends long before it began. */
  const calls = async (): Promise<number> =>
    Number((await running.rows.query<{ n: string }>(`SELECT count() AS n FROM telltale.events WHERE kind = 'tool' AND toUnixTimestamp(ts) > ${STARTED}`))[0]?.n);

  it('sends all detail of that tool and nothing else, until the boost is over', async () => {
    await eventually('the program reports its tools', async () => ({ done: (await calls()) > 20, seen: said }), 60_000, 200);
    expect(await debugs()).toEqual([]);
    agent.stdin?.write('slow\n');
    const slowSince = Date.now();

    const [raised] = await eventually('a directive is raised', async () => {
      const seen = await directives();
      return { done: seen.some(({ state }) => state === 'raised'), seen };
    }, 90_000, 200);
    expect(JSON.parse(raised?.target ?? '')).toEqual({ service_name: 'shop', tool_name: 'search' });
    const status = await eventually('the program has applied it', async () => {
      const { directives: seen } = await ask<{ directives: { directive_id: string; applied: number; instances: number; p99_ms: number | null }[] }>('/api/directives/status');
      return { done: seen.some(({ directive_id: id, applied }) => id === raised?.id && applied === 1), seen };
    }, 20_000, 100);
    const { p99_ms: appliedMs } = status.find(({ directive_id: id }) => id === raised?.id) ?? {};
    const during = await eventually('debug records arrive', async () => {
      const seen = await debugs();
      return { done: seen.length > 3, seen };
    }, 20_000, 200);
    expect(during.filter(({ body }) => !body.startsWith('query plan of'))).toEqual([]);
    expect(during.some(({ directive_ids: ids }) => ids.includes(raised?.id ?? ''))).toBe(true);

    const [over] = await eventually('the directive expires', async () => {
      const seen = await directives();
      return { done: seen.some(({ id, state }) => id === raised?.id && state === 'expired'), seen };
    }, 60_000, 200);
    agent.stdin?.write('normal\n');
    const goesOn = async (): Promise<void> => {
      const before = await calls();
      await eventually('the program goes on', async () => ({ done: (await calls()) > before + 10, seen: said }), 60_000, 200);
    };
    // What the program had on its way when it expired arrives with its next calls; after those come no more.
    await goesOn();
    const atExpiry = await debugs();
    await goesOn();
    expect(await debugs()).toEqual(atExpiry);
    const last = Date.parse(`${atExpiry.at(-1)?.ts.replace(' ', 'T') ?? ''}Z`);
    const expiredAt = Date.parse(over?.expires_at ?? '');
    expect(over).toMatchObject({ applied_by: 1 });
    // Its last acknowledgement comes ten seconds later at most.
    const [reported] = await eventually('what it did is reported', async () => {
      const seen = await directives();
      return { done: seen.some(({ id, records }) => id === raised?.id && records > 3), seen };
    }, 30_000, 500);
    process.stdout.write(`${JSON.stringify({ slow_to_directive_ms: Date.parse(raised?.issued_at ?? '') - slowSince, directive_to_applied_ms: appliedMs, last_debug_after_expiry_ms: last - expiredAt, records: reported?.records })}\n`);
  });
}); // prettier-ignore
