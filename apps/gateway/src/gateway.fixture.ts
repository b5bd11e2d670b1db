import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { NestFactory } from '@nestjs/core';
import { createKeyRates, createKeyStore, digestOf } from '@telltale/auth';
import { createRecordSigner, createEncryptor } from '@telltale/adapter-crypto';
import { type ApiKeyScope, type SettingRecord, TOPICS } from '@telltale/contracts';
import { bodyFormOf, type LogRecord } from '@telltale/streaming';
import { type Clock } from '@telltale/kernel';
import { gatewayConfig } from '@telltale/services';
import { newTestSetting, newTestSettings } from '@telltale/settings/testing';
import { limitsOf } from './limits';
import { type GatewayDeps, type GatewayLimits } from './deps';
import { GatewayModule } from './gateway.module';
import { createInflight } from './inflight';
import { createPace } from './pace';
import { createMemoryBroker } from './memory-broker.fixture';

export const NOW = Date.UTC(2026, 10, 23, 3);
export const KEY = 'tt_acme';
export const sha256 = (text: string): string => digestOf(text).toString('hex');
export const keySetting = (key: string, tenant: string, name = tenant, scopes?: readonly ApiKeyScope[]): SettingRecord =>
  newTestSetting('api_key', tenant, { sha256: sha256(key), ...(scopes && { scopes }) }, name);

/** Everything a receiver needs, over a log in memory. */
export function newTestGateway({
  partitions = 1,
  cells = { own: null, urls: new Map() },
  rates: rateLimits = { requestsPerSecond: 0, bytesPerSecond: 0 },
  tracer = null,
  ...over
}: Partial<GatewayLimits> &
  Partial<Pick<GatewayDeps, 'partitions' | 'cells' | 'tracer'>> & {
    rates?: { requestsPerSecond: number; bytesPerSecond: number };
  } = {}) {
  const memory = createMemoryBroker();
  const stopping = new AbortController();
  const time = { now: NOW };
  const sleepers = new Set<() => void>();
  const clock: Clock = {
    now: () => time.now,
    monotonic: () => time.now,
    sleep: (_ms, signal) =>
      new Promise((resolve) => {
        const done = (): void => {
          sleepers.delete(done);
          resolve();
        };
        if (signal?.aborted) return resolve();
        sleepers.add(done);
        signal?.addEventListener('abort', done, { once: true });
      }),
  };
  const counts = new Map<string, number>();
  const gauges = new Map<string, number>();
  const observed = new Map<string, number[]>();
  const metrics: GatewayDeps['metrics'] = {
    count: (name, labels, by = 1) => {
      const key = `${name} ${Object.values(labels).join(' ')}`;
      counts.set(key, (counts.get(key) ?? 0) + by);
    },
    observe: (name, labels, value) => {
      const key = `${name} ${Object.values(labels).join(' ')}`;
      observed.set(key, [...(observed.get(key) ?? []), value]);
    },
    set: (name, _labels, value) => gauges.set(name, value),
  };
  const lines: string[] = [];
  const write = (message: string, fields?: object): number => lines.push(`${message} ${JSON.stringify(fields ?? {})}`);
  const logger: GatewayDeps['logger'] = { debug: write, info: write, warn: write, error: write };
  const encryptor = createEncryptor({ masterKey: Buffer.alloc(32, 1), clock });
  const signer = createRecordSigner(Buffer.alloc(32, 1));
  const settings = newTestSettings(keySetting(KEY, 'acme'), keySetting('tt_beta', 'beta'));
  const keys = createKeyStore(settings);
  const limits: GatewayLimits = { ...limitsOf(gatewayConfig.parse({})), ...over };
  const deps: GatewayDeps = {
    broker: memory.broker,
    encryptor,
    signer,
    keys,
    rates: createKeyRates({ service: 'gateway', limits: rateLimits, variables: { requests: 'GATEWAY_KEY_REQUESTS_PER_SECOND', bytes: 'GATEWAY_KEY_BYTES_PER_SECOND' }, clock, metrics, logger }), // prettier-ignore
    cells,
    clock,
    metrics,
    tracer,
    logger,
    limits,
    inflight: createInflight(limits, metrics),
    pace: createPace(clock, limits),
    partitions,
    stopping: stopping.signal,
  };
  const raw = (): LogRecord[] => memory.records.filter(({ topic }) => topic === TOPICS.raw.name);
  return {
    deps,
    ...memory,
    keys,
    settings,
    counts,
    gauges,
    observed,
    lines,
    raw,
    stop: () => stopping.abort(),
    pass: (ms: number) => (time.now += ms),
    /** Wakes all sleepers. */
    wake: () => [...sleepers].forEach((done) => done()),
    sleeping: () => sleepers.size,
    /** The decrypted content of a record of the raw topic. */
    opened: ({ headers, value }: LogRecord): Buffer =>
      encryptor.decrypt(
        headers['tt-tenant'] ?? '',
        headers['tt-encryption-key-id'] ?? '',
        value ?? Buffer.alloc(0),
        bodyFormOf(headers),
      ),
  };
}

/** The gateway behind HTTP, as the platform sets it up. */
export async function newTestApp(deps: GatewayDeps): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({ bodyLimit: 128 * 1024 * 1024, forceCloseConnections: true });
  const fastify = adapter.getInstance();
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  const app = await NestFactory.create<NestFastifyApplication>(GatewayModule.register(deps), adapter, {
    bodyParser: false,
    logger: false,
  });
  await app.init();
  await fastify.ready();
  return app;
}

/** Gateways behind HTTP; what a spec has made is closed by `close`. */
export function newTestHttps() {
  const apps: NestFastifyApplication[] = [];
  return {
    async newTestHttp(over: Parameters<typeof newTestGateway>[0] = {}) {
      const gateway = newTestGateway(over);
      const app = await newTestApp(gateway.deps);
      apps.push(app);
      const fastify = app.getHttpAdapter().getInstance();
      /** Writes to the control topic, as verbosity does. */
      const write = (key: string, value: string | null) =>
        gateway.broker.produce([gateway.deps.signer.sign({ topic: TOPICS.control.name, partition: 0, key, value })]);
      return { ...gateway, write, app, inject: fastify.inject.bind(fastify) as typeof fastify.inject };
    },
    close: async (): Promise<void> => {
      await Promise.all(apps.splice(0).map((app) => app.close()));
    },
  };
}
