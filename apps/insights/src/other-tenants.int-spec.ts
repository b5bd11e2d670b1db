import { createChdbRowStore } from '@telltale/adapter-clickhouse';
import { keyIdentityOf } from '@telltale/auth';
import { API_KEY_SCOPES, TABLES, TOPICS } from '@telltale/contracts';
import { COMMANDS, type Definition, placesOf, QUERIES } from '@telltale/query';
import { systemClock } from '@telltale/platform-telemetry';
import { createSettings, createSettingStore } from '@telltale/settings';
import { newTestSecrets, newTestSetting } from '@telltale/settings/testing';
import { type LogRecord, type OutputRecord, type RowStore } from '@telltale/streaming';
import { fakeBroker, noMetrics, silentLogger } from '@telltale/testkit';
import { type NestFastifyApplication } from '@nestjs/platform-fastify';
import { createHttpApp } from '@telltale/platform-nest-runtime';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InsightsModule } from './insights.module';

const NOW = Date.parse('2026-11-23T12:00:00Z');
const RECENT = new Date(NOW - 60_000).toISOString();
const LATER = new Date(NOW + 3_600_000).toISOString();
const TENANTS = ['acme', 'evil'] as const;
type Tenant = (typeof TENANTS)[number];
/** What names a thing, which people may ask for, and what is in it, which only its tenant may see. */
const keyOf = (tenant: Tenant): string => `key-of-${tenant}`;
const secretOf = (tenant: Tenant): string => `secret-of-${tenant}`;
const IS_KEY = /^id$|_id$|^(service_name|metric|provider|model)$/;
/** Words that statements compare with; everything else is free text. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  'events.kind': ['turn', 'llm', 'tool'],
  'detector_overrides.type': ['set_maintenance', 'set_sensitivity', 'set_holidays', 'label_anomaly'],
  'detector_overrides.state': ['active'],
  'anomalies.state': ['open'],
  'incidents.state': ['open'],
  'directives.state': ['raised'],
};
const ENDS = /^(expires_at|until_at)$/;

interface Column {
  readonly table: string;
  readonly name: string;
  readonly type: string;
}

function valueOf({ name, type }: Column, tenant: Tenant): unknown {
  const text = IS_KEY.test(name) ? keyOf(tenant) : secretOf(tenant);
  if (name === 'tenant') return tenant;
  if (/^Map\(.*(Int|Float)/.test(type)) return { [keyOf(tenant)]: 1 };
  if (/^Map/.test(type)) return { service_name: keyOf(tenant), note: secretOf(tenant) };
  if (/^Array\(Tuple/.test(type)) return [];
  if (/^Array\(.*(Int|Float)/.test(type)) return [1];
  if (/^Array/.test(type)) return [text];
  if (/DateTime/.test(type)) return ENDS.test(name) ? LATER : RECENT;
  if (/Date/.test(type)) return '2099-01-01';
  if (/String/.test(type)) return name === 'parent_span_id' ? '' : text;
  return /Bool/.test(type) ? false : 1;
}

/** Rows of one tenant in one table: every column filled, one row for each word that statements look for. */
function rowsOf(table: string, columns: readonly Column[], tenant: Tenant): string[] {
  const row = Object.fromEntries(columns.map((column) => [column.name, valueOf(column, tenant)]));
  const [name, words] = Object.entries(WORDS).map(([key, values]) => [key.split('.'), values] as const).find(([[of]]) => of === table) ?? [[], ['']]; // prettier-ignore
  const fixed = Object.fromEntries(Object.entries(WORDS).flatMap(([key, [word]]) => (key.startsWith(`${table}.`) ? [[key.split('.')[1] ?? '', word]] : []))); // prettier-ignore
  return words.map((word, i) =>
    JSON.stringify({ ...row, ...fixed, ...(name[1] === undefined ? {} : { [name[1]]: word }), ...(i > 0 ? { id: `${String(row['id'])}-${i}` } : {}) }),
  ); // prettier-ignore
}

