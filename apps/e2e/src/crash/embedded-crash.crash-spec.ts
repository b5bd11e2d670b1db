import { TOPICS } from '@telltale/contracts';
import { SERVICES } from '@telltale/services';
import { PROBE_POINTS } from '@telltale/streaming';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadEvent } from '../harness/event-load';
import { keepAlive, type Supervised } from '../harness/keep-alive';
import { eventually, pass } from '../harness/service-process';
import { recountTurns } from './recount-turns';

// The same over embedded storage: one process with every service, killed at every named point and at random while a client
// sends and tries again.

jest.setTimeout(300_000);
const START = Date.now();
const RANDOM_KILLS = 20;

describe('exactly once, embedded', () => {
  const home = mkdtempSync(join(tmpdir(), 'telltale-embedded-crash-'));
  let standalone: Supervised | null = null;
  let sent = 0;
  afterEach(() => standalone?.stop());
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  const env = {
    TELLTALE_HOME: home,
    TELLTALE_BACKEND: 'embedded',
    BATCH_LINGER_MS: '20',
    BATCH_MAX_RECORDS: '40',
    TURNS_QUIET_MS: '1000',
  };
  const key = (): string => readFileSync(join(home, 'api-key'), 'utf8').trim();
  const url = (): string => (JSON.parse(readFileSync(join(home, 'standalone.json'), 'utf8')) as { http: string }).http;

  /** As a producer would: sends again until it is taken; ids are its own, so a repeat is the same event. */
  async function send(count: number): Promise<void> {
    const body = JSON.stringify(Array.from({ length: count }, (_, k) => loadEvent(sent + k, START)));
    await eventually('the gateway takes the batch', async () => {
      try {
        const response = await fetch(`${url()}/v1/events`, { method: 'POST', headers: { authorization: `Bearer ${key()}`, 'content-type': 'application/json', accept: 'application/x-ndjson' }, body });
        return { done: response.ok, seen: String(response.status) };
      } catch (error) {
        return { done: false, seen: String(error) };
      }
    }, 60_000); // prettier-ignore
    sent += count;
  }
  async function query<T>(sql: string): Promise<T[]> {
    const response = await fetch(`${url()}/api/query`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key()}`, 'content-type': 'application/json', accept: 'application/x-ndjson' },
      body: JSON.stringify({ sql }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(text);
    return text.split('\n').filter(Boolean).map((line) => JSON.parse(line) as T); // prettier-ignore
  }
  const figures = async (): Promise<{ rows: number; distinct: number; core: number; rollup: number }> => {
    try {
      const [seen] = await query<Record<string, string>>(
        'SELECT (SELECT count() FROM telltale.events) AS rows, (SELECT uniqExact(id) FROM telltale.events) AS distinct, (SELECT count() FROM telltale.events_core) AS core, (SELECT sum(events) FROM telltale.operations_minute) AS rollup',
      );
      return {
        rows: Number(seen?.['rows']),
        distinct: Number(seen?.['distinct']),
        core: Number(seen?.['core']),
        rollup: Number(seen?.['rollup']),
      };
    } catch {
      return { rows: -1, distinct: -1, core: -1, rollup: -1 };
    }
  };
  const exactly = (): Promise<unknown> =>
    eventually('every event once', async () => {
      const seen = await figures();
      return { done: seen.rows === sent && seen.distinct === sent && seen.core === sent && seen.rollup === sent, seen: { ...seen, sent } };
    }, 60_000); // prettier-ignore

  // First of all, while only the enricher has anything to insert but for a batch of settings of each task that reads them.
  const READERS_OF_SETTINGS = SERVICES.filter(({ inputs }) => inputs.includes(TOPICS.settings)).length;
  it('repeats a range at the prices that it was announced with', async () => {
    const pricedAt = (usd: number): string => {
      const file = join(home, `settings-${usd}.yaml`);
      writeFileSync(file, `prices: [{name: ours, model: gpt-4o, usd_per_million: {input: ${usd}, output: ${usd}}}]`);
      return file;
    };
    const [before, after] = [pricedAt(1_000), pricedAt(7_000)];
    const alive = keepAlive('standalone', (start) =>
      start === 0
        ? { ...env, TELLTALE_SETTINGS_FILE: before, TELLTALE_FAILPOINT: `after_insert:${READERS_OF_SETTINGS + 1}` }
        : { ...env, TELLTALE_SETTINGS_FILE: after },
    );
    standalone = alive;
    const first = sent;
    await send(100);
    await eventually('it met its crash', () => Promise.resolve({ done: alive.exits().length > 0, seen: alive.exits() }), 30_000);
    await send(100);
    await exactly();
    const sums = `SELECT (SELECT sum(cost_nano_usd) FROM telltale.events) AS events, (SELECT sum(cost_nano_usd) FROM telltale.spend) AS spend,
      (SELECT uniqExact(round(cost_nano_usd / (usage_input_uncached + usage_output))) FROM telltale.events WHERE kind = 'llm' AND toUInt32(substring(id, 6)) >= ${first}) AS prices`;
    await eventually('rows and records tell of the same costs', async () => {
      const [seen] = await query<Record<string, string>>(sums).catch(() => []);
      return { done: seen !== undefined && seen['events'] === seen['spend'] && Number(seen['prices']) === 2, seen };
    }, 60_000); // prettier-ignore
    await alive.stop();
    expect(alive.exits()[0]).toBe('SIGKILL');
  });

  it.each(PROBE_POINTS)('survives SIGKILL %s', async (point) => {
    const alive = keepAlive('standalone', (start) =>
      start === 0 ? { ...env, TELLTALE_FAILPOINT: `${point}:${point === 'during_restore' ? 2 : 3}` } : env,
    );
    standalone = alive;
    for (let i = 0; i < 4; i++) await send(100);
    await exactly();
    await eventually('it met its crash', () => Promise.resolve({ done: alive.exits().length > 0, seen: alive.exits() }), 30_000);
    await alive.stop();
    expect(alive.exits()[0]).toBe('SIGKILL');
  });

  it(`survives ${RANDOM_KILLS} SIGKILLs at random under load`, async () => {
    const alive = keepAlive('standalone', () => env);
    standalone = alive;
    let seed = 11;
    for (let kill = 0; kill < RANDOM_KILLS; kill++) {
      for (let i = 0; i < 5; i++) await send(100);
      seed = (seed * 1103515245 + 12345) % 2147483648;
      await pass(seed % 400);
      await alive.kill();
    }
    expect(alive.exits()).toEqual(Array<string>(RANDOM_KILLS).fill('SIGKILL'));
    await exactly();
    await eventually('turns and sessions equal a recount of all events', async () => {
      const { turns, sessions } = await recountTurns((sql) => query<Record<string, string>>(sql).catch(() => []));
      const isEqual = [turns, sessions].every(({ off, events }) => off === 0 && events === sent);
      return { done: isEqual, seen: { turns, sessions, sent } };
    }, 60_000); // prettier-ignore
    await alive.stop();
  });
});
