import {
  type FaultPlan,
  type KafkaProxy,
  requireKafka,
  startClickHouse,
  startKafkaProxy,
  type TestClickHouse,
  type TestKafka,
} from '@telltale/testkit';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ask } from './harness/ask';
import { clusterEnv } from './harness/cluster-env';
import { loadEvent } from './harness/event-load';
import { eventually, type ServiceProcess, startService } from './harness/service-process';

jest.setTimeout(240_000);
/**
 * Which requests of each API are lost with their connection: the first, and some later ones. Not one of so many for ever: a step of the start
 * that asks about every topic is begun again after each, and would never be through.
 */
const LOST: ReadonlySet<number> = new Set([1, 30, 90]);
const loseSome: FaultPlan = (_, nth) => (LOST.has(nth) ? { kind: 'request_lost' } : null);

describe('a start on an unsteady connection to Kafka', () => {
  let kafka: TestKafka;
  let proxy: KafkaProxy;
  let clickhouse: TestClickHouse;
  let telltale: ServiceProcess | null = null;
  const home = mkdtempSync(join(tmpdir(), 'telltale-unsteady-'));

  beforeAll(async () => {
    kafka = await requireKafka();
    clickhouse = await startClickHouse();
    proxy = await startKafkaProxy(kafka.brokers[0] ?? '');
  });
  afterAll(async () => {
    await telltale?.kill('SIGTERM');
    await proxy.close();
    await kafka.stop();
    await clickhouse.stop();
    rmSync(home, { recursive: true, force: true });
  });

  it('starts all the same, and stores what it is sent', async () => {
    proxy.use(loseSome);
    telltale = await startService('standalone', {
      TELLTALE_HOME: home,
      ...clusterEnv(proxy.brokers, clickhouse),
    });
    for (const api of ['Metadata', 'FindCoordinator', 'InitProducerId', 'Produce'] as const)
      expect(proxy.requests(api)).toBeGreaterThan(0);
    expect(proxy.faults.get('request_lost')).toBeGreaterThanOrEqual(4);
    proxy.use(null);
    const { url } = telltale;
    const key = readFileSync(join(home, 'api-key'), 'utf8').trim();
    const response = await fetch(`${url}/v1/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify([loadEvent(1, Date.now())]),
    });
    expect(response.status).toBe(200);
    await eventually('the event is stored', async () => {
      const seen = await ask(url, home, "SELECT count() AS n FROM telltale.events WHERE service_name != 'telltale'");
      return { done: Number(seen[0]?.['n']) === 1, seen };
    }, 60_000); // prettier-ignore
  });
});