const deadLetter = (tenant: Tenant, offset: number): LogRecord => ({
  topic: TOPICS.dlq.name, partition: 0, offset, key: keyOf(tenant), value: Buffer.from(secretOf(tenant)), timestampMs: NOW, headers: { 'tt-tenant': tenant, 'tt-note': secretOf(tenant), 'x-dlq-topic': TOPICS.raw.name, 'x-dlq-reason': 'undecodable', 'x-dlq-timestamp': RECENT },
}); // prettier-ignore

/** A setting of a tenant. */
const dashboardOf = (tenant: Tenant) =>
  newTestSetting('dashboard', tenant, { title: secretOf(tenant), panels: [{ title: secretOf(tenant), form: 'stat', unit: 'count', sql: 'SELECT session_id FROM events' }] }, keyOf(tenant)); // prettier-ignore
const viewOf = (tenant: Tenant) => newTestSetting('view', tenant, { title: secretOf(tenant), page: 'series' }, keyOf(tenant));

/** A price file of a tenant, which lists a model that only this tenant has. */
function priceFileOf(tenant: Tenant) {
  const file = { revision: '0123456789ab', slot: 'a' };
  const models = [{ provider: 'openai', model: keyOf(tenant), rates: { input: 1, output: 1 } }];
  return [
    newTestSetting('price_file', tenant, { ...file, source: 'litellm', parts: 1, models: 1 }, keyOf(tenant)),
    newTestSetting('price_file_part', tenant, { ...file, file: keyOf(tenant), part: 0, models }, `${keyOf(tenant)}.a.0`),
  ];
}

/** Answers that hold nothing of a tenant even when all is right, and why. */
const SHOWS_NOTHING: Readonly<Record<string, string>> = {
  listTopics: 'topics are those of all tenants: it needs the scope admin, and holds counts only',
  countEvents: 'it holds counts only: of the own tenant, as the test below says',
  getLiveRate: 'it holds counts only: of the own tenant, as now.int-spec says',
  listFields: 'fields are the same for all',
  exploreHeatMap: 'it holds counts and durations only: explore.int-spec asks as another tenant',
  getPrivacyPolicy: 'it holds a mode and kinds, which settings of neither tenant say; settings.spec asks with some that do',
  whatIf: 'it names models whose price is known only: costs.int-spec asks with some',
  listSettingTypes: 'types are the same for all',
  testReceiver: 'it holds what became of the test, of which nothing is known here: alerts.int-spec of standalone asks it',
  tailEvents: 'it does not end: the filter of the tail is tested by itself',
  tailIncidents: 'as tailEvents',
  tailAlerts: 'as tailEvents',
};

/** A key is the name of its tenant. */
const grantOf = (tenant: string) => ({ tenant, name: 'test', scopes: API_KEY_SCOPES });

/** Definitions whose things have other names. */
const SPECIAL: Readonly<Record<string, (named: Tenant) => Record<string, unknown>>> = {
  getDeadLetter: (named) => ({ id: `0-${TENANTS.indexOf(named)}` }),
  replayDeadLetters: (named) => ({ ids: [`0-${TENANTS.indexOf(named)}`] }),
  endSensitivity: (named) => ({ id: `${keyOf(named)}-1` }),
  endHolidays: (named) => ({ id: `${keyOf(named)}-2` }),
  listStoredRows: () => ({ table: 'events' }),
  getDashboard: (named) => ({ name: keyOf(named) }),
  getSetting: (named) => ({ type: 'view', name: keyOf(named) }),
  deleteSetting: (named) => ({ type: 'view', name: keyOf(named) }),
  putSetting: (named) => ({ type: 'view', name: `${keyOf(named)}-2`, value: { title: 'mine', page: 'series' } }),
  testReceiver: (named) => ({ name: keyOf(named), wait_seconds: 1 }),
  getPrice: (named) => ({ model: keyOf(named), provider: 'openai' }),
  explainError: (named) => ({ id: secretOf(named) }),
  getToolSchema: (named) => ({ id: secretOf(named) }),
  explore: () => ({ by: 'service_name' }),
  exploreDifferences: () => ({ selected: 'duration_ms>0' }),
  readPanel: (named) => ({ panel: 'panel-1', name: keyOf(named) }),
  runSql: () => ({ sql: 'SELECT * FROM events' }),
  listValues: () => ({ field: 'session_id' }),
  exportRows: () => ({ what: 'events' }),
  readField: (named) => ({ id: keyOf(named), field: 'input' }),
  spendOverTime: () => ({ by: 'version' }),
  previewDirective: (named) => ({ service_name: keyOf(named) }),
  topSpend: () => ({ by: 'model' }),
  compare: (named) => ({ by: 'service', service: keyOf(named) }),
  listBudgets: (named) => ({ budget: secretOf(named) }),
  explainSpend: (named) => ({ from: '1h', service: keyOf(named) }),
  why: (named) => ({ about: keyOf(named) }),
  whatIf: (named) => ({ from: '1h', service: keyOf(named) }),
  reprice: () => ({ from: new Date(NOW - 3_600_000).toISOString(), to: LATER }),
};

