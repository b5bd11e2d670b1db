import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ask } from './harness/ask';
import { eventually, type ServiceProcess, startService } from './harness/service-process';

// docs/OPERATIONS.md: a copy of the folder of a Telltale that was stopped is the whole of it.

jest.setTimeout(180_000);
const root = mkdtempSync(join(tmpdir(), 'telltale-backup-'));
const running: ServiceProcess[] = [];
afterAll(async () => {
  for (const one of running) await one.kill('SIGKILL');
  rmSync(root, { recursive: true, force: true });
});

async function start(home: string): Promise<ServiceProcess> {
  const one = await startService('standalone', { TELLTALE_HOME: home, TELLTALE_BACKEND: 'embedded', TURNS_QUIET_MS: '1000' });
  running.push(one);
  return one;
}

async function send({ url }: ServiceProcess, home: string, ids: readonly number[]): Promise<void> {
  const key = readFileSync(join(home, 'api-key'), 'utf8').trim();
  const lines = ids.map((id) =>
    JSON.stringify({ kind: 'llm', ts: new Date().toISOString(), service_name: 'shop', session_id: `s-${id % 5}`, trace_id: `t-${id}`, span_id: `e-${id}`, model: 'gpt-4o', input: `question ${id}` })); // prettier-ignore
  const sent = await fetch(`${url}/v1/events`, { method: 'POST', headers: { authorization: `Bearer ${key}`, 'content-type': 'application/x-ndjson' }, body: lines.join('\n') }); // prettier-ignore
  expect({ status: sent.status, answer: await sent.json() }).toMatchObject({ status: 200, answer: { accepted: ids.length } });
}

const range = (from: number, count: number): number[] => Array.from({ length: count }, (_, i) => from + i);
const SUMS =
  'SELECT (SELECT count() FROM telltale.events) AS events, (SELECT uniqExact(trace_id) FROM telltale.events) AS traces, (SELECT uniqExact(turn_id) FROM telltale.turns) AS turns';

async function storedOf(one: ServiceProcess, home: string, events: number): Promise<Record<string, number>> {
  const rows = await eventually('what was sent is stored', async () => {
    const seen = (await ask(one.url, home, SUMS))[0] ?? {};
    return { done: Number(seen['events']) >= events && Number(seen['turns']) >= events, seen };
  }, 60_000); // prettier-ignore
  return Object.fromEntries(Object.entries(rows).map(([name, value]) => [name, Number(value)]));
}

describe('a backup of an embedded Telltale', () => {
  const home = join(root, 'home');
  const copy = join(root, 'copy');
  it('is a copy of its folder: everything is there, and what was sent before counts once', async () => {
    const first = await start(home);
    await send(first, home, range(0, 200));
    const before = await storedOf(first, home, 200);
    expect(before).toEqual({ events: 200, traces: 200, turns: 200 });
    await first.kill('SIGTERM');
    cpSync(home, copy, { recursive: true });
    // What happens after the backup is not in it.
    const on = await start(home);
    await send(on, home, range(500, 10));
    await on.kill('SIGTERM');

    const restored = await start(copy);
    expect(await storedOf(restored, copy, 200)).toEqual(before);
    // A producer that sends again what it is not sure of, and something new.
    await send(restored, copy, range(190, 20));
    expect(await storedOf(restored, copy, 210)).toEqual({ events: 210, traces: 210, turns: 210 });
  });
});
