import { createKeyRates, createKeyStore, digestOf } from '@telltale/auth';
import { API_KEY_SCOPES, type ApiKeyScope, type SettingRecord, TOPICS } from '@telltale/contracts';
import { type Broker, type LogRecord, type OutputRecord, type QueryParams, type RowStore, type Trace } from '@telltale/streaming';
import { createHttpApp } from '@telltale/platform-nest-runtime';
import { type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Readable } from 'node:stream';
import { createSettings, createSettingStore } from '@telltale/settings';
import { newTestSecrets, newTestSetting } from '@telltale/settings/testing';
import { InsightsModule } from './insights.module';

export const KEY = 'tt_secret';
export const AUTH = { authorization: `Bearer ${KEY}` };
/** Of another tenant. */
export const OTHER_KEY = 'tt_other_tenant';
/** A key of all scopes but one. */
export const keyWithout = (scope: ApiKeyScope): string => `tt_without_${scope}`;
const keySetting = (key: string, without?: ApiKeyScope, tenant = 'default'): SettingRecord =>
  newTestSetting(
    'api_key',
    tenant,
    {
      sha256: digestOf(key).toString('hex'),
      ...(without ? { scopes: API_KEY_SCOPES.filter((scope) => scope !== without) } : {}),
    },
    key.replace(':', '_'),
  );
export const NOW = Date.parse('2026-11-23T12:00:00Z');
const record = (topic: string, offset: number, value: string | null, key: string | null, headers: Record<string, string> = {}): LogRecord => ({
  topic, partition: 0, offset, key, value: value === null ? null : Buffer.from(value), headers, timestampMs: NOW,
}); // prettier-ignore
const deadLetter = (offset: number, reason: string, more: Record<string, string> = {}): LogRecord =>
  record(TOPICS.dlq.name, offset, `encrypted-${offset}`, 'ses-1', {
    'tt-format': 'native', 'tt-encryption-key-id': '2026-11-23', 'x-dlq-reason': reason, 'x-dlq-topic': TOPICS.raw.name, 'x-dlq-error': 'ts: is not a time', 'x-dlq-timestamp': '2026-11-23T11:00:00.000Z', 'x-dlq-service': 'enricher', 'x-dlq-step': 'normalize', 'x-dlq-partition': '0', 'x-dlq-offset': '7', ...more,
  }); // prettier-ignore

const partitionsOf = (name: string) =>
  (name === TOPICS.detectorSettings.name ? [0, 1, 2] : [0]).map((partition) => ({ partition, start: 2, end: 10 }));

const SELECT_ONE = ['SelectWithUnionQuery (children 1)', ' ExpressionList (children 1)', '  SelectQuery (children 1)', '   ExpressionList (children 1)', '    Literal UInt64_1']; // prettier-ignore
/** What the engine would say to the guard: every text is a `SELECT 1` in canonical form. */
const parseOf = (sql: string, params?: QueryParams): object[] | null =>
  sql.startsWith('SELECT formatQuery')
    ? [{ sql: String(params?.['text']).replace(/;$/, '') }]
    : sql.startsWith('EXPLAIN AST')
      ? SELECT_ONE.map((explain) => ({ explain }))
      : null;
const linesOf = (rows: readonly object[]) => Readable.from([rows.map((row) => JSON.stringify(row))]);

