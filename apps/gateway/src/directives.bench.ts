import { type DirectiveRecord, TOPICS } from '@telltale/contracts';
import { systemClock } from '@telltale/platform-telemetry';
import { type OutputRecord } from '@telltale/streaming';
import { setMaxListeners } from 'node:events';
import { request } from 'node:http';
import { quantile } from 'simple-statistics';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { startBenchGateway } from './bench-app.bench';

const TENANTS = 100;
const DIRECTIVES = 100;
const STREAMS_OF_TENANT = 2;
const CHANGES = 1_000;
const ASKS = 1_000;
const DEADLINE_MS = 30_000;

const tenantOf = (i: number): string => `tenant-${i % TENANTS}`;
const keyOf = (tenant: string): string => `tt_bench_${tenant}`;

function directive(tenant: string, i: number, version: number): DirectiveRecord {
  const now = systemClock.now();
  return {
    tenant, id: `directive-${i}`, version, class: 'boost', priority: 0, target: { service_name: `service-${i % 5}`, tool_name: `tool-${i}` }, set: { min_severity: 'debug', content: 'full', flush: true },
    limits: { records_per_s: 100, bytes_per_min: 10_000_000 }, reason: `tool tool-${i} of service-${i % 5} took 4 s, expected 1 s`, issued_by: 'telltale.verbosity', evidence: { anomaly_id: `anomaly-${i}` },
    issued_at: new Date(now).toISOString(), expires_at: new Date(now + 3_600_000).toISOString(),
  }; // prettier-ignore
}

export interface DirectiveFigures {
  /** Start of the gateway until every tenant's set can be had. */
  readonly directives_load_ms: number;
  /** Heap that it holds for all sets, as records and serialized. */
  readonly directives_heap_mb: number;
  /** Bytes of one tenant's set. */
  readonly directives_set_bytes: number;
  /** A change is written → both streams of its tenant have the full set. */
  readonly directive_change_p50_ms: number;
  readonly directive_change_p99_ms: number;
  /** A full set is asked for → answered, one after another. */
  readonly directives_asked_p50_ms: number;
  readonly directives_asked_p99_ms: number;
}

const rounded = (value: number): number => Math.round(value * 100) / 100;

/** Heap in use after a collection, MB. */
function heapMb(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed / 1024 / 1024;
}

/** 100 tenants with 100 directives each and two SDKs that listen, over HTTP on this machine; client and gateway in one process. */
export async function benchDirectives(): Promise<DirectiveFigures> {
  const before = heapMb();
  const from = performance.now();
  const signed = (one: DirectiveRecord, sign: (record: OutputRecord & { partition: number }) => OutputRecord): OutputRecord =>
    sign({ topic: TOPICS.control.name, partition: 0, key: `${one.tenant}/${one.id}`, value: JSON.stringify(one) });
  const keys = Array.from({ length: TENANTS }, (_, i) => [tenantOf(i), keyOf(tenantOf(i))] as const);
  const { url, broker, signer, stop } = await startBenchGateway(keys, ({ broker: memory }, { sign }) =>
    memory.produce(
      keys.flatMap(([tenant]) => Array.from({ length: DIRECTIVES }, (_, i) => signed(directive(tenant, i, 1), sign))),
    ),
  );
  const headersOf = (tenant: string) => ({ authorization: `Bearer ${keyOf(tenant)}` });
  const closing = new AbortController();
  setMaxListeners(0, closing.signal);
  try {
    let bytes = 0;
    const ask = async (tenant: string): Promise<void> => {
      bytes = (await (await fetch(`${url}/v1/control`, { headers: headersOf(tenant) })).arrayBuffer()).byteLength;
    };
    for (const [tenant] of keys) await ask(tenant);
    const loadMs = performance.now() - from;
    const heap = heapMb() - before;

    const heard = new Map<string, number>();
    let wake: () => void = () => undefined;
    const listen = (tenant: string): Promise<void> =>
      new Promise((resolve, reject) => {
        request(
          `${url}/v1/control?stream=1`,
          { headers: headersOf(tenant), signal: closing.signal, agent: false },
          (response) => {
            response.setEncoding('utf8').on('error', () => undefined);
            let tail = '';
            response.on('data', (text: string) => {
              // A whole set has come with the empty line after it.
              tail = (tail + text).slice(-2);
              if (tail !== '\n\n' || text === ': alive\n\n') return;
              heard.set(tenant, (heard.get(tenant) ?? 0) + 1);
              resolve();
              wake();
            });
          },
        )
          .on('error', reject)
          .end();
      });
    for (const [tenant] of keys) await Promise.all(Array.from({ length: STREAMS_OF_TENANT }, () => listen(tenant)));

    const changes: number[] = [];
    for (let i = 0; i < CHANGES; i++) {
      const tenant = tenantOf(i * 37);
      const expected = (heard.get(tenant) ?? 0) + STREAMS_OF_TENANT;
      const began = performance.now();
      const all = new Promise<void>((resolve) => (wake = () => (heard.get(tenant) ?? 0) >= expected && resolve()));
      await broker.produce([signed(directive(tenant, i % DIRECTIVES, 2 + i), (record) => signer.sign(record))]);
      const late = AbortSignal.timeout(DEADLINE_MS);
      await Promise.race([all, new Promise((_, reject) => late.addEventListener('abort', () => reject(new Error(`${tenant} did not hear of a change in ${DEADLINE_MS} ms`)))) ]); // prettier-ignore
      changes.push(performance.now() - began);
    }
    const asks: number[] = [];
    for (let i = 0; i < ASKS; i++) {
      const began = performance.now();
      await ask(tenantOf(i * 37));
      asks.push(performance.now() - began);
    }
    return {
      directives_load_ms: Math.round(loadMs),
      directives_heap_mb: rounded(heap),
      directives_set_bytes: bytes,
      directive_change_p50_ms: rounded(quantile(changes, 0.5)),
      directive_change_p99_ms: rounded(quantile(changes, 0.99)),
      directives_asked_p50_ms: rounded(quantile(asks, 0.5)),
      directives_asked_p99_ms: rounded(quantile(asks, 0.99)),
    };
  } finally {
    closing.abort();
    await stop();
  }
}
