import { createKafkaBroker } from '@telltale/adapter-kafka';
import { createClickHouseRowStore } from '@telltale/adapter-clickhouse';
import { ALL_TOPICS, TOPICS } from '@telltale/contracts';
import { PROBE_POINTS, type Broker, type LogRecord, type RowStore } from '@telltale/streaming';
import { createLog, systemClock } from '@telltale/platform-telemetry';
import { startClickHouse, startKafka, type TestClickHouse, type TestKafka } from '@telltale/testkit';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { keepAlive, type Supervised } from '../harness/keep-alive';
import { loadRecords } from '../harness/event-load';
import { startRelay } from '../harness/relay';
import { eventually, pass, startService } from '../harness/service-process';
import { anomalyRecords, endAnomalies, expectedOf } from './anomaly-load';
import { allOf, countEvents, enricherIsDone, expectedDurations, isSpendEqual, onlyOf } from './count-events';
import { reckon } from './reckoning';
import { recountDirectives, recountIncidents } from './recount-incidents';
import { recountTurns } from './recount-turns';

// Real processes on a real broker, killed at every named point, at random under load, and with the broker itself killed: every
// event once in the table, in the rollup, on the topic and in the measures; turns, sessions, spend, incidents and directives equal to a recount.

jest.setTimeout(600_000);
const PARTITIONS = 2;
const PER_POINT = 600;
const UNDER_LOAD = 12_000;
const RANDOM_KILLS = 20;
const STORE_AWAY_MS = 30_000;
const START = Date.now();
const SERVICES = ['enricher', 'scorer', 'turns', 'costs', 'incidents', 'verbosity'];

