import { type Broker, type RowStore } from '@telltale/streaming';
import { type Env } from '@telltale/platform-config';
import { backendKind, configOf, startServices } from '@telltale/platform-nest-runtime';
import { loadConfig, type CommonConfig } from '@telltale/platform-config';
import { systemClock } from '@telltale/platform-telemetry';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { consoleLinkOf, ensureApiKey, registerApiKey } from './api-key';
import { selectApps } from './apps';
import { startTaskThread } from './task-thread';
import { waitUntilCaughtUp } from './wait-until-caught-up';

export const PID_FILE = 'standalone.json';

export interface StandaloneOptions {
  /** Folder of data, keys and pid file. */
  readonly home: string;
  /** Services to run; default: all. */
  readonly targets?: readonly string[];
  /** 0: any free port. */
  readonly port?: number;
  /** null: no gRPC receiver. */
  readonly grpcPort?: number | null;
  readonly env?: Env;
  /** Variables of docs/CONFIG.md that override the environment. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Lets turns, sessions, costs and scorer compute in a thread of their own: faster where much comes at once, for some 60 MB more. */
  readonly taskThread?: boolean;
  /** Logs errors only. */
  readonly quiet?: boolean;
  readonly onCrash?: (error: unknown) => void;
}

export interface Standalone {
  readonly url: string;
  readonly apiKey: string;
  readonly apiKeyCreated: boolean;
  /** Opens the console without a key: good once, for a quarter of an hour. */
  readonly consoleLink: string;
  readonly grpcPort: number | null;
  readonly broker: Broker;
  readonly rows: RowStore;
  /** Resolves when every service in this process has processed all records in the log. */
  caughtUp(): Promise<void>;
  stop(): Promise<void>;
}

/** Runs all or some services in this process; embedded unless the environment names brokers. */
export async function startStandalone(options: StandaloneOptions): Promise<Standalone> {
  const { home } = options;
  const apps = selectApps(options.targets?.join(',') ?? 'all');
  const env: Env = {
    ...(options.env ?? process.env),
    TELLTALE_HOME: home,
    ...(options.port === undefined ? {} : { HTTP_PORT: String(options.port) }),
    ...(options.grpcPort === undefined
      ? {}
      : { GATEWAY_GRPC_PORT: options.grpcPort === null ? 'off' : String(options.grpcPort) }),
    ...(options.quiet ? { LOG_LEVEL: 'error' } : {}),
    ...options.settings,
  };
  const config = loadConfig(configOf(apps), env) as CommonConfig;
  let apiKey = { key: '', created: false };
  const running = await startServices(apps, {
    env,
    ...(options.taskThread && { openTaskThread: startTaskThread }),
    // Before the gateway loads its keys, so that the first request is accepted.
    prepare: (backends) => {
      apiKey = ensureApiKey(home);
      return registerApiKey(backends.broker, apiKey.key, systemClock.now());
    },
    onCrash:
      options.onCrash ??
      ((error) => {
        throw error;
      }),
  });
  const { broker, rows } = running.backends;
  const stopping = new AbortController();
  const grpcPort = typeof running.startupInfo['grpcPort'] === 'number' ? running.startupInfo['grpcPort'] : null;
  const pidFile = join(home, PID_FILE);
  writeFileSync(
    pidFile,
    JSON.stringify({
      pid: process.pid,
      http: running.url,
      grpcPort,
      backend: backendKind(config),
      startedAt: new Date(systemClock.now()).toISOString(),
    }),
  );
  return {
    url: running.url,
    apiKey: apiKey.key,
    apiKeyCreated: apiKey.created,
    consoleLink: consoleLinkOf(running.url, apiKey.key, systemClock.now()),
    grpcPort,
    broker,
    rows,
    caughtUp: () =>
      waitUntilCaughtUp(
        broker,
        apps.map(({ service }) => service),
        systemClock,
        stopping.signal,
      ),
    async stop() {
      stopping.abort();
      // Before another process can take the home and write its own.
      rmSync(pidFile, { force: true });
      await running.stop();
    },
  };
}
