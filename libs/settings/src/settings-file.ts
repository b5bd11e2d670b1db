import { readFileSync } from 'node:fs';
import { ALL_TENANTS, isReference, SECRET_FIELDS, settingKey, settingValues, SINGLE_NAME } from '@telltale/contracts';
import { isTenantId, PermanentError } from '@telltale/kernel';
import { problemOf } from '@telltale/platform-config';
import { parse } from 'yaml';
import { z } from 'zod';
import { readValue } from './check-setting';
import { digestOf } from './key-digest';
import { NAME, NAME_RULE, TENANT_RULE } from './name-rules';
import { type SettingChange } from './write-settings';

const name = z.string().regex(NAME, NAME_RULE);
const tenant = z.string().refine(isTenantId, TENANT_RULE);
const tenantOrAll = z.string().refine((value) => value === ALL_TENANTS || isTenantId(value), `${TENANT_RULE}, or * for all`);

const apiKey = z
  .strictObject({
    name,
    tenant,
    key: z.string().min(16, 'is shorter than 16 characters; make one with: openssl rand -hex 24').optional(),
    sha256: settingValues.api_key.shape.sha256.optional(),
    scopes: settingValues.api_key.shape.scopes,
    max_requests_per_second: settingValues.api_key.shape.max_requests_per_second,
    max_bytes_per_second: settingValues.api_key.shape.max_bytes_per_second,
  })
  .refine(({ key, sha256 }) => (key === undefined) !== (sha256 === undefined), 'give either key or sha256 (hex)');

/** A settings file lies readable, and holds no secret of a receiver. */
const receiver = settingValues.receiver.safeExtend({ name, tenant }).superRefine((value, context) => {
  for (const field of SECRET_FIELDS)
    if (value[field] !== undefined && !isReference(value[field]))
      context.addIssue({ code: 'custom', path: [field], message: 'is a secret in plain text; give env:TELLTALE_RECEIVER_… or file:NAME, of the process that sends' });
}); // prettier-ignore

/** An entry of each kind: where the setting belongs, and what it says. */
const settingsFile = z.strictObject({
  tenants: z.array(settingValues.tenant.safeExtend({ name: tenant })).default([]),
  api_keys: z.array(apiKey).default([]),
  prices: z.array(settingValues.price.safeExtend({ name, tenant: tenantOrAll.default(ALL_TENANTS) })).default([]),
  discounts: z.array(settingValues.discount.safeExtend({ name, tenant: tenantOrAll.default(ALL_TENANTS) })).default([]),
  tool_prices: z.array(settingValues.tool_price.safeExtend({ name, tenant })).default([]),
  silences: z.array(settingValues.silence.safeExtend({ name, tenant })).default([]),
  receivers: z.array(receiver).default([]),
  verbosity_budgets: z.array(settingValues.verbosity_budget.safeExtend({ tenant: tenantOrAll })).default([]),
  deploys: z.array(settingValues.deploy.safeExtend({ name, tenant })).default([]),
  views: z.array(settingValues.view.safeExtend({ name, tenant })).default([]),
  dashboards: z.array(settingValues.dashboard.safeExtend({ name, tenant })).default([]),
});
type SettingsFile = z.infer<typeof settingsFile>;

const changesIn = (file: SettingsFile): (SettingChange & { readonly value: object })[] => [
  ...file.tenants.map(({ name: of, ...value }) => ({ type: 'tenant' as const, tenant: of, name: SINGLE_NAME, value })),
  ...file.api_keys.map(({ name: of, tenant: whose, key = '', sha256 = digestOf(key).toString('hex'), ...rest }) => ({
    type: 'api_key' as const,
    tenant: whose,
    name: of,
    value: { sha256, ...rest },
  })),
  ...file.prices.map(({ name: of, tenant: whose, ...value }) => ({ type: 'price' as const, tenant: whose, name: of, value })),
  ...file.discounts.map(({ name: of, tenant: whose, ...value }) => ({ type: 'discount' as const, tenant: whose, name: of, value })),
  ...file.tool_prices.map(({ name: of, tenant: whose, ...value }) => ({ type: 'tool_price' as const, tenant: whose, name: of, value })),
  ...file.silences.map(({ name: of, tenant: whose, ...value }) => ({ type: 'silence' as const, tenant: whose, name: of, value })),
  ...file.receivers.map(({ name: of, tenant: whose, ...value }) => ({ type: 'receiver' as const, tenant: whose, name: of, value })),
  ...file.verbosity_budgets.map(({ tenant: whose, ...value }) => ({ type: 'verbosity_budget' as const, tenant: whose, name: SINGLE_NAME, value })),
  ...file.deploys.map(({ name: of, tenant: whose, ...value }) => ({ type: 'deploy' as const, tenant: whose, name: of, value })),
  ...file.views.map(({ name: of, tenant: whose, ...value }) => ({ type: 'view' as const, tenant: whose, name: of, value })),
  ...file.dashboards.map(({ name: of, tenant: whose, ...value }) => ({ type: 'dashboard' as const, tenant: whose, name: of, value })),
]; // prettier-ignore

/**
 * Settings of a YAML file (docs/SETTINGS.md has its form), to be set at `now` (ms since the epoch). PermanentError('config') names the field;
 * keys become digests here and go no further.
 */
export function readSettingsFile(file: string, now: number): SettingChange[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new PermanentError('config', `the settings file ${file} cannot be read: give the path of a YAML file`, { cause });
  }
  let content: unknown;
  try {
    content = parse(text);
  } catch {
    // The parser's message quotes the file, which holds keys.
    throw new PermanentError('config', `${file} is not YAML: check its indentation and quotes`);
  }
  const parsed = settingsFile.safeParse(content ?? {});
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `  ${issue.path.join('.') || '(file)'}: ${problemOf(issue)}`);
    throw new PermanentError('config', `${file} has wrong settings:\n${lines.join('\n')}`);
  }
  const changes = changesIn(parsed.data);
  const seen = new Set<string>();
  for (const change of changes) {
    const key = settingKey(change);
    if (seen.has(key)) throw new PermanentError('config', `${file} has ${key} twice: remove one of the two`);
    seen.add(key);
    const read = readValue(change, change.value, now);
    if ('problem' in read)
      throw new PermanentError('config', `${file} has wrong settings:\n  ${key}: ${read.field} ${read.problem}`);
  }
  return changes;
}
