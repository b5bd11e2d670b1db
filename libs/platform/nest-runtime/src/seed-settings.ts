import { digestOf } from '@telltale/auth';
import {
  apiKeyScopes,
  PRIVACY_MODES,
  priceSetting,
  type PriceSetting,
  settingRecord,
  TOPICS,
  type SettingRecord,
} from '@telltale/contracts';
import { type Broker } from '@telltale/streaming';
import { PermanentError } from '@telltale/kernel';
import { problemOf } from '@telltale/platform-config';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';

const NEWEST_LOOKED_AT = 10_000;

const settingsFile = z.strictObject({
  tenants: z
    .array(
      z.strictObject({
        name: z.string(),
        privacy: z.enum(PRIVACY_MODES).optional(),
        retention_days: z.number().int().positive().max(400).optional(),
      }),
    )
    .default([]),
  api_keys: z
    .array(
      z
        .strictObject({
          name: z.string(),
          tenant: z.string(),
          key: z.string().min(16, 'is shorter than 16 characters; make one with: openssl rand -hex 24').optional(),
          sha256: z.string().regex(/^[0-9a-f]{64}$/, 'is not 64 hex digits in lower case; make it with: printf %s KEY | sha256sum').optional(), // prettier-ignore
          scopes: apiKeyScopes.optional(),
        })
        .refine(({ key, sha256 }) => (key === undefined) !== (sha256 === undefined), 'give either key or sha256 (hex)'),
    )
    .default([]),
  prices: z.array(priceSetting).default([]),
});

function fileAt(file: string): z.infer<typeof settingsFile> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new PermanentError('config', `TELLTALE_SETTINGS_FILE=${file} cannot be read: give the path of a YAML file`, { cause });
  }
  let content: unknown;
  try {
    content = parse(text);
  } catch {
    // The parser's message quotes the file, which contains keys.
    throw new PermanentError('config', `${file} is not YAML: check its indentation and quotes`);
  }
  const parsed = settingsFile.safeParse(content ?? {});
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `  ${issue.path.join('.') || '(file)'}: ${problemOf(issue)}`);
    throw new PermanentError('config', `${file} has wrong settings:\n${lines.join('\n')}`);
  }
  return parsed.data;
}

/** Price overrides (`prices`) of a settings file; none without a file. Throws PermanentError('config') with the field. */
export const readPrices = (file: string | undefined): PriceSetting[] => (file ? fileAt(file).prices : []);

/** Settings of tenants (`tenants: [{name, privacy, retention_days}]`) in a settings file, by name. */
export const readTenants = (
  file: string | undefined,
): Record<string, { privacy?: (typeof PRIVACY_MODES)[number]; retentionDays?: number }> =>
  Object.fromEntries(
    (file ? fileAt(file).tenants : []).map(({ name, privacy, retention_days: retentionDays }) => [
      name,
      { ...(privacy && { privacy }), ...(retentionDays && { retentionDays }) },
    ]),
  );

/** Settings of a YAML file (`tenants`, `api_keys`). Throws PermanentError('config') with the field. Keys are converted to digests here. */
export function readSettings(file: string): SettingRecord[] {
  const { tenants, api_keys: keys } = fileAt(file);
  return [
    ...tenants.map((tenant): SettingRecord => settingRecord.parse({ type: 'tenant', ...tenant })),
    ...keys.map(({ name, tenant, key = '', sha256 = digestOf(key).toString('hex'), scopes }): SettingRecord => ({
      type: 'api_key',
      name,
      tenant,
      sha256,
      ...(scopes ? { scopes } : {}),
    })),
  ];
}

/** Writes the settings of the file to the topic, except those that it already contains. Returns how many were written. */
export async function seedSettings(broker: Broker, file: string): Promise<number> {
  const wanted = readSettings(file).map((setting) => ({
    key: `${setting.type}/${setting.name}`,
    value: JSON.stringify(setting),
  }));
  const there = new Map(
    (await broker.newest(TOPICS.settings.name, NEWEST_LOOKED_AT)).map(({ key, value }) => [key, value?.toString()]),
  );
  const missing = wanted.filter(({ key, value }) => there.get(key) !== value);
  if (missing.length > 0) await broker.produce(missing.map((record) => ({ topic: TOPICS.settings.name, ...record })));
  return missing.length;
}
