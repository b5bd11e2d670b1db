import { startStandalone, type Standalone } from '@telltale/app-standalone';
import { type AnomalyRecord, TOPICS } from '@telltale/contracts';
import { isoTime } from '@telltale/kernel';
import { type Client, createClient } from '@telltale/sdk-node';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { quantile } from 'simple-statistics';

/** A system on embedded storage and instances of the SDK, all in one process: how long it takes from an anomaly until an SDK obeys, and what becomes of forged directives. */
export interface LiveFigures {
  readonly sdk_instances: number;
  readonly anomalies: number;
  /** From the anomaly on its topic to the directive in force in an SDK. */
  readonly anomaly_to_applied_p50_ms: number;
  readonly anomaly_to_applied_p99_ms: number;
  readonly forged: number;
  /** Directives without our signature that an SDK was given. */
  readonly forged_accepted: number;
  /** How long after its expiry a boost still had an effect. */
  readonly expired_late_ms_p99: number;
}

const SERVICES = 10;
const INSTANCES = 2;
const ANOMALIES = 50;
const EXPIRIES = 5;
const EXPIRY_TTL_MS = 700;
const FORGED = 20;
const MAX_WAIT_MS = 20_000;

const anomalyOf = (n: number): AnomalyRecord => ({
  tenant: 'default', id: `a${n}`, series_id: `s${n}`, metric: 'operation.duration', dimensions: { service_name: `service-${n % SERVICES}`, kind: 'tool', name: `tool-${n}` }, state: 'open',
  started_at: isoTime(Date.now()), ended_at: null, direction: 'up', value: 4, expected: 1, expected_low: 1, expected_high: 2, score: 9, windows: 1, backfill: false, summary: `tool-${n} took long`,
  kind: 'deviation', channel: 'value', peak_at: null, p_value: null, expected_false_per_day: null, parent_anomaly_id: '', in_maintenance: false,
}); // prettier-ignore

async function until(isDone: () => boolean): Promise<number> {
  const end = performance.now() + MAX_WAIT_MS;
  while (!isDone()) {
    if (performance.now() > end) throw new Error('an SDK has not applied a directive in time');
    await sleep(1);
  }
  return performance.now();
}

async function measureAnomalies({ broker }: Standalone, clients: readonly Client[]): Promise<number[]> {
  const times: number[] = [];
  for (let n = 0; n < ANOMALIES; n++) {
    const before = clients.map((client) => client.stats().directives);
    const from = performance.now();
    await broker.produce([{ topic: TOPICS.anomalies.name, key: 'default', value: JSON.stringify(anomalyOf(n)) }]);
    const applied = await Promise.all(clients.map((client, i) => until(() => client.stats().directives !== before[i])));
    times.push(...applied.map((at) => at - from));
  }
  return times;
}

async function measureExpiries(running: Standalone, clients: readonly Client[]): Promise<number[]> {
  const late: number[] = [];
  for (let n = 0; n < EXPIRIES; n++) {
    const asked = await fetch(`${running.url}/api/control`, {
      method: 'POST',
      headers: { authorization: `Bearer ${running.apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ target: {}, set: { min_severity: 'trace' }, ttl_ms: EXPIRY_TTL_MS, reason: 'evaluation' }),
    });
    if (!asked.ok) throw new Error(`a directive was refused: ${await asked.text()}`);
    const isBoosted = (client: Client): boolean => client.wants('trace', 0);
    await Promise.all(clients.map((client) => until(() => isBoosted(client))));
    const answer = (await (await fetch(`${running.url}/v1/control`, { headers: { authorization: `Bearer ${running.apiKey}` } })).json()) as { directives: { set: { min_severity?: string }; expires_at: string }[] }; // prettier-ignore
    const expiresAt = Date.parse(answer.directives.find(({ set }) => set.min_severity === 'trace')?.expires_at ?? '');
    await Promise.all(clients.map(async (client) => {
      await until(() => !isBoosted(client));
      late.push(Date.now() - expiresAt);
    })); // prettier-ignore
  }
  return late;
}

async function forge({ broker, url, apiKey }: Standalone): Promise<number> {
  const record = (n: number): string =>
    JSON.stringify({
      tenant: 'default', id: `forged-${n}`, version: 1, class: 'restrict', priority: 100, target: {}, set: { content: 'none' }, limits: {}, reason: 'forged', issued_by: 'telltale.verbosity', evidence: {},
      issued_at: isoTime(Date.now()), expires_at: isoTime(Date.now() + 3_600_000),
    }); // prettier-ignore
  for (let n = 0; n < FORGED; n++) {
    const proof = Buffer.alloc(32, n).toString('base64');
    await broker.produce([
      { topic: TOPICS.control.name, key: `default/forged-${n}`, value: record(n), headers: { 'tt-mac': proof } },
    ]);
  }
  await sleep(2_000);
  const served = (await (await fetch(`${url}/v1/control`, { headers: { authorization: `Bearer ${apiKey}` } })).json()) as { directives: { id: string }[] }; // prettier-ignore
  return served.directives.filter(({ id }) => id.startsWith('forged-')).length;
}

export async function evaluateLive(): Promise<LiveFigures> {
  const home = await mkdtemp(join(tmpdir(), 'telltale-eval-verbosity-'));
  const env = { VERBOSITY_MAX_BOOSTS: '200', LOG_LEVEL: 'silent' };
  const running = await startStandalone({
    home,
    targets: ['gateway', 'verbosity', 'insights'],
    port: 0,
    grpcPort: null,
    quiet: true,
    env,
  });
  const clients = Array.from({ length: SERVICES * INSTANCES }, (_, i) =>
    createClient({ url: running.url, apiKey: running.apiKey, service: `service-${i % SERVICES}`, onMessage: null }, {}),
  );
  try {
    await Promise.all(clients.map((client) => until(() => client.stats().directives !== '')));
    const late = await measureExpiries(running, clients);
    const times = await measureAnomalies(running, clients);
    const accepted = await forge(running);
    return {
      sdk_instances: clients.length,
      anomalies: ANOMALIES,
      anomaly_to_applied_p50_ms: Math.round(quantile(times, 0.5)),
      anomaly_to_applied_p99_ms: Math.round(quantile(times, 0.99)),
      forged: FORGED,
      forged_accepted: accepted,
      expired_late_ms_p99: Math.round(quantile(late, 0.99)),
    };
  } finally {
    await Promise.all(clients.map((client) => client.shutdown(200)));
    await running.stop();
    await rm(home, { recursive: true, force: true });
  }
}
