import { SETTING_TYPES, settingKey, type SettingRecord, type SettingType, shownValue } from '@telltale/contracts';
import { DAY_MS } from '@telltale/kernel';
import { addressProblem, readValue, type SettingProblem } from '@telltale/settings';
import { z } from 'zod';
import { ApiError, badParameter } from '../define/api-error';
import { type AskContext, defineCommand, named } from '../define/definition';
import { defineQuery } from '../define/define-query';
import { choice, limitOf, text, wholeNumber } from '../define/params';
import { count, isoTime } from '../define/row-fields';
import { columnsOf, filterBy, within } from '../define/where';
import { checkPriceFile, partsOf } from './price-file-checks';
import { withStoredSecrets } from './receiver-secrets';

const TYPES = SETTING_TYPES as [SettingType, ...SettingType[]];
const ROWS = { fallback: 100, max: 1_000 };

const setting = named(
  'Setting',
  z.object({
    type: z.enum(TYPES),
    tenant: z.string().describe('Whose it is; * for all tenants'),
    name: z.string(),
    version: count.describe('Rises by one with each change'),
    changed_at: isoTime,
    changed_by: z.string(),
    value: z
      .record(z.string(), z.unknown())
      .describe('Of an API key the digest is cut to its first 12 digits; secrets of a receiver are (hidden)'),
  }),
);

const typeParam = choice(TYPES, 'Type of the setting');
const nameParam = text('Name of the setting; default for a type of which a tenant has one');
const tenantParam = text(
  'Whose it is: the own tenant when left out. Another tenant, or * for all tenants, needs the scope operator',
).optional();

function shown({ type, tenant, name, version, changed_at, changed_by, value }: SettingRecord): object {
  return { type, tenant, name, version, changed_at, changed_by, value: value === null ? {} : shownValue(value) };
}

const refused = ({ field, problem, fix }: SettingProblem): ApiError =>
  badParameter(field === 'tenant' ? 'of_tenant' : field, problem, fix);

/** Whose settings are meant. */
function tenantOf({ tenant: own, grant }: AskContext, asked = own): string {
  if (asked === own || grant.scopes.includes('operator')) return asked;
  throw new ApiError(
    'forbidden',
    `of_tenant: ${asked.slice(0, 80)} is not the tenant of this API key, which lacks the scope operator`,
    {
      parameter: 'of_tenant',
      fix: 'leave of_tenant out, or use a key with the scope operator',
    },
  );
}

/** The tenant is looked at first: who may not ask hears nothing of what is there. */
function addressOf(given: { type: SettingType; name: string; of_tenant?: string | undefined }, context: AskContext) {
  const address = { type: given.type, tenant: tenantOf(context, given.of_tenant), name: given.name };
  const problem = addressProblem(address);
  if (problem) throw refused(problem);
  return address;
}

const missing = 'there is no setting of this type and name';
function present(address: ReturnType<typeof addressOf>, { settings }: AskContext): SettingRecord {
  const found = settings.get(address);
  if (found && found.value !== null) return found;
  throw new ApiError('not_found', missing, { fix: 'GET /api/settings lists them' });
}

/** Who a change is recorded under: the key, and the person it names. */
const changedBy = ({ grant }: AskContext, person: string | undefined): string =>
  person === undefined ? `key ${grant.name}` : `${person} (key ${grant.name})`;

export const listSettings = defineQuery({
  name: 'listSettings',
  about: 'Settings that are in force, in order of type and name.',
  tag: 'settings',
  scope: 'admin',
  path: '/api/settings',
  params: {
    type: typeParam.optional(),
    of_tenant: tenantParam,
    limit: limitOf(ROWS),
    cursor: text('next_cursor of the page before').optional(),
  },
  example: { type: 'view' },
  limits: { maxRows: ROWS.max },
  answer: named('ListSettingsAnswer', z.object({ settings: z.array(setting), next_cursor: z.string().optional() })),
  run: ({ type, of_tenant: asked, limit, cursor = '' }, context) => {
    const all = context.settings.list({ ...(type && { type }), tenant: tenantOf(context, asked) });
    const rest = all.filter((one) => settingKey(one) > cursor);
    const page = rest.slice(0, limit);
    const last = page.at(-1);
    return Promise.resolve({
      settings: page.map(shown),
      ...(rest.length > limit && last ? { next_cursor: settingKey(last) } : {}),
    });
  },
});

export const getSetting = defineQuery({
  name: 'getSetting',
  about: 'One setting.',
  tag: 'settings',
  scope: 'admin',
  path: '/api/settings/{type}/{name}',
  params: { type: typeParam, name: nameParam, of_tenant: tenantParam },
  example: { type: 'tenant', name: 'default' },
  missing,
  limits: { maxRows: 1 },
  answer: setting,
  run: (given, context) => Promise.resolve(shown(present(addressOf(given, context), context))),
});

