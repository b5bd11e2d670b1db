import { type DynamicModule, Module } from '@nestjs/common';
import { TOPICS } from '@telltale/contracts';
import { readSettingsFile } from '@telltale/settings';
import { createStreamProcessor, lingerFor, type RemoteTasks, type Topology } from '@telltale/streaming';
import { type Clock, messageOf } from '@telltale/kernel';
import { commonConfig, type ConfigSlice, type Env, listenFailure, loadConfig, otlpTargetOf } from '@telltale/platform-config';
import { createLog, createMetrics, systemClock } from '@telltale/platform-telemetry';
import { z } from 'zod';
import { type Backends, checkBackends, openBackends } from './backends';
import { crashAtFailpoint } from './failpoint';
import { HEALTH, type Health, HealthController } from './health.controller';
import { createHttpApp } from './http';
import { createLiveCertificate, type ServerCertificate } from './live-certificate';
import { onlyDeclared } from './declared-topics';
import { openTracer } from './open-tracer';
import { combinedTracer, openSelfReports, startSelfReports, targetOfReports } from './self-reports';
import { patiently, prepareStores } from './prepare-stores';
import { type ProcessConfig, type ServiceApp, type ServiceContext } from './service-app';
import { StreamTransport } from './stream-transport';
import { topicsWith } from './topic-retention';
import { watchDedupWindows } from './watch-dedup-windows';
import { allocateYoung } from './young-objects';

/** A thread that holds the tasks of some services. */
export interface TaskThread extends RemoteTasks {
  readonly services: readonly string[];
  /** Ends it; call it once no task runs any more. */
  close(): Promise<void>;
}

export interface StartOptions {
  readonly env: Env;
  readonly onCrash: (error: unknown) => void;
  readonly clock?: Clock;
  /** Runs when topics and tables exist and before any service starts; again where a store was away for a moment. */
  readonly prepare?: (backends: Backends) => Promise<void>;
  /** Starts a thread for tasks; without it, or where it answers null, all tasks run in this one. */
  readonly openTaskThread?: (config: ProcessConfig, measurePartitions: number) => TaskThread | null;
}

export interface RunningServices {
  readonly config: ProcessConfig;
  readonly backends: Backends;
  readonly url: string;
  /** Startup information of the services, e.g. ports. */
  readonly startupInfo: Readonly<Record<string, unknown>>;
  stop(): Promise<void>;
}

/** Fastify's body limit; the gateway's own limit is lower and returns its own error. */
const HTTP_BODY_LIMIT = 128 * 1024 * 1024;

const inThread = (topology: Topology, thread: TaskThread | null): Topology =>
  thread?.services.includes(topology.name)
    ? { ...topology, createTask: (...given) => thread.createTask(topology.name, ...given) }
    : topology;

@Module({})
class RootModule {
  static of(health: Health, modules: readonly DynamicModule[]): DynamicModule {
    return {
      module: RootModule,
      imports: [...modules],
      controllers: [HealthController],
      providers: [{ provide: HEALTH, useValue: health }],
    };
  }
}

/** The variables of these services together. The port's default depends on the deployable, so that all of them can run on one machine. */
export function configOf(apps: readonly ServiceApp[]): ConfigSlice {
  const services = apps.map(({ service }) => service);
  const hosts = new Set(services.map(({ app }) => app));
  const port = hosts.size === 1 ? (services.find(({ name, app }) => name === app) ?? services[0])?.httpPort : undefined;
  const { HTTP_PORT } = commonConfig.shape;
  const own = port === undefined ? {} : { HTTP_PORT: HTTP_PORT.default(port) };
  const slices = services.map((service) => service.config.shape);
  return z.object(Object.assign({}, commonConfig.shape, own, ...slices) as ConfigSlice['shape']);
}

/** All services of a process are behind one port, so that one certificate is that of all. */
function certificateOf(apps: readonly ServiceApp[], config: ProcessConfig): ServerCertificate | null {
  for (const app of apps) {
    const certificate = app.certificate?.(config);
    if (certificate) return certificate;
  }
  return null;
}

/** The configuration of these services, validated without Kafka and ClickHouse. Throws PermanentError('config'). */
export function readConfig(apps: readonly ServiceApp[], env: Env): ProcessConfig {
  const config = loadConfig(configOf(apps), env) as ProcessConfig;
  topicsWith(config.TOPIC_RETENTION_MS);
  crashAtFailpoint(env);
  if (config.TELLTALE_SETTINGS_FILE) readSettingsFile(config.TELLTALE_SETTINGS_FILE, systemClock.now());
  checkBackends(config);
  otlpTargetOf(config);
  targetOfReports(config, apps.map(({ service }) => service.name)); // prettier-ignore
  for (const app of apps) app.check?.(config);
  certificateOf(apps, config);
  return config;
}

/**
 * Starts services in one process, in order: stores, topics and tables, HTTP, tasks, receivers. Stops them in reverse order, so that nothing
 * is closed while it is used.
 */