describe('with two tenants in one store', () => {
  let folder: string;
  let rows: RowStore;
  let app: NestFastifyApplication;
  const produced: OutputRecord[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'telltale-tenants-'));
    rows = createChdbRowStore({ path: folder });
    await rows.migrate('apply');
    const columns = await rows.query<Column>("SELECT table, name, type FROM system.columns WHERE database = 'telltale'");
    for (const table of TABLES) {
      const own = columns.filter((column) => column.table === table);
      const both = TENANTS.flatMap((tenant) => rowsOf(table, own, tenant));
      await rows.insert({ table, rows: both, token: table, comment: 'test' });
    }
    const ofEvents = columns.filter(({ table }) => table === 'events');
    const unpriced = TENANTS.map((tenant) => {
      const [row = '{}'] = rowsOf('events', ofEvents, tenant);
      return JSON.stringify({
        ...(JSON.parse(row) as object),
        kind: 'llm',
        id: `${keyOf(tenant)}-unpriced`,
        cost_nano_usd: null,
      });
    });
    await rows.insert({ table: 'events', rows: unpriced, token: 'unpriced', comment: 'test' });
    const broker = fakeBroker({
      produce: (records) => Promise.resolve(void produced.push(...records)),
      newest: (topic) => Promise.resolve(topic === TOPICS.dlq.name ? TENANTS.map((tenant, i) => deadLetter(tenant, i)) : []),
      groupOffsets: () => Promise.resolve(new Map()),
      describe: (topics) => Promise.resolve(topics.map((name) => ({ name, partitions: [{ partition: 0, start: 0, end: 0 }] }))),
    });
    app = await createHttpApp(
      InsightsModule.register({
        broker,
        rows,
        clock: { now: () => NOW, monotonic: () => 0, sleep: () => Promise.resolve() },
        logger: silentLogger,
        metrics: noMetrics,
        tracer: null,
        settings: createSettings(
          createSettingStore(
            TENANTS.flatMap((tenant) => [
              viewOf(tenant),
              dashboardOf(tenant),
              newTestSetting('budget', tenant, { usd: 1 }, secretOf(tenant)),
              newTestSetting(
                'receiver',
                tenant,
                { type: 'slack', url: `https://example.com/${secretOf(tenant)}` },
                keyOf(tenant),
              ),
              ...priceFileOf(tenant),
            ]),
          ),
          broker,
          systemClock,
          newTestSecrets(),
        ),
        rates: { take: () => ({ ok: true }), charge: () => undefined, size: 0 },
        keys: {
          find: grantOf,
          entryOf: (tenant) => ({ ...keyIdentityOf(tenant), grant: grantOf(tenant) }),
          entryById: () => null,
        },
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
    rmSync(folder, { recursive: true, force: true });
  });

  /** What asks a definition for the things of `named`: of a command its example, of a question no filter but their names. */
  function givenFor({ name, method, example, params }: Definition, named: Tenant): Record<string, unknown> {
    const special = SPECIAL[name]?.(named);
    if (special) return special;
    const names = { id: keyOf(named), service: keyOf(named), service_name: keyOf(named), session: keyOf(named), metric: keyOf(named) }; // prettier-ignore
    return {
      ...(method === 'POST' ? example : {}),
      ...Object.fromEntries(Object.entries(names).filter(([field]) => field in params.shape)),
    };
  }

  async function ask(definition: Definition, tenant: Tenant, given: Record<string, unknown>) {
    const { path, query } = placesOf(definition);
    const url = path.reduce((text, name) => text.replace(`{${name}}`, encodeURIComponent(String(given[name]))), definition.path);
    const search = new URLSearchParams(
      query.flatMap((name): [string, string][] => (given[name] === undefined ? [] : [[name, String(given[name])]])),
    );
    const body = Object.fromEntries(Object.entries(given).filter(([name]) => !path.includes(name) && !query.includes(name)));
    produced.length = 0;
    const answered = await app.inject({
      method: definition.method,
      url: `${url}?${search.toString()}`,
      headers: { 'x-telltale-key': tenant, 'content-type': 'application/json' },
      ...(definition.method === 'POST' ? { payload: JSON.stringify(body) } : {}),
    });
    return {
      status: answered.statusCode,
      body: answered.body,
      produced: produced.map(({ key, value }) => `${key} ${String(value)}`),
    };
  }

  const asked = (list: readonly Definition[]) => list.filter(({ name }) => !name.startsWith('tail')).map((definition) => [definition.name, definition] as const); // prettier-ignore

  it.each(asked(QUERIES))('%s shows the rows of the own tenant only, whatever it is asked for', async (name, definition) => {
    const own = await ask(definition, 'acme', givenFor(definition, 'acme'));
    expect(own.status).toBe(200);
    const shows = own.body.includes(secretOf('acme')) || own.body.includes(keyOf('acme'));
    expect([name, shows]).toEqual([name, !(name in SHOWS_NOTHING)]);
    const all = await ask(definition, 'acme', pathOf(definition, 'acme'));
    const others = await ask(definition, 'acme', givenFor(definition, 'evil'));
    for (const { body } of [own, all]) expect(body).not.toMatch(/(secret|key)-of-evil/);
    expect(others.body).not.toContain(secretOf('evil'));
    expect(others.status).toBeLessThan(500);
  });

  /** What must be given, and no filter. */
  const pathOf = (definition: Definition, named: Tenant): Record<string, unknown> => {
    const given = givenFor(definition, named);
    const names = [...placesOf(definition).path, ...placesOf(definition).body];
    return Object.fromEntries(Object.entries(given).filter(([field]) => names.includes(field)));
  };

  it.each(asked(COMMANDS))('%s does for the own tenant only, and to nothing of another', async (_, definition) => {
    const own = await ask(definition, 'acme', givenFor(definition, 'acme'));
    expect([own.status, own.body]).toEqual([definition.status, expect.not.stringContaining('of-evil')]);
    expect(own.produced.join('\n')).not.toContain('evil');
    const others = await ask(definition, 'acme', givenFor(definition, 'evil'));
    expect(others.body).not.toContain(secretOf('evil'));
    // Where it does anything at all, it does it under the name of who asks.
    expect(others.produced.filter((record) => !/^(acme|key-of-acme|view\/acme\/key-of-evil-2) /.test(record) || record.includes(secretOf('evil')))).toEqual([]); // prettier-ignore
    expect(definition.missing === undefined || others.status === 404).toBe(true);
  });

  it.each(['acme', 'evil'] as const)('countEvents counts those of %s only', async (tenant) => {
    const count = QUERIES.find(({ name }) => name === 'countEvents') as Definition;
    const { body } = await ask(count, tenant, {});
    expect(JSON.parse(body)).toMatchObject({ events: 4, turns: 1, llm: 2, items: 4 });
  });

  it('has rows of both, so that the tests above can fail', async () => {
    for (const table of ['events', 'anomalies', 'incidents', 'directives', 'detector_overrides', 'series_windows', 'spend'])
      expect(await rows.query(`SELECT uniqExact(tenant) AS n FROM telltale.${table}`)).toEqual([{ n: 2 }]);
  });
});
