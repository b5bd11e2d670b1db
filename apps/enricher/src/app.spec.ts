import { readConfig, type ServiceContext } from '@telltale/platform-nest-runtime';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { enricherApp } from './app';

describe('an enricher of a tenant that wants pseudonyms', () => {
  const home = mkdtempSync(join(tmpdir(), 'telltale-enricher-'));
  const settings = join(home, 'settings.yaml');
  writeFileSync(settings, 'tenants: [{name: acme, privacy: pseudonymize}]');
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  const init = async (env: Record<string, string>): Promise<void> => {
    const config = readConfig([enricherApp], { TELLTALE_HOME: home, TELLTALE_SETTINGS_FILE: settings, ...env });
    const parts = await enricherApp.init({ config, encryptor: {}, partitionsOf: () => 1 } as unknown as ServiceContext);
    await parts.release?.();
  };
  const cluster = { KAFKA_BROKERS: 'kafka:9092', TELLTALE_MASTER_KEY: Buffer.alloc(32).toString('base64') };

  it('does not start on a cluster without a folder of keys, and says which variable to set', async () => {
    await expect(init(cluster)).rejects.toThrow(/SUBJECT_KEYS_DIR is not set.*shared volume/);
    await expect(init({ ...cluster, TELLTALE_SETTINGS_FILE: '', ENRICHER_DEFAULT_PRIVACY_MODE: 'pseudonymize' })).rejects.toThrow(
      /SUBJECT_KEYS_DIR/,
    );
  });
  it('starts with one, embedded, and where nobody wants them', async () => {
    for (const env of [{ ...cluster, SUBJECT_KEYS_DIR: join(home, 'keys') }, {}, { ...cluster, TELLTALE_SETTINGS_FILE: '' }])
      await expect(init(env)).resolves.toBeUndefined();
  });
});
