import { z } from 'zod';
import { commonConfig } from './common';
import { describeSlice, loadConfig, printConfig } from './config';

const slice = z.object({
  WAIT_MS: z.coerce.number().int().min(1).default(5).describe('How long'),
  API_KEY: z.string().optional().describe('A secret'),
});

describe('configuration', () => {
  it('uses defaults, and treats an empty variable as absent', () => {
    expect(loadConfig(slice, { WAIT_MS: '' })).toEqual({ WAIT_MS: 5 });
  });
  it('names the wrong variable and its description', () => {
    expect(() => loadConfig(slice, { WAIT_MS: 'soon' })).toThrow(/WAIT_MS: .*\(How long\)/);
  });
  it.each([
    [{ WAIT_MS: 5, API_KEY: 'hunter2', SASL_PASSWORD: '' }, 'WAIT_MS=5\nAPI_KEY=(set)\nSASL_PASSWORD='],
    [{ TELLTALE_OTHER_MASTER_KEYS: 'hunter2,hunter3' }, 'TELLTALE_OTHER_MASTER_KEYS=(set)'],
    [{ SUBJECT_KEYS_DIR: '/keys' }, 'SUBJECT_KEYS_DIR=/keys'],
    [{ CLICKHOUSE_URL: 'https://u:hunter2@host:8443/db?password=hunter2' }, 'CLICKHOUSE_URL=https://***@host:8443/db?***'],
    [{ CLICKHOUSE_URL: 'http://host:8123' }, 'CLICKHOUSE_URL=http://host:8123'],
    [{ CLICKHOUSE_URL: 'hunter2' }, 'CLICKHOUSE_URL=(set)'],
  ])('prints %j without its secrets', (values, text) => expect(printConfig(values)).toBe(text));

  it.each([
    [
      { TELLTALE_MASTER_KEY: Buffer.alloc(16).toString('base64') },
      'TELLTALE_MASTER_KEY: is not 32 bytes as base64: set the key that stored data was written with; only where nothing is stored yet, make one with: openssl rand -base64 32',
    ],
    [{ TELLTALE_MASTER_KEY: 'hunter2' }, 'TELLTALE_MASTER_KEY: is not 32 bytes'],
    [
      { TELLTALE_OTHER_MASTER_KEYS: `${Buffer.alloc(32).toString('base64')},hunter2` },
      'TELLTALE_OTHER_MASTER_KEYS: is not a list of keys',
    ],
    [{ KAFKA_BROKERS: 'kafka' }, 'KAFKA_BROKERS: is not a list of brokers; give host:port'],
    [{ CLICKHOUSE_URL: 'clickhouse:8123' }, 'CLICKHOUSE_URL: is not an address'],
    [{ HTTP_PORT: 'http' }, 'HTTP_PORT: is not a number'],
    [{ HTTP_PORT: '1.5' }, 'HTTP_PORT: is not a whole number'],
    [{ HTTP_PORT: '70000' }, 'HTTP_PORT: is above 65535'],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL: is not one of debug, info'],
  ])('%j is refused in plain words, without the value', (env, said) => {
    expect(() => loadConfig(commonConfig, env)).toThrow(said);
    expect(() => loadConfig(commonConfig, env)).not.toThrow(/hunter2|Invalid input/);
  });

  it('accepts valid keys, brokers and addresses', () =>
    expect(loadConfig(commonConfig, { TELLTALE_MASTER_KEY: Buffer.alloc(32).toString('base64'), KAFKA_BROKERS: 'a:9092, b.c:9093', CLICKHOUSE_URL: 'https://u:p@h:8443' }).KAFKA_BROKERS).toBe('a:9092, b.c:9093')); // prettier-ignore

  it('describes every variable with its default', () => {
    expect(describeSlice(slice)[0]).toEqual({ name: 'WAIT_MS', fallback: '5', about: 'How long' });
  });
});