export const putSetting = defineCommand({
  name: 'putSetting',
  about:
    'Makes a setting, or replaces all of its value. Services take it in within seconds; the answer shows what the log has. An API key whose sha256 is left out stays the same key; a secret of a receiver that is given as (hidden) stays the same.',
  tag: 'settings',
  scope: 'admin',
  path: '/api/settings/{type}/{name}',
  status: 200,
  params: {
    type: typeParam,
    name: nameParam,
    of_tenant: tenantParam,
    value: z
      .record(z.string(), z.unknown(), { error: 'is not an object; give the fields of the type, see docs/SETTINGS.md' })
      .describe('Its fields, see docs/SETTINGS.md'),
    if_version: wholeNumber(
      0,
      2 ** 31,
      'Only where this is the version that it has now; 0: only where there was none yet',
    ).optional(),
    issued_by: text('Person who asks', 100).optional(),
  },
  example: { type: 'view', name: 'slow', value: { title: 'Slow tools', page: 'series' } },
  answer: setting,
  run: async ({ value: given, if_version: expected, issued_by: person, ...place }, context) => {
    const address = addressOf(place, context);
    checkOther(address, context);
    const whole = withStoredSecrets(withKey(given, address, context), address, context);
    const read = readValue(address, whole, context.clock.now());
    if ('problem' in read) throw refused(read);
    if (address.type === 'api_key') {
      checkScopes(read.value, context);
      checkRates(read.value, address, context);
    }
    checkVersion(address, expected, context);
    checkPriceFile(address, read.value, context);
    return shown(await context.settings.change({ ...address, value: read.value }, changedBy(context, person)));
  },
});

export const deleteSetting = defineCommand({
  name: 'deleteSetting',
  about: 'Deletes a setting. An API key lets nobody in from then on; of a price file its parts are deleted, too.',
  tag: 'settings',
  scope: 'admin',
  method: 'DELETE',
  path: '/api/settings/{type}/{name}',
  status: 200,
  params: { type: typeParam, name: nameParam, of_tenant: tenantParam, issued_by: text('Person who asks', 100).optional() },
  example: { type: 'view', name: 'slow' },
  missing,
  answer: named('DeleteSettingAnswer', z.object({ type: z.enum(TYPES), tenant: z.string(), name: z.string(), version: count })),
  run: async ({ issued_by: person, ...place }, context) => {
    const address = addressOf(place, context);
    present(address, context);
    checkOther(address, context);
    const by = changedBy(context, person);
    const { version } = await context.settings.change({ ...address, value: null }, by);
    for (const name of partsOf(address, context))
      await context.settings.change({ type: 'price_file_part', tenant: address.tenant, name, value: null }, by);
    return { ...address, version };
  },
});

const RATES = ['max_requests_per_second', 'max_bytes_per_second'] as const;

/** A key that changed or deleted itself could lock everybody out. */
function checkOther({ type, tenant, name }: ReturnType<typeof addressOf>, context: AskContext): void {
  if (type !== 'api_key' || tenant !== context.tenant || name !== context.grant.name) return;
  throw badParameter(
    'name',
    'is the API key that asks',
    'ask with another key; to replace this one make another first, then delete it',
  );
}

/** A key of one tenant gives nobody power over others. */
function checkScopes(value: object, { grant }: AskContext): void {
  const scopes = 'scopes' in value && Array.isArray(value.scopes) ? value.scopes : [];
  if (!scopes.includes('operator') || grant.scopes.includes('operator')) return;
  throw new ApiError('forbidden', 'value.scopes: has operator, which this API key lacks', {
    parameter: 'value.scopes',
    fix: 'leave operator out, or use a key with the scope operator',
  });
}

/** A limit that those it binds could lift would be none. */
function checkRates(value: object, address: ReturnType<typeof addressOf>, { grant, settings }: AskContext): void {
  if (grant.scopes.includes('operator')) return;
  const current = settings.get(address);
  const former = current?.type === 'api_key' ? current.value : null;
  const given: Readonly<Record<string, unknown>> = { ...value };
  const [changed] = RATES.filter((rate) => given[rate] !== former?.[rate]);
  if (changed === undefined) return;
  throw new ApiError('forbidden', `value.${changed}: is set by operators`, {
    parameter: `value.${changed}`,
    fix: 'leave it as it is, or use a key with the scope operator',
  });
}

/** A key stays as it is where its scopes alone are given, for people do not have its digest; and so do its limits where an operator does not set them. */
function withKey(value: object, address: ReturnType<typeof addressOf>, { grant, settings }: AskContext): object {
  const current = settings.get(address);
  if (current?.type !== 'api_key' || !current.value) return value;
  const { sha256, max_requests_per_second, max_bytes_per_second } = current.value;
  const rates = { max_requests_per_second, max_bytes_per_second };
  return { sha256, ...(grant.scopes.includes('operator') ? {} : rates), ...value };
}

function checkVersion(address: ReturnType<typeof addressOf>, expected: number | undefined, { settings }: AskContext): void {
  const version = settings.get(address)?.version ?? 0;
  if (expected === undefined || expected === version) return;
  throw badParameter('if_version', `is ${expected}, but the setting has version ${version}`, 'read it again, then change it');
}

const change = z.object({
  type: z.string(),
  tenant: z.string(),
  name: z.string(),
  version: count,
  changed_at: isoTime,
  changed_by: z.string(),
  value: z.string().describe('JSON of the value from then on; empty where it was deleted'),
});

export const listSettingChanges = defineQuery({
  name: 'listSettingChanges',
  about: 'Changes of settings of the own tenant: what was set when by whom, the last first.',
  tag: 'settings',
  scope: 'admin',
  path: '/api/settings/history',
  params: { type: typeParam.optional(), name: text('Only settings of this name').optional() },
  example: { since: '7d' },
  list: 'changes',
  row: named('SettingChange', change),
  limits: { rows: ROWS, range: { defaultMs: 30 * DAY_MS, maxMs: 3_660 * DAY_MS } },
  order: () => [
    { column: 'changed_at', type: 'time', descending: true },
    { column: 'type', type: 'text' },
    { column: 'name', type: 'text' },
    { column: 'version', type: 'integer' },
  ],
  sql: (filters, period) => {
    const { where, params } = within(filterBy(filters), 'changed_at', period);
    return { sql: `SELECT ${columnsOf(change)} FROM telltale.settings_history WHERE ${where}`, params };
  },
});
