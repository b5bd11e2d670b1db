import { requireKafka, startClickHouse, type TestClickHouse, type TestKafka } from '@telltale/testkit';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pythonWithKafka, runClient } from '../clients/client-tools';
import { ROOT } from '../harness/python-sdk';
import { ask } from '../harness/ask';
import { clusterEnv } from '../harness/cluster-env';
import { eventually, type ServiceProcess, startService } from '../harness/service-process';

jest.setTimeout(240_000);
const TURNS = 20;
const found = pythonWithKafka();
const missing = 'missing' in found ? found.missing : null;

(missing && process.env['CI'] !== 'true' ? describe.skip : describe)(`the Python SDK, sending to Kafka${missing ? ` (left out: ${missing})` : ''}`, () => {
  let kafka: TestKafka;
  let clickhouse: TestClickHouse;
  let telltale: ServiceProcess;
  const home = mkdtempSync(join(tmpdir(), 'telltale-kafka-sdk-'));

  beforeAll(async () => {
    if (missing) throw new Error(missing);
    kafka = await requireKafka();
    clickhouse = await startClickHouse();
    telltale = await startService('standalone', {
      TELLTALE_HOME: home,
      ...clusterEnv(kafka.brokers, clickhouse, 3),
      TURNS_QUIET_MS: '1000',
    });
  });
  afterAll(async () => {
    await telltale.kill('SIGTERM');
    await kafka.stop();
    await clickhouse.stop();
    rmSync(home, { recursive: true, force: true });
  });

  const query = (sql: string) => ask(telltale.url, home, sql);

  it('gives whole turns, without a gateway', async () => {
    const { path } = { path: '', ...found };
    const said = await runClient(path, [join(__dirname, 'python', 'kafka_delivery.py')], {
      HOME: home,
      PYTHONDONTWRITEBYTECODE: '1',
      PYTHONPATH: join(ROOT, 'sdk', 'python', 'src'),
      TELLTALE_KAFKA_BROKERS: kafka.brokers.join(','),
      TELLTALE_SERVICE: 'shop',
      TELLTALE_CONSOLE: 'false',
    });
    // A turn, a call of a model, one of a tool and a log line each.
    expect(JSON.parse(said.slice(said.indexOf('{')).split('\n')[0] ?? '')).toMatchObject({ sent: true, delivered: 4 * TURNS, lost: {}, control: 'off' });
    const turns = await eventually('the turns', async () => {
      const seen = await query("SELECT session_id, calls['llm'] AS llm, calls['tool'] AS tool FROM telltale.turns FINAL WHERE service_name = 'shop' AND has_root");
      return { done: seen.length >= TURNS && seen.every(({ tool }) => Number(tool) === 1), seen };
    }, 60_000);
    expect(turns.map(({ llm, tool }) => [Number(llm), Number(tool)])).toEqual(Array.from({ length: TURNS }, () => [1, 1]));
    const [events] = await query("SELECT count() AS n, uniqExact(trace_id) AS traces, countIf(position(body, 'mia') > 0) AS readable FROM telltale.events WHERE service_name = 'shop' AND name != 'telltale'");
    expect(Object.values(events ?? {}).map(Number)).toEqual([4 * TURNS, TURNS, 0]);
    const [tools] = await query("SELECT count() AS n FROM telltale.tool_calls WHERE requested_by_span_id != ''");
    expect(Number(tools?.['n'])).toBe(TURNS);
  });

  it('is not alone: batches of other producers are read in every compression there is', async () => {
    const { path } = { path: '', ...found };
    await runClient(path, [join(__dirname, 'python', 'kafka_compressions.py')], { HOME: home, BROKERS: kafka.brokers.join(',') });
    const sql = "SELECT service_name, uniqExact(body) AS n FROM telltale.events WHERE service_name LIKE 'by-%' GROUP BY service_name ORDER BY service_name";
    const seen = await eventually('the lines', async () => {
      const rows = await query(sql);
      return { done: rows.reduce((sum, { n }) => sum + Number(n), 0) >= 500, seen: rows.map(({ service_name, n }) => [service_name, Number(n)]) };
    }, 60_000);
    expect(seen).toEqual(['gzip', 'lz4', 'none', 'snappy', 'zstd'].map((name) => [`by-${name}`, 100]));
  });
}); // prettier-ignore
