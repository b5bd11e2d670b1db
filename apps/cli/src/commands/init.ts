import { digestOf } from '@telltale/auth';
import { errorCodeOf } from '@telltale/kernel';
import { type Command } from 'commander';
import { randomBytes, randomInt } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CliError } from '../terminal/errors';
import { type Io, note } from '../terminal/io';
import { printJson, withExample, withJson } from './command';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const PASSWORD_CHARS = 32;
const MASTER_KEY_BYTES = 32;
const API_KEY_BYTES = 24;
const TENANT = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/** Letters and digits alone need no quoting in an address, a shell or YAML. */
const password = (): string => Array.from({ length: PASSWORD_CHARS }, () => LETTERS[randomInt(LETTERS.length)]).join('');

const environment = (): string =>
  [
    '# Made by `telltale init`; read by docker compose. Keep it secret, and keep a copy: without TELLTALE_MASTER_KEY what waits in raw topics and the DLQ cannot be read.',
    'COMPOSE_PROFILES=cluster',
    `TELLTALE_MASTER_KEY=${randomBytes(MASTER_KEY_BYTES).toString('base64')}`,
    `CLICKHOUSE_PASSWORD=${password()}`,
    `CLICKHOUSE_QUERY_PASSWORD=${password()}`,
    `GRAFANA_PASSWORD=${password()}`,
    '',
  ].join('\n');

const settingsFile = (tenant: string, key: string): string =>
  [
    '# Made by `telltale init`: settings that every process takes in at start (docs/SETTINGS.md). It holds the digest of the API key, not the key.',
    'api_keys:',
    `  - { name: first, tenant: ${JSON.stringify(tenant)}, sha256: ${digestOf(key).toString('hex')} }`,
    '',
  ].join('\n');

/** Never overwrites: what is there may be the only copy of a key. */
function writeNew(file: string, text: string, mode: number): void {
  try {
    writeFileSync(file, text, { flag: 'wx', mode });
  } catch (error) {
    if (errorCodeOf(error) === 'EEXIST') throw new CliError(`${file} exists already`, 'keep using it, or move it away');
    throw new CliError(`${file} cannot be written (${String(errorCodeOf(error))})`, 'give --dir a folder you can write to');
  }
}

interface InitOptions {
  readonly dir: string;
  readonly tenant: string;
  readonly json?: boolean;
}

function init(io: Io, { dir, tenant, json }: InitOptions): void {
  if (!TENANT.test(tenant))
    throw new CliError(`--tenant ${tenant} is not a name`, 'give letters, digits, dots, dashes and underscores, at most 100');
  const [env, settings] = [join(dir, '.env'), join(dir, 'settings.yaml')];
  const key = `tt_${randomBytes(API_KEY_BYTES).toString('base64url')}`;
  mkdirSync(dir, { recursive: true });
  // The settings first: they hold no secret, so nothing is lost where the second is there already.
  writeNew(settings, settingsFile(tenant, key), 0o644);
  writeNew(env, environment(), 0o600);
  if (json) return printJson(io, { env: resolve(env), settings: resolve(settings), tenant, api_key: key });
  io.out(`API key of ${tenant}: ${key}`);
  note(io, `the key is shown this once; ${settings} has its digest, ${env} the other secrets`);
  note(io, 'next: docker compose up -d --build');
}

export function registerInit(program: Command, io: Io): void {
  const command = withJson(
    program
      .command('init')
      .description('make secrets and the first API key for docker compose: .env and settings.yaml; overwrites nothing')
      .option('--dir <folder>', 'folder of docker-compose.yml', '.')
      .option('--tenant <name>', 'tenant of the key', 'default'),
  );
  withExample(command, 'telltale init && docker compose up -d --build').action((options: InitOptions) => init(io, options));
}