/** Insights over HTTP with a log and a store that the test looks into; `answers` says what the store finds. */
export async function newTestInsights(limits = { requestsPerSecond: 0, bytesPerSecond: 0 }) {
  const time = { passedMs: 0 };
  const produced: OutputRecord[] = [];
  const queries: { sql: string; params?: QueryParams | undefined; tenant?: string | undefined }[] = [];
  const topics = new Map<string, LogRecord[]>([
    [TOPICS.dlq.name, [deadLetter(1, 'bad_timestamp'), deadLetter(2, 'undecodable'), deadLetter(3, 'undecodable', { 'tt-tenant': 'other' }), deadLetter(4, 'step_failed', { 'x-dlq-topic': 'gone' })]],
  ]); // prettier-ignore
  let answer: () => Promise<Record<string, unknown>[]> = () => Promise.resolve([]);
  const refuse = (): Promise<never> => Promise.reject(new Error('not part of this test'));
  const broker: Broker = {
    ensureTopics: refuse,
    produce: (records) => Promise.resolve(void produced.push(...records)),
    join: refuse,
    tail: ({ signal }) => new Promise((resolve) => signal.addEventListener('abort', () => resolve())),
    newest: (topic, limit) => Promise.resolve((topics.get(topic) ?? []).slice(-limit)),
    groupOffsets: (_group, names) => Promise.resolve(new Map(names.map((name) => [name, [{ partition: 0, offset: 4 }]]))),
    describe: (names) => Promise.resolve(names.map((name) => ({ name, partitions: partitionsOf(name) }))),
    ping: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
  const rows: RowStore = {
    insert: refuse,
    query: <T>(sql: string, params?: QueryParams) => {
      const parsed = parseOf(sql, params);
      if (parsed) return Promise.resolve(parsed as T[]);
      queries.push({ sql, params });
      return answer() as Promise<T[]>;
    },
    lines: async (sql, params, options) => {
      queries.push({ sql, params, tenant: options?.tenant });
      return linesOf(await answer());
    },
    parquet: refuse,
    migrate: refuse,
    sizeDedupWindows: refuse,
    dedupWindows: refuse,
    limitSystemLogs: refuse,
    ping: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
  const logged: (readonly [string, object])[] = [];
  const quiet = {
    debug: () => undefined,
    info: (event: string, more: object = {}) => void logged.push([event, more]),
    warn: () => undefined,
    error: () => undefined,
  };
  const counted: Record<string, string>[] = [];
  const traces: Trace[] = [];
  const metrics = {
    count: (_name: string, labels: Readonly<Record<string, string>>) => void counted.push({ ...labels }),
    observe: () => undefined,
    set: () => undefined,
  };
  const clock = { now: () => NOW, monotonic: () => 1_000 + time.passedMs, sleep: () => Promise.resolve() };
  const store = createSettingStore([
    keySetting(KEY),
    keySetting(OTHER_KEY, undefined, 'other'),
    ...API_KEY_SCOPES.map((scope) => keySetting(keyWithout(scope), scope)),
  ]);
  const deps = {
    broker,
    rows,
    clock,
    logger: quiet,
    metrics,
    tracer: { record: (trace: Trace) => void traces.push(trace) },
    keys: createKeyStore(store),
    rates: createKeyRates({ service: 'insights', limits, variables: { requests: 'INSIGHTS_KEY_REQUESTS_PER_SECOND', bytes: 'INSIGHTS_KEY_BYTES_PER_SECOND' }, clock, metrics, logger: quiet }), // prettier-ignore
    settings: createSettings(store, broker, clock, newTestSecrets()),
    stopping: new AbortController().signal,
  };
  const app: NestFastifyApplication = await createHttpApp(InsightsModule.register(deps), 2_000_000);
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  const call = async (method: 'GET' | 'POST' | 'DELETE', url: string, body?: unknown, headers: Record<string, string> = AUTH) => {
    const answered = await app.inject({
      method,
      url,
      headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return {
      status: answered.statusCode,
      text: answered.body,
      headers: answered.headers,
      json: () => JSON.parse(answered.body) as Record<string, unknown>,
    };
  };
  const put = (topic: string, value: unknown): void => void topics.set(topic, [record(topic, 0, typeof value === 'string' ? value : JSON.stringify(value), null)]); // prettier-ignore
  return {
    app,
    pass: (ms: number) => (time.passedMs += ms),
    call,
    put,
    produced,
    queries,
    counted,
    logged,
    traces,
    answers: (next: typeof answer) => (answer = next),
  };
}