export async function startServices(
  apps: readonly ServiceApp[],
  { env, onCrash, clock = systemClock, prepare, openTaskThread }: StartOptions,
): Promise<RunningServices> {
  allocateYoung();
  const config = readConfig(apps, env);
  const services = apps.map(({ service }) => service);
  const names = services.map(({ name }) => name);
  const log = createLog(services.length === 1 ? `telltale.${services[0]?.name}` : 'telltale', config.LOG_LEVEL);
  const metrics = createMetrics();
  const target = targetOfReports(config, names);
  const reports = openSelfReports(target, names, { clock, metrics, logger: log });
  const logger = reports?.tap(log) ?? log;
  const stopping = new AbortController();
  const failpoint = crashAtFailpoint(env);
  const backends = await openBackends(config, { clock, logger, metrics, failpoint });
  const { broker, rows, encryptor, signer, secrets } = backends;
  const undo: (() => Promise<void>)[] = [() => Promise.resolve(backends.releaseHome()), () => rows.close(), () => broker.close()];

  async function stopAll(): Promise<void> {
    stopping.abort();
    for (const step of undo.reverse().splice(0))
      await step().catch((error: unknown) => logger.error('shutdown_step_failed', { error: messageOf(error) }));
  }

  try {
    const exported = await openTracer(config, names, { clock, metrics, logger: log });
    // Last of all, so that the last batches are in it.
    if (exported) undo.unshift(() => exported.close());
    const tracer = combinedTracer([exported, reports]);
    const preparation = { config, broker, rows, clock, logger, signal: stopping.signal };
    const { partitionCounts, tasks } = await prepareStores(preparation);
    const lingerMs = lingerFor(tasks, config.BATCH_LINGER_MS);

    if (prepare) await patiently(() => prepare(backends), preparation);

    const certificate = createLiveCertificate(() => certificateOf(apps, config), { clock, logger });
    const context: ServiceContext = {
      config,
      broker,
      rows,
      encryptor,
      signer,
      secrets,
      clock,
      logger,
      metrics,
      tracer,
      partitionsOf: ({ name }) => partitionCounts.get(name) ?? 1,
      certificate,
      onCrash,
      stopping: stopping.signal,
    };
    const parts = [];
    for (const { service, replays = [], init } of apps) {
      const group = service.state === null && service.inputs.length > 0 ? service : undefined;
      const declared = { ...service, outputs: [...service.outputs, ...replays], group };
      const part = await init({ ...context, broker: onlyDeclared(broker, declared) });
      parts.push(part);
      if (part.release) undo.push(() => part.release?.() ?? Promise.resolve());
    }

    const limits = {
      maxRecords: config.BATCH_MAX_RECORDS,
      maxBytes: config.BATCH_MAX_BYTES,
      lingerMs,
      idleMs: config.PUNCTUATE_INTERVAL_MS,
    };
    const thread = openTaskThread?.(config, context.partitionsOf(TOPICS.measures)) ?? null;
    if (thread) undo.push(() => thread.close());
    const processors = parts
      .flatMap(({ topology }) => (topology ? inThread(topology, thread) : []))
      .map((topology) =>
        createStreamProcessor({ topology, broker, rows, encryptor, clock, logger, metrics, tracer, limits, failpoint, onCrash }),
      );
    const streams = new StreamTransport(processors, config.SHUTDOWN_DEADLINE_MS);

    let started = false;
    const health: Health = {
      services: names,
      metrics,
      tasks: () => streams.tasks(),
      notReady: () => (stopping.signal.aborted ? 'stopping' : started ? null : 'starting'),
    };
    const app = await createHttpApp(
      RootModule.of(
        health,
        parts.flatMap((part) => part.modules ?? []),
      ),
      HTTP_BODY_LIMIT,
      { logger, certificate },
    );
    // Nest starts the streams with the application, and drains them on close, before it stops HTTP.
    app.connectMicroservice({ strategy: streams });
    undo.push(() => app.close());
    await app.startAllMicroservices();
    await app.listen(config.HTTP_PORT, config.HTTP_HOST).catch((error: unknown) => {
      const { HTTP_HOST: host, HTTP_PORT: port } = config;
      throw listenFailure(error, { host, port, variable: 'HTTP_PORT', choices: '0: the system chooses' });
    });
    const url = (await app.getUrl()).replace('[::1]', '127.0.0.1').replace(/^http:/, certificate ? 'https:' : 'http:');

    const startupInfo: Record<string, unknown> = {};
    for (const part of parts) {
      if (part.stop) undo.push(() => part.stop?.() ?? Promise.resolve());
      Object.assign(startupInfo, await part.start?.());
    }
    if (reports && target) {
      await startSelfReports(reports, target, { app, broker, clock });
      undo.push(() => reports.close());
    }
    started = true;
    const watch = watchDedupWindows({ rows, metrics, clock, logger, signal: stopping.signal });
    undo.push(() => watch);
    if (certificate) {
      const follow = certificate.follow(stopping.signal);
      undo.push(() => follow);
    }
    logger.info('started', { url, services: health.services, backend: backends.kind, ...startupInfo });
    let stopped: Promise<void> | null = null;
    return { config, backends, url, startupInfo, stop: () => (stopped ??= stopAll()) };
  } catch (error) {
    await stopAll();
    throw error;
  }
}
