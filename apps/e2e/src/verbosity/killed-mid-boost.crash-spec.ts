import { createClickHouseRowStore } from '@telltale/adapter-clickhouse';
import { createKafkaBroker } from '@telltale/adapter-kafka';
import { ALL_TOPICS, type AnomalyRecord, type CommandRecord, type DirectiveRecord, TOPICS } from '@telltale/contracts';
import { partitionOf } from '@telltale/kernel';
import { createLog, systemClock } from '@telltale/platform-telemetry';
import { type Broker, type RowStore } from '@telltale/streaming';
import { freePort, requireKafka, startClickHouse, type TestClickHouse, type TestKafka } from '@telltale/testkit';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually, pass, type ServiceProcess, startService } from '../harness/service-process';
import { buildNodeSdk, goOn, startSteadyApp, type SteadyApp, storedRounds, through } from './steady-app';

// Programs with the SDKs of Python and Node go on, and keep what they were asked for, while parts of the control plane are killed under them.

jest.setTimeout(300_000);
const PARTITIONS = 2;
const TENANT = 'acme';
const API_KEY = `tt_local_${randomBytes(24).toString('hex')}`;
const AUTOMATIC_TTL_MS = 45_000;

describe('a boost, while a process of the control plane is killed', () => {
  let kafka: TestKafka;
  let clickhouse: TestClickHouse;
  let broker: Broker;
  let rows: RowStore;
  let home: string;
  const services: ServiceProcess[] = [];
  const apps: SteadyApp[] = [];

  beforeAll(async () => {
    buildNodeSdk();
    [kafka, clickhouse] = await Promise.all([requireKafka(), startClickHouse()]);
    home = mkdtempSync(join(tmpdir(), 'telltale-boost-'));
    writeFileSync(join(home, 'settings.yaml'), `api_keys: [{ name: bots, tenant: ${TENANT}, key: ${API_KEY} }]\n`);
    const logger = createLog('boost-test', 'silent');
    broker = createKafkaBroker({ brokers: kafka.brokers, clientId: 'boost-test', partitions: PARTITIONS, replicationFactor: 1, clock: systemClock, logger }); // prettier-ignore
    await broker.ensureTopics(ALL_TOPICS);
    rows = createClickHouseRowStore({ url: clickhouse.url });
    await rows.migrate('apply');
    await start('enricher');
  });
  afterEach(() => {
    for (const app of apps.splice(0)) app.kill();
  });
  afterAll(async () => {
    for (const service of services) await service.kill('SIGTERM');
    await broker.close();
    await rows.close();
    await clickhouse.stop();
    await kafka.stop();
    rmSync(home, { recursive: true, force: true });
  });

  const MASTER_KEY = randomBytes(32).toString('base64');
  async function start(name: string, port = 0): Promise<ServiceProcess> {
    const service = await startService(name, {
      TELLTALE_HOME: home,
      TELLTALE_PARTITIONS: String(PARTITIONS),
      TELLTALE_MASTER_KEY: MASTER_KEY,
      TELLTALE_SETTINGS_FILE: join(home, 'settings.yaml'),
      KAFKA_BROKERS: kafka.brokers.join(','),
      CLICKHOUSE_URL: clickhouse.url,
      BATCH_LINGER_MS: '20',
      PUNCTUATE_INTERVAL_MS: '250',
      VERBOSITY_BOOST_TTL_MS: String(AUTOMATIC_TTL_MS),
      HTTP_PORT: String(port),
    });
    services.push(service);
    return service;
  }
  function startApps(url: string): SteadyApp[] {
    apps.push(startSteadyApp('python', url, API_KEY), startSteadyApp('node', url, API_KEY));
    return apps;
  }
  const setByHand = (id: string, ttlMs: number): Promise<void> => {
    const command: CommandRecord = {
      type: 'set_directive', tenant: TENANT, id, class: 'boost', priority: 0, target: {}, set: { min_severity: 'debug' }, limits: {}, ttl_ms: ttlMs, reason: 'a test', issued_by: 'test',
    }; // prettier-ignore
    return broker.produce([{ topic: TOPICS.commands.name, key: TENANT, value: JSON.stringify(command) }]);
  };
  const appliedBy = (id: string, instances: number): Promise<unknown> =>
    eventually(`${instances} programs apply ${id}`, async () => {
      const [seen] = await rows.query<{ n: string }>(`SELECT uniqExact(instance) AS n FROM telltale.directive_acks WHERE directive_id = '${id}' AND is_first`);
      return { done: Number(seen?.n) === instances, seen };
    }, 90_000); // prettier-ignore
  /** The rows of a directive, in order. */
  const statesOf = (id: string) =>
    rows.query<{ state: string; version: number; applied_by: number; evidence_for: readonly string[]; expires: string }>(
      `SELECT state, version, applied_by, evidence_for, toString(toUnixTimestamp64Milli(expires_at)) AS expires FROM telltale.directives WHERE id = '${id}' ORDER BY changed_at, state != 'raised'`,
    );
  const expired = async (id: string): Promise<number> => {
    const seen = await eventually(`${id} expires`, async () => {
      const all = await statesOf(id);
      return { done: all.some(({ state }) => state === 'expired'), seen: all };
    }, 90_000); // prettier-ignore
    return Number(seen[0]?.expires);
  };
  /** Ends the programs; everything that they wrote is stored. */
  async function stopApps() {
    const [python, node] = apps.splice(0);
    const both = await Promise.all([python, node].map(async (app) => ({ app: app as SteadyApp, last: await (app as SteadyApp).stop() }))); // prettier-ignore
    return Promise.all(
      both.map(async ({ app, last }) => {
        const stored = await eventually(`all lines of ${app.service} are stored`, async () => {
          const seen = await storedRounds(rows, app);
          return { done: seen.lines.length >= last.round, seen: seen.lines.length };
        }, 60_000).then(() => storedRounds(rows, app)); // prettier-ignore
        return { app, last, ...stored };
      }),
    );
  }
  const hitsOf = async (id: string): Promise<Record<string, number>> => {
    const found = await rows.query<{ service_name: string; hits: string }>(
      `SELECT service_name, sum(hits) AS hits FROM telltale.directive_acks WHERE directive_id = '${id}' GROUP BY service_name`,
    );
    return Object.fromEntries(found.map(({ service_name: name, hits }) => [name, Number(hits)]));
  };

  it('goes on until its expiry without a gateway, and nothing is blocked or lost', async () => {
    const port = await freePort();
    const gateway = await start('gateway', port);
    const verbosity = await start('verbosity');
    await goOn(startApps(gateway.url), 20);
    await setByHand('before', 25_000);
    await appliedBy('before', 2);

    await gateway.kill('SIGKILL');
    const killedAt = Date.now();
    await goOn(apps, 100);
    await setByHand('after', 600_000);
    const expiresAt = await expired('before');
    expect(killedAt).toBeLessThan(expiresAt);
    await goOn(apps, 250);

    const restartedAt = Date.now();
    await start('gateway', port);
    await appliedBy('after', 2);
    await goOn(apps, 50);
    const reports = await stopApps();
    for (const { app, last, lines, details } of reports) {
      expect({ service: app.service, lost: last.lost, waiting: last.waiting }).toEqual({
        service: app.service,
        lost: {},
        waiting: 0,
      });
      // No call waits for the gateway that is gone.
      expect(last.slowest_ms).toBeLessThan((restartedAt - killedAt) / 2);
      expect(lines).toEqual(through(1, last.round));
      const [during, again] = ['before', 'after'].map((id) => details.filter(({ ids }) => ids.join() === id).map(({ round }) => round)) as [number[], number[]]; // prettier-ignore
      // Of each boost every round without a gap, and no other.
      expect(during).toEqual(through(during[0] ?? 0, during.at(-1) ?? 0));
      expect(again).toEqual(through(again[0] ?? 0, last.round));
      expect(details).toHaveLength(during.length + again.length);
      expect(app.timeOf(during[0] ?? 0)).toBeLessThan(killedAt);
      expect(app.timeOf((during.at(-1) ?? 0) + 1)).toBeGreaterThan(expiresAt - 500);
      expect(app.timeOf(during.at(-1) ?? 0)).toBeLessThan(restartedAt);
    }
    // What the boost did is reported though it was over when the gateway came back.
    const expected = Object.fromEntries(reports.map(({ app, details }) => [app.service, details.filter(({ ids }) => ids.includes('before')).length])); // prettier-ignore
    await eventually('the hits are reported', async () => {
      const seen = await hitsOf('before');
      return { done: Object.entries(expected).every(([name, hits]) => seen[name] === hits), seen: { seen, expected } };
    }, 60_000); // prettier-ignore
    await services.pop()?.kill('SIGTERM');
    await verbosity.kill('SIGTERM');
  });

  it('is raised once, goes on and expires once, though the replica that raised it is killed', async () => {
    const gateway = await start('gateway');
    const replicas = [await start('verbosity'), await start('verbosity')];
    const tasksOf = async ({ url }: ServiceProcess): Promise<number[]> =>
      ((await (await fetch(`${url}/readyz`)).json()) as { tasks: { partition: number; phase: string }[] }).tasks
        .filter(({ phase }) => phase === 'running')
        .map(({ partition }) => partition);
    await eventually('each replica has a task', async () => {
      const seen = await Promise.all(replicas.map(tasksOf));
      return { done: seen.every((tasks) => tasks.length === 1), seen };
    }, 60_000); // prettier-ignore
    const [python] = startApps(gateway.url) as [SteadyApp, SteadyApp];
    await goOn(apps, 20);
    const anomaly: AnomalyRecord = {
      tenant: TENANT, id: 'slow-rounds', series_id: 'series-1', metric: 'operation.calls', dimensions: { service_name: python.service }, state: 'open', started_at: new Date().toISOString(), ended_at: null,
      direction: 'up', value: 4, expected: 1, expected_low: 1, expected_high: 2, score: 8, windows: 1, backfill: false, summary: 'rounds took long',
    }; // prettier-ignore
    const report = (windows: number): Promise<void> =>
      broker.produce([{ topic: TOPICS.anomalies.name, key: TENANT, value: JSON.stringify({ ...anomaly, windows }) }]);
    await report(1);
    const idOf = (): Promise<{ id: string }[]> =>
      rows.query(`SELECT DISTINCT id FROM telltale.directives WHERE tenant = '${TENANT}' AND evidence LIKE '%slow-rounds%'`);
    const [raised] = await eventually('the anomaly raises a boost', async () => {
      const seen = await idOf();
      return { done: seen.length > 0, seen };
    }, 60_000); // prettier-ignore
    const id = raised?.id ?? '';
    await appliedBy(id, 2);

    const mine = partitionOf(TENANT, PARTITIONS);
    const [owner, other] = (await tasksOf(replicas[0] as ServiceProcess)).includes(mine) ? replicas : [...replicas].reverse();
    await owner?.kill('SIGKILL');
    await report(2);
    await eventually('the other replica takes both tasks', async () => {
      const seen = await tasksOf(other as ServiceProcess);
      return { done: seen.length === PARTITIONS, seen };
    }, 90_000); // prettier-ignore
    expect(Date.now()).toBeLessThan(Number((await statesOf(id))[0]?.expires));
    await report(3);
    await start('verbosity');

    const expiresAt = await expired(id);
    await pass(1_000);
    await goOn(apps, 50);
    const reports = await stopApps();
    expect(await idOf()).toEqual([{ id }]);
    expect(
      (await statesOf(id)).map(({ state, version, applied_by, evidence_for }) => ({ state, version, applied_by, evidence_for })),
    ).toEqual([
      { state: 'raised', version: 1, applied_by: 0, evidence_for: [] },
      { state: 'expired', version: 1, applied_by: 2, evidence_for: ['slow-rounds'] },
    ]);
    const written = (await broker.newest(TOPICS.control.name, 10_000)).filter(({ key }) => key === `${TENANT}/${id}`);
    expect(written.map(({ value }) => value && (JSON.parse(String(value)) as DirectiveRecord).version)).toEqual([1, null]);
    const details = reports.flatMap(({ details: all, app }) => all.filter(({ ids }) => ids.includes(id)).map(({ round }) => ({ round, app }))); // prettier-ignore
    expect(new Set(details.map(({ app }) => app.service))).toEqual(new Set([python.service]));
    expect(details.map(({ round }) => round)).toEqual(through(details[0]?.round ?? 0, details.at(-1)?.round ?? 0));
    const last = details.at(-1);
    expect(last?.app.timeOf(last.round + 1)).toBeGreaterThan(expiresAt - 500);
    for (const { last: report } of reports) expect(report.lost).toEqual({});
  });
});
