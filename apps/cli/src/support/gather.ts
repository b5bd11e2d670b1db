import { isRecord, messageOf } from '@telltale/kernel';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Client } from '../client/http-client';
import { connectRunning, homeOf } from '../client/connect';
import { asJson } from '../commands/doctor';
import { openSetup } from '../commands/setup';
import { examine } from '../doctor/checks';
import { type Io } from '../terminal/io';
import { knownSecrets, scrubbed } from './scrub';

const ANSWER_MS = 10_000;
const MOST_METRICS_CHARS = 5_000_000;
const MOST_LOG_BYTES = 64_000_000;
const MOST_WARNINGS = 500;
const MOST_FIELD_CHARS = 500;
const MOST_SETTINGS = 1_000;
/** Of pino: warn and above. */
const WARN = 40;
/** Settings whose values are texts that people wrote, or say where people are. */
const TEXTS: ReadonlySet<string> = new Set(['dashboard', 'view', 'silence', 'receiver']);

type Part = () => Promise<unknown>;

/** What one part is about, or why it is not there: the others are still worth having. */
async function orWhy(part: Part): Promise<unknown> {
  try {
    return await part();
  } catch (error) {
    return { missing: messageOf(error) };
  }
}

async function configurationOf(io: Io): Promise<string[]> {
  const [{ configOf }, { APPS }, { loadConfig, printConfig }] = await Promise.all([
    import('@telltale/platform-nest-runtime'),
    import('@telltale/app-standalone'),
    import('@telltale/platform-config'),
  ]);
  return printConfig(loadConfig(configOf(APPS), io.env)).split('\n');
}

async function textAt(url: string): Promise<string> {
  const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS) });
  return (await response.text()).slice(0, MOST_METRICS_CHARS);
}

async function topicsOf({ api }: Client): Promise<unknown> {
  const { topics } = await api.listTopics();
  return topics.map(({ name, partitions, records, lag }) => ({ name, partitions, records, lag }));
}

async function settingsOf({ api }: Client): Promise<unknown> {
  const { settings } = await api.listSettings({ limit: MOST_SETTINGS });
  return settings.map((setting) => {
    const { type, tenant, name, version, changed_at, value } = setting as unknown as Record<string, unknown>;
    const shown = isRecord(value) && !TEXTS.has(String(type)) ? Object.fromEntries(Object.entries(value).filter(([field]) => field !== 'sha256')) : '(left out)'; // prettier-ignore
    return { type, tenant, name, version, changed_at, value: shown };
  });
}

/** Bytes of the folders of an embedded home, not of keys. */
function foldersOf(home: string): Record<string, number> {
  const bytesOf = (folder: string): number =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).reduce((sum, file) => {
      const stat = statSync(join(folder, file), { throwIfNoEntry: false });
      return sum + (stat?.isFile() ? stat.size : 0);
    }, 0);
  return Object.fromEntries(['log', 'tables'].filter((name) => existsSync(join(home, name))).map((name) => [name, bytesOf(join(home, name))])); // prettier-ignore
}

/** Warnings and errors of a log of ours; other lines are not ours, and are left out. */
export function warningsIn(text: string): unknown[] {
  const lines = text.split('\n').flatMap((line): Record<string, unknown>[] => {
    if (!line.startsWith('{')) return [];
    try {
      const parsed: unknown = JSON.parse(line);
      return isRecord(parsed) && typeof parsed['msg'] === 'string' && Number(parsed['level']) >= WARN ? [parsed] : [];
    } catch {
      return [];
    }
  });
  return lines
    .slice(-MOST_WARNINGS)
    .map((line) =>
      Object.fromEntries(
        Object.entries(line).map(([field, value]) => [
          field,
          typeof value === 'number' || typeof value === 'boolean' ? value : (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, MOST_FIELD_CHARS),
        ]),
      ),
    ); // prettier-ignore
}

function readLogs(file: string): unknown[] {
  const { size } = statSync(file);
  if (size > MOST_LOG_BYTES) throw new Error(`${file} has over ${MOST_LOG_BYTES} bytes: give its end, as of tail -n 10000`);
  return warningsIn(readFileSync(file, 'utf8'));
}

/** Parts of a support bundle by name; no content of events, no secrets. */
export async function gatherBundle(io: Io, version: string, logs: string | undefined): Promise<Record<string, unknown>> {
  const home = homeOf(io.env);
  const client = await connectRunning(io).catch(() => null);
  const ofRunning = (part: (running: Client) => Promise<unknown>): Part =>
    client
      ? () => part(client)
      : () => Promise.reject(new Error('no Telltale runs that could be asked: set TELLTALE_URL and TELLTALE_KEY'));
  const server = async () => {
    const facts = await (await openSetup({ ...io, env: { ...io.env, LOG_LEVEL: 'silent' } })).inspectClickHouse();
    return facts ?? { embedded: 'the engine in this process' };
  };
  try {
    const parts: Record<string, unknown> = {
      made_at: new Date().toISOString(),
      versions: { telltale: version, node: process.versions.node, platform: process.platform, arch: process.arch },
      configuration: await orWhy(() => configurationOf(io)),
      doctor: await orWhy(async () => asJson(await examine(io, version))),
      clickhouse: await orWhy(server),
      folders: await orWhy(() => Promise.resolve(foldersOf(home))),
      topics: await orWhy(ofRunning(topicsOf)),
      settings: await orWhy(ofRunning(settingsOf)),
      tasks: await orWhy(ofRunning(async ({ url }) => JSON.parse(await textAt(`${url}/readyz`)) as unknown)),
      metrics: await orWhy(ofRunning(async ({ url }) => (await textAt(`${url}/metrics`)).split('\n').filter((line) => line !== '' && !line.startsWith('#')))),
      warnings: logs === undefined ? { missing: 'give the log of a process: --logs FILE' } : await orWhy(() => Promise.resolve(readLogs(logs))),
    }; // prettier-ignore
    const keyFile = join(home, 'api-key');
    const secrets = knownSecrets(io.env, existsSync(keyFile) ? [readFileSync(keyFile, 'utf8')] : []);
    return scrubbed(parts, secrets) as Record<string, unknown>;
  } finally {
    await client?.close();
  }
}