describe('exactly once, on Kafka', () => {
  let kafka: TestKafka;
  let clickhouse: TestClickHouse;
  let broker: Broker;
  let rows: RowStore;
  let home: string;
  let sent = 0;
  const running: Supervised[] = [];

  beforeAll(async () => {
    const started = await startKafka();
    if ('unavailable' in started) throw new Error(`no Kafka: ${started.unavailable}`);
    kafka = started;
    clickhouse = await startClickHouse();
    home = mkdtempSync(join(tmpdir(), 'telltale-crash-'));
    broker = createKafkaBroker({
      brokers: kafka.brokers,
      clientId: 'crash-test',
      partitions: PARTITIONS,
      replicationFactor: 1,
      clock: systemClock,
      logger: createLog('crash-test', 'silent'),
    });
    await broker.ensureTopics(ALL_TOPICS);
    rows = createClickHouseRowStore({ url: clickhouse.url });
    await rows.migrate('apply');
  });
  afterAll(async () => {
    for (const service of running) await service.stop();
    await broker.close();
    await rows.close();
    await clickhouse.stop();
    await kafka.stop();
    rmSync(home, { recursive: true, force: true });
  });

  const env = (): Record<string, string> => ({
    TELLTALE_HOME: home,
    TELLTALE_BACKEND: 'cluster',
    TELLTALE_PARTITIONS: String(PARTITIONS),
    TELLTALE_MASTER_KEY: MASTER_KEY,
    KAFKA_BROKERS: kafka.brokers.join(','),
    CLICKHOUSE_URL: clickhouse.url,
    BATCH_LINGER_MS: '20',
    BATCH_MAX_RECORDS: '40',
    TURNS_QUIET_MS: '1000',
    INCIDENT_RESOLVE_AFTER_MS: '1000',
    VERBOSITY_BOOST_TTL_MS: '1500',
    VERBOSITY_COOLDOWN_MS: '1',
  });
  const MASTER_KEY = randomBytes(32).toString('base64');

  async function send(count: number): Promise<void> {
    await broker.produce(loadRecords(sent, sent + count, START, PARTITIONS));
    sent += count;
  }
  const figures = () => countEvents(rows);
  const settled = () => enricherIsDone(broker, PARTITIONS);
  const all = () => allOf(sent);

  async function readAll(topic: string): Promise<LogRecord[]> {
    const [info] = await broker.describe([topic]);
    const all = (await broker.newest(topic, 1_000_000)).filter((record) => record.topic === info?.name);
    return all;
  }

  it.each(PROBE_POINTS)('survives SIGKILL %s, in enricher and scorer', async (point) => {
    const crashOnce = (start: number) =>
      start === 0 ? { ...env(), TELLTALE_FAILPOINT: `${point}:${point === 'during_restore' ? 1 : 2}` } : env();
    const enricher = keepAlive('enricher', crashOnce);
    const scorer = keepAlive('scorer', crashOnce);
    running.push(enricher, scorer);
    for (let i = 0; i < 3; i++) {
      await send(PER_POINT / 3);
      await settled();
    }
    await eventually(
      'the scorer met its crash',
      () => Promise.resolve({ done: scorer.exits().length > 0, seen: scorer.exits() }),
      60_000,
    );
    await enricher.stop();
    await scorer.stop();
    expect(enricher.exits()[0]).toBe('SIGKILL');
    expect(scorer.exits()[0]).toBe('SIGKILL');
    expect(await figures()).toEqual(all());
  });

  it(`survives ${RANDOM_KILLS} SIGKILLs at random under load, two processes a service, then a killed broker`, async () => {
    const pairs = SERVICES.flatMap((name) => [keepAlive(name, env), keepAlive(name, env)]);
    running.push(...pairs);
    let seed = 7;
    const random = (below: number): number => (seed = (seed * 1103515245 + 12345) % 2147483648) % below;
    for (let kill = 0; kill < RANDOM_KILLS; kill++) {
      await send(UNDER_LOAD / RANDOM_KILLS);
      await broker.produce(anomalyRecords(kill, START));
      await pass(200 + random(900));
      await pairs[random(pairs.length)]?.kill();
    }
    expect(pairs.flatMap((service) => service.exits())).toEqual(Array<string>(RANDOM_KILLS).fill('SIGKILL'));
    await send(PER_POINT);
    await kafka.restart();
    await eventually('the broker takes records again', async () => {
      try {
        await send(PER_POINT);
        return { done: true, seen: '' };
      } catch (error) {
        return { done: false, seen: String(error) };
      }
    }, 60_000); // prettier-ignore
    await settled();
    expect(await figures()).toEqual(all());
    await Promise.all(pairs.map((service) => service.stop()));
  });

  it('waits while the store is away for 30 s, says so, and loses nothing', async () => {
    const relay = await startRelay(clickhouse.url);
    const enricher = await startService('enricher', { ...env(), CLICKHOUSE_URL: relay.url });
    await send(PER_POINT);
    await relay.cut();
    await send(PER_POINT);
    await pass(STORE_AWAY_MS);
    const ready = (await (await fetch(`${enricher.url}/readyz`)).json()) as { tasks: { phase: string; detail: string }[] };
    expect(ready.tasks.map(({ phase }) => phase)).toContain('paused');
    expect(await (await fetch(`${enricher.url}/metrics`)).text()).toMatch(/telltale_task_stalled\{[^}]*\} 1/);
    expect((await figures()).rows).toBeLessThan(sent);
    await relay.restore();
    await settled();
    expect(await figures()).toEqual(all());
    await enricher.kill('SIGTERM');
    await relay.stop();
  });

  it('has every event once on the topic, and measures equal to a reckoning of all events', async () => {
    // Rows are seen before the transaction that goes with them, and readers of the topic see it a moment after.
    let ids: string[] = [];
    await eventually('every event on the topic', async () => {
      ids = (await readAll(TOPICS.events.name)).map((record) => (JSON.parse(record.value?.toString() ?? '{}') as { id: string }).id);
      return { done: ids.length >= sent, seen: ids.length };
    }, 60_000); // prettier-ignore
    expect({ records: ids.length, distinct: new Set(ids).size }).toEqual({ records: sent, distinct: sent });
    // Measures go out up to two seconds after their events.
    const measured = async () => onlyOf(reckon(await readAll(TOPICS.measures.name)), 'operation.duration');
    const expected = expectedDurations(sent, START);
    const countIn = (all: typeof expected): number => Object.values(all).reduce((sum, { count }) => sum + count, 0);
    await eventually('every measure on the topic', async () => {
      const seen = countIn(await measured());
      return { done: seen >= countIn(expected), seen };
    }, 30_000); // prettier-ignore
    expect(await measured()).toEqual(expected);
  });

  it('has turns, sessions and spend equal to a recount of all events', async () => {
    const services = ['turns', 'costs'].map((name) => keepAlive(name, env));
    running.push(...services);
    const equal = { turns: { off: 0, events: sent }, sessions: { off: 0, events: sent }, isSpendEqual: true };
    const found = await eventually('all equal a recount', async () => {
      const seen = { ...(await recountTurns((sql) => rows.query(sql))), isSpendEqual: await isSpendEqual(rows) };
      return { done: isDeepStrictEqual(seen, equal), seen };
    }, 120_000); // prettier-ignore
    expect(found).toEqual(equal);
    await Promise.all(services.map((service) => service.stop()));
  });

  it('has every anomaly in one incident, every change and alert once, and directives as they were raised and revoked', async () => {
    await broker.produce(endAnomalies(RANDOM_KILLS, START));
    const services = ['incidents', 'verbosity'].map((name) => keepAlive(name, env));
    running.push(...services);
    const { anomalyIds, revokedIds, inForceIds } = expectedOf(RANDOM_KILLS);
    const query = (sql: string) => rows.query<Record<string, unknown>>(sql);
    await eventually('all incidents are closed, and all automatic directives over', async () => {
      const { open } = await recountIncidents(query, readAll);
      const { inForce, raised } = await recountDirectives(query, readAll);
      return { done: open === 0 && inForce.length === raised.length, seen: { open, inForce: inForce.length, raised: raised.length } };
    }, 60_000); // prettier-ignore
    const incidents = await recountIncidents(query, readAll);
    expect(incidents).toEqual({ ...incidents, anomalyIds, rows: incidents.records, alertRows: incidents.expectedAlerts, alertRecords: incidents.expectedAlerts }); // prettier-ignore
    const directives = await recountDirectives(query, readAll);
    expect(directives).toEqual({ ...directives, idsOnTopic: directives.ids, inForce: inForceIds, raised: inForceIds, revoked: revokedIds, automaticOff: [] }); // prettier-ignore
    expect(directives.automatic).toBeGreaterThan(0);
    await Promise.all(services.map((service) => service.stop()));
  });

  it('has every event in the windows and rollups of the scorer, and every window scored once', async () => {
    const scorer = keepAlive('scorer', env);
    running.push(scorer);
    const expected = expectedDurations(sent, START);
    const total = Object.values(expected).reduce((sum, { count }) => sum + count, 0);
    const sumOf = async (table: string): Promise<number> => {
      const [seen] = await rows.query<{ n: number }>(
        `SELECT sum(count) AS n FROM telltale.${table} AND metric = 'operation.duration'`,
      );
      return Number(seen?.n);
    };
    await eventually('every event in a window', async () => {
      const seen = await sumOf('series_windows WHERE true');
      return { done: seen >= total, seen: { seen, total } };
    }, 60_000); // prettier-ignore
    const windows = await rows.query<{ dimensions: object; start: string; count: number; errors: number }>(
      `SELECT any(dimensions) AS dimensions, formatDateTime(window_start, '%Y-%m-%dT%H:%i:%S.000Z') AS start, sum(count) AS count, sum(errors) AS errors
       FROM telltale.series_windows WHERE metric = 'operation.duration' GROUP BY series_id, window_start`,
    );
    expect(Object.fromEntries(windows.map(({ dimensions, start, count, errors }) => [`operation.duration ${JSON.stringify(dimensions)} ${start}`, { count, errors }]))).toEqual(expected); // prettier-ignore
    expect(await sumOf('series_rollup WHERE seconds = 60')).toBe(total);
    const [scored] = await rows.query<{ n: string; d: string }>(
      "SELECT count() AS n, uniqExact(series_id, window_start) AS d FROM telltale.series_windows WHERE metric = 'operation.duration' AND NOT late",
    );
    expect(scored?.n).toEqual(scored?.d);
    await scorer.stop();
  });
});
