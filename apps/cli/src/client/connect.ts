import { errorCodeOf, isRecord } from '@telltale/kernel';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CliError, UsageError } from '../terminal/errors';
import { type Io } from '../terminal/io';
import { type Client, createHttpClient } from './http-client';
import { sleep, visible } from './settled';

const KEY_FILE = 'api-key';
const PID_FILE = 'standalone.json';

export const homeOf = (env: Io['env']): string => env['TELLTALE_HOME'] || '.telltale';

export interface Running {
  readonly pid: number;
  readonly url: string;
  readonly grpcPort: number | null;
  readonly services: readonly string[];
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCodeOf(error) === 'EPERM';
  }
};

const ANSWER_MS = 2_000;

/** Of certificates that are not trusted, or name another host. */
const isDistrusted = (error: unknown): boolean =>
  /CERT|ALTNAME|UNABLE_TO/.test(String(errorCodeOf(error instanceof Error ? error.cause : null) ?? ''));

/** The services that answer at this address, or null when it is not Telltale or nobody. */
async function servicesAt(url: string): Promise<readonly string[] | null> {
  try {
    const response = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(ANSWER_MS) });
    const { services } = (await response.json()) as { services?: unknown };
    return response.ok && Array.isArray(services) ? services.map(String) : null;
  } catch (error) {
    if (isDistrusted(error))
      throw new CliError(
        `the certificate of the Telltale at ${url} is not trusted here (${errorCodeOf((error as Error).cause)})`,
        'set TELLTALE_URL to its address as the certificate has it, and NODE_EXTRA_CA_CERTS to the PEM file of its authority',
      );
    return null;
  }
}

/** The process that holds this home, when there is one and it answers. */
export async function runningAt(home: string): Promise<Running | null> {
  const file = join(home, PID_FILE);
  if (!existsSync(file)) return null;
  let said: unknown;
  try {
    said = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null; // Being written, or broken: nobody we could talk to.
  }
  if (!isRecord(said)) return null;
  const { pid, http, grpcPort } = said as { pid?: unknown; http?: unknown; grpcPort?: unknown };
  if (typeof pid !== 'number' || typeof http !== 'string' || !isAlive(pid)) return null;
  const services = await servicesAt(http);
  return services && { pid, url: http, grpcPort: typeof grpcPort === 'number' ? grpcPort : null, services };
}

function keyOf(home: string, env: Io['env']): string {
  if (env['TELLTALE_KEY']) return env['TELLTALE_KEY'];
  const file = join(home, KEY_FILE);
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  throw new CliError(
    `there is no API key: TELLTALE_KEY is not set and ${file} does not exist`,
    'set TELLTALE_KEY, or TELLTALE_HOME to the folder of the running Telltale',
  );
}

const remote = (url: string, key: string, gatewayUrl: string = url): Client => {
  const own = { settled: (signal: AbortSignal) => visible(client, signal), close: () => Promise.resolve() };
  const client: Client = createHttpClient(url, key, own, gatewayUrl);
  return client;
};

/** An address from the environment without its last slash; null when it is not set. */
function addressOf(env: Io['env'], variable: string): string | null {
  const text = env[variable];
  if (!text) return null;
  if (!/^https?:\/\/[^/]/.test(text) || !URL.canParse(text))
    throw new UsageError(
      `${variable} is not an address`,
      `set it as http://host:port; is ${JSON.stringify(text)} what you mean?`,
    );
  return text.replace(/\/+$/, '');
}

const BUSY_WAIT_MS = 15_000;
const LOOK_AGAIN_MS = 100;

/**
 * The Telltale that runs already: at TELLTALE_URL (insights) and TELLTALE_GATEWAY_URL (the gateway, where it is another process), or over this home; null when there is none. Another command may hold the home
 * for a moment with services of its own; that is waited out.
 */
export async function connectRunning(io: Io, needed: readonly string[] = ['insights']): Promise<Client | null> {
  const home = homeOf(io.env);
  const url = addressOf(io.env, 'TELLTALE_URL');
  const gatewayUrl = addressOf(io.env, 'TELLTALE_GATEWAY_URL');
  if (url) return remote(url, keyOf(home, io.env), gatewayUrl ?? url);
  if (gatewayUrl)
    throw new UsageError(
      'TELLTALE_GATEWAY_URL is set and TELLTALE_URL is not',
      'set TELLTALE_URL to the address of insights, which answers questions',
    );
  for (const until = Date.now() + BUSY_WAIT_MS; ; await sleep(LOOK_AGAIN_MS, io.signal)) {
    const running = await runningAt(home);
    const missing = needed.filter((name) => !running?.services.includes(name));
    if (!running) return null;
    if (missing.length === 0) return remote(running.url, keyOf(home, io.env));
    if (Date.now() > until || io.signal.aborted)
      throw new CliError(
        `the Telltale over ${home} runs without ${missing.join(', ')} (process ${running.pid})`,
        'start it with all services: telltale up',
      );
  }
}

/**
 * The running Telltale, or one over the embedded data of this home, started in this process for as long as the command
 * takes. `targets` are the services the command needs then.
 */
export async function connect(io: Io, targets: readonly string[] = ['all']): Promise<Client> {
  const needed = targets.includes('all') ? ['gateway', 'enricher', 'insights'] : targets;
  const running = await connectRunning(io, needed);
  if (running) return running;
  const home = homeOf(io.env);
  // To read from a folder that is not there is a mistake; only what brings data in makes one.
  if (!targets.includes('all') && !existsSync(join(home, KEY_FILE)))
    throw new CliError(
      `there is no Telltale data in ${home}`,
      'set TELLTALE_HOME to its folder or TELLTALE_URL to its address, or make it with: telltale up, demo or import',
    );
  const { startStandalone, HomeInUseError } = await import('@telltale/app-standalone');
  let started: Awaited<ReturnType<typeof startStandalone>>;
  for (const until = Date.now() + BUSY_WAIT_MS; ; await sleep(LOOK_AGAIN_MS, io.signal)) {
    try {
      started = await startStandalone({
        home,
        targets,
        port: 0,
        grpcPort: null,
        env: io.env,
        quiet: true,
        // What brings data in brings much at once.
        taskThread: targets.includes('all'),
      });
      break;
    } catch (error) {
      if (!(error instanceof HomeInUseError) || error.isSuspended || Date.now() > until || io.signal.aborted) throw error;
    }
    // The other process is starting, or about to end.
    const other = await connectRunning(io, needed);
    if (other) return other;
  }
  const client = createHttpClient(started.url, started.apiKey, {
    settled: async (signal) => {
      await Promise.race([started.caughtUp(), sleep(Infinity, signal)]);
      return null;
    },
    close: () => started.stop(),
    isTemporary: true,
  });
  if (targets.includes('all')) await waitForReceiver(client, io.signal);
  return client;
}

const RECEIVER_WAIT_MS = 10_000;

/** A gateway that has just started learns its keys from the log; this waits until it knows ours. */
export async function waitForReceiver(client: Client, signal: AbortSignal): Promise<void> {
  const until = Date.now() + RECEIVER_WAIT_MS;
  for (;;) {
    const { status } = await client.send('/v1/events', '', 'application/x-ndjson');
    if (status < 300 || signal.aborted || Date.now() > until) return;
    await sleep(20, signal);
  }
}

/** Connects, does the work, and lets go, whatever happens. */
export async function withClient<T>(io: Io, targets: readonly string[], work: (client: Client) => Promise<T>): Promise<T> {
  const client = await connect(io, targets);
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}
