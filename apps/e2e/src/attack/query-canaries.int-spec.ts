import { InsightsModule } from '@telltale/app-insights';
import { createChdbRowStore } from '@telltale/adapter-clickhouse';
import { systemClock } from '@telltale/platform-telemetry';
import { createSettings, createSettingStore } from '@telltale/settings';
import { newTestSecrets } from '@telltale/settings/testing';
import { type RowStore } from '@telltale/streaming';
import { fakeBroker, noMetrics, silentLogger } from '@telltale/testkit';
import { createHttpApp } from '@telltale/platform-nest-runtime';
import { type NestFastifyApplication } from '@nestjs/platform-fastify';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHostileSql } from './hostile-sql';

jest.setTimeout(180_000);
const STATEMENTS = 2_000;
const SEED = 20_261_128;
// Digits only: the same in capitals, backwards it is looked for too.
const CANARIES = { row: '7731904418265530', file: '6604418275539102', url: '5519027736644188' };
const disguises = (text: string): string[] => [
  text,
  [...text].reverse().join(''),
  Buffer.from(text).toString('hex'),
  Buffer.from(text).toString('base64').replace(/=+$/, ''),
];
const NOW = Date.parse('2026-11-23T12:00:00Z');
const event = (tenant: string, id: string, input: string): string =>
  JSON.stringify({ tenant, id, kind: 'turn', name: 'turn', ts: new Date(NOW).toISOString(), received_at: new Date(NOW).toISOString(), expires_on: '2026-12-23', status: 'ok', session_id: `ses-${tenant}`, trace_id: `T-${tenant}`, span_id: id, service_name: `shop-${input}`, sampling_weight: 1, input, output: input }); // prettier-ignore

interface Answer {
  readonly status: number;
  readonly body: string;
}

describe(`${STATEMENTS} generated statements of one tenant`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'telltale-canaries-'));
  const file = join(folder, 'canary.csv');
  const out = join(folder, 'written.csv');
  let rows: RowStore;
  let app: NestFastifyApplication;
  let listener: Server;
  let visits = 0;

  beforeAll(async () => {
    listener = createServer((_, response) => {
      visits++;
      response.end(`${CANARIES.url}\n`);
    });
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    rows = createChdbRowStore({ path: join(folder, 'tables') });
    await rows.migrate('apply');
    await rows.insert({ table: 'events', rows: [event('mine', 'own-1', 'own words'), event('mine', 'own-2', 'more words')], token: 'mine', comment: 'test' }); // prettier-ignore
    app = await createHttpApp(
      InsightsModule.register({
        broker: fakeBroker(),
        rows,
        clock: { now: () => NOW, monotonic: () => 0, sleep: () => Promise.resolve() },
        logger: silentLogger,
        metrics: noMetrics,
        tracer: null,
        settings: createSettings(createSettingStore(), fakeBroker(), systemClock, newTestSecrets()),
        rates: { take: () => ({ ok: true }), charge: () => undefined, size: 0 },
        keys: { find: (tenant) => ({ tenant, name: 'test', scopes: ['read'] }), entryOf: () => null, entryById: () => null },
        stopping: new AbortController().signal,
      }),
      1_000_000,
    );
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
  }, 60_000);
  afterAll(async () => {
    await app.close();
    await rows.close();
    listener.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function ask(sql: string): Promise<Answer> {
    const headers = { 'x-telltale-key': 'mine', 'content-type': 'application/json' };
    const answered = await app.inject({ method: 'POST', url: '/api/query', headers, payload: JSON.stringify({ sql }) });
    return { status: answered.statusCode, body: answered.body };
  }

  it('bring out no row of another tenant, no file, no visit, and answer as if the other tenant were not there', async () => {
    const url = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`;
    const next = createHostileSql(SEED, { file, url, out, otherTenant: 'other' });
    const statements = Array.from({ length: STATEMENTS }, next);
    // Before there is anything to steal.
    const alone: Answer[] = [];
    for (const sql of statements) alone.push(await ask(sql));

    writeFileSync(file, `${CANARIES.file}\n`);
    const stolen = Array.from({ length: 50 }, (_, i) => event('other', `${CANARIES.row}-${i}`, CANARIES.row));
    await rows.insert({ table: 'events', rows: stolen, token: 'other', comment: 'test' });
    // Each canary can be seen by who is let: otherwise the search below would prove nothing.
    expect(JSON.stringify(await rows.query('SELECT input FROM telltale.events'))).toContain(CANARIES.row);
    expect(JSON.stringify(await rows.query(`SELECT file('${file}') AS text`))).toContain(CANARIES.file);
    expect(await (await fetch(url)).text()).toContain(CANARIES.url);
    const before = visits;

    const leaks: string[] = [];
    let answered = 0;
    for (const [i, sql] of statements.entries()) {
      const { status, body } = await ask(sql);
      const asked = alone[i];
      if (status === 200) answered++;
      const hasCanary = Object.values(CANARIES)
        .flatMap(disguises)
        .some((text) => body.includes(text));
      const isOther = asked?.status !== status || asked.body !== body;
      if (hasCanary || isOther || status >= 500) leaks.push(`${sql}\n  alone: ${asked?.status} ${asked?.body.slice(0, 300)}\n  now: ${status} ${body.slice(0, 300)}`); // prettier-ignore
    }
    process.stdout.write(`${answered} of ${STATEMENTS} statements answered\n`);
    expect(leaks).toEqual([]);
    expect(visits - before).toBe(0);
    expect(existsSync(out)).toBe(false);
    // A guard that refuses everything would pass all of the above.
    expect(answered).toBeGreaterThan(STATEMENTS / 10);
    expect(alone.some(({ body }) => body.includes('own words'))).toBe(true);
  });
});
