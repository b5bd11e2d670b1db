import { TOPICS } from '@telltale/contracts';
import { DAY_MS } from '@telltale/kernel';
import { SERVICES } from '@telltale/services';
import { PROBE_POINTS } from '@telltale/streaming';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keepAlive, type Supervised } from '../harness/keep-alive';
import { eventually, pass } from '../harness/service-process';
import { recountTurns } from './recount-turns';
import { LATER_PRICE, recountSpend, spendEvent } from './spend-load';

// The same over embedded storage: one process with every service, killed at every named point and at random while a client
// sends and tries again.

jest.setTimeout(300_000);
const START = Date.now();
const RANDOM_KILLS = 20;
/** After so many of them a price is set, and a re-pricing begins, which kills cut short so many times. */
const [PRICE_AT, REPRICE_AT, REPRICES] = [7, 9, 3];

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

  const headers = () => ({
    authorization: `Bearer ${key()}`,
    'content-type': 'application/json',
    accept: 'application/x-ndjson',
  });

  /** As a producer would: sends again until it is taken; ids are its own, so a repeat is the same event. */
  async function sendFrom(first: number, count: number): Promise<void> {
    const body = JSON.stringify(Array.from({ length: count }, (_, k) => spendEvent(first + k, START)));
    await eventually('the gateway takes the batch', async () => {
      try {
        const response = await fetch(`${url()}/v1/events`, { method: 'POST', headers: headers(), body });
        return { done: response.ok, seen: String(response.status) };
      } catch (error) {
        return { done: false, seen: String(error) };
      }
    }, 60_000); // prettier-ignore
  }
  async function send(count: number): Promise<void> {
    await sendFrom(sent, count);
    sent += count;
  }
  /** Asks until it is answered, over kills. */
  async function ask<T>(method: string, path: string, body: object): Promise<T> {
    const { answer } = await eventually(`${method} ${path} is answered`, async () => {
      try {
        const response = await fetch(`${url()}${path}`, { method, headers: { ...headers(), accept: 'application/json' }, body: JSON.stringify(body) });
        const text = await response.text();
        return { done: response.ok, seen: { answer: text, status: response.status } };
      } catch (error) {
        return { done: false, seen: { answer: String(error), status: 0 } };
      }
    }, 90_000); // prettier-ignore
    return JSON.parse(answer) as T;
  }
  const WHOLE_LOAD = { from: new Date(START - DAY_MS).toISOString(), to: new Date(START + DAY_MS).toISOString() };
  const reprice = () => ask<{ corrections: number; pending: number }>('POST', '/api/costs/reprice', WHOLE_LOAD);
  /** Asks once and does not wait: the process is killed while it works on that. */
  const beginReprice = (): void =>
    void fetch(`${url()}/api/costs/reprice`, { method: 'POST', headers: headers(), body: JSON.stringify(WHOLE_LOAD) }).catch(() => undefined); // prettier-ignore
  async function query<T>(sql: string): Promise<T[]> {
    const response = await fetch(`${url()}/api/query`, {
      method: 'POST',
      headers: headers(),
      body: JSON.stringify({ sql }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(text);
    return text.split('\n').filter(Boolean).map((line) => JSON.parse(line) as T); // prettier-ignore
  }
  /** Nothing where it is not there to be asked. */
  const asked = (sql: string) => query<Record<string, string>>(sql).catch(() => []);
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
    const prices = `SELECT uniqExact(round(cost_nano_usd / (usage_input_uncached + usage_output))) AS n FROM telltale.events WHERE kind = 'llm' AND toUInt32(substring(id, 6)) >= ${first}`;
    await eventually('rows and records tell of the same costs', async () => {
      const [priced] = await asked(prices);
      const spend = await recountSpend(asked, 'at_first');
      return { done: spend.nano > 0 && spend.off === 0 && Number(priced?.['n']) === 2, seen: { spend, priced } };
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

  it(`survives ${RANDOM_KILLS} SIGKILLs at random under load, with late and repeated events and a re-pricing`, async () => {
    const alive = keepAlive('standalone', () => env);
    standalone = alive;
    let seed = 11;
    for (let kill = 0; kill < RANDOM_KILLS; kill++) {
      for (let i = 0; i < 5; i++) await send(100);
      await sendFrom(sent - 300, 100);
      if (kill === PRICE_AT) await ask('POST', '/api/settings/price/later', { value: LATER_PRICE });
      if (kill >= REPRICE_AT && kill < REPRICE_AT + REPRICES) beginReprice();
      if (kill === REPRICE_AT)
        await eventually('some of the corrections are there', async () => {
          const [found] = await asked('SELECT count() AS n FROM telltale.cost_corrections');
          return { done: Number(found?.['n']) > 0, seen: found };
        }, 60_000, 20); // prettier-ignore
      seed = (seed * 1103515245 + 12345) % 2147483648;
      await pass(seed % 400);
      await alive.kill();
    }
    expect(alive.exits()).toEqual(Array<string>(RANDOM_KILLS).fill('SIGKILL'));
    await exactly();
    await eventually('turns and sessions equal a recount of all events', async () => {
      const { turns, sessions } = await recountTurns(asked);
      const isEqual = [turns, sessions].every(({ off, events }) => off === 0 && events === sent);
      return { done: isEqual, seen: { turns, sessions, sent } };
    }, 60_000); // prettier-ignore
    const asTheyCame = await eventually('spend is what the events cost when they came, to the nano-dollar', async () => {
      const seen = await recountSpend(asked, 'at_first');
      return { done: seen.off === 0 && seen.nanoOff === 0, seen };
    }, 60_000); // prettier-ignore
    // What those that were cut short have left, and events that came before the enricher had met the price.
    await reprice();
    const atLast = await eventually('spend with its corrections is what the events cost at the later price, to the nano-dollar', async () => {
      const seen = await recountSpend(asked, 'at_last');
      return { done: seen.off === 0 && seen.nanoOff === 0, seen };
    }, 60_000); // prettier-ignore
    expect(asTheyCame.nano).toBeGreaterThan(0);
    expect(atLast.nano).not.toBe(asTheyCame.nano);
    expect(await reprice()).toMatchObject({ corrections: 0, pending: 0 });
    await alive.stop();
  });
});
