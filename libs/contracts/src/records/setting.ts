import { DAY_MS } from '@telltale/kernel';
import { z } from 'zod';
import { budgetValue } from './budget-setting';
import { dashboardValue } from './dashboard-setting';
import { isoTime, moment, text } from './fields';
import { DEPLOY_KINDS } from './incident';
import { discountValue, priceFilePartValue, priceFileValue } from './price-file';
import { priceValue, toolPriceValue } from './price-setting';
import { hideSecrets, receiverValue } from './receiver-setting';
import { silenceValue } from './silence-setting';

/** What is kept of a tenant's content; see docs/PRIVACY.md. */
export const PRIVACY_MODES = ['mask', 'strict', 'secrets_only', 'pseudonymize', 'drop_content', 'metadata_only'] as const;
/** Kinds of what is personal in texts, in the small letters of their placeholders. Secrets and ids of people are none: they are never kept. */
export const PRIVACY_TYPES = [
  'person', 'place', 'organisation', 'address', 'email', 'phone', 'card', 'iban', 'account', 'ssn', 'national_id', 'birth_date', 'ip', 'mac', 'wallet', 'url',
] as const; // prettier-ignore

/** What an API key may do; libs/auth says what each lets in. */
export const API_KEY_SCOPES = ['ingest', 'read', 'read:metadata', 'control:read', 'control', 'admin', 'operator'] as const;
export type ApiKeyScope = (typeof API_KEY_SCOPES)[number];
export const apiKeyScopes = z.array(z.enum(API_KEY_SCOPES)).min(1).max(API_KEY_SCOPES.length);

/** Longest that events can be kept, in days. */
export const MAX_RETENTION_DAYS = 400;
/** Attributes that turns of a tenant are grouped by. */
export const MAX_DIMENSIONS = 20;

/** Parameters of a page that a saved view keeps. */
const MAX_VIEW_PARAMS = 50;

/** Longest that a silence can last, in days from when it is set. */
const MAX_SILENCE_DAYS = 30;

/** A limit of 0 would be none at all: to stop a key, delete it. */
const keyRate = z.number().int('is not a whole number').min(1, 'is less than 1; to stop a key, delete it').max(1e12);

/** What a setting of each type says. */
export const settingValues = {
  tenant: z.strictObject({
    privacy: z.enum(PRIVACY_MODES).optional().describe('What is kept of its content'),
    privacy_types: z.partialRecord(z.enum(PRIVACY_TYPES), z.enum(['keep', 'mask'])).optional().describe('Kinds that are kept, or masked, other than its mode does'),
    retention_days: z.number().int().positive().max(MAX_RETENTION_DAYS).optional().describe('Days that its events are kept, rounded up to 1, 7, 30, 90 or 400'),
    dimensions: z.array(text.min(1).max(100)).max(MAX_DIMENSIONS).optional().describe('Attributes that its turns are grouped by'),
  }),
  api_key: z.strictObject({
    sha256: text
      .regex(/^[0-9a-f]{64}$/, 'is not 64 hex digits in lower case; make it with: printf %s KEY | sha256sum')
      .describe('Hex SHA-256 of the key; the key itself is never stored'),
    scopes: apiKeyScopes.optional().describe('What the key may do; everything but operator when absent'),
    max_requests_per_second: keyRate.optional().describe('Requests that the key may make of each process; set by operators; that of the process when absent'),
    max_bytes_per_second: keyRate.optional().describe('Bytes of bodies that the key may send to a gateway, or get from insights; set by operators; that of the process when absent'),
  }),
  price: priceValue,
  price_file: priceFileValue,
  price_file_part: priceFilePartValue,
  discount: discountValue,
  tool_price: toolPriceValue,
  budget: budgetValue,
  silence: silenceValue,
  receiver: receiverValue,
  verbosity_budget: z.strictObject({
    max_boosts: z.number().int().nonnegative().max(1_000).describe('Automatic boosts in force at once'),
    bytes_per_hour: z.number().positive().optional().describe('Events, as JSON, that are stored at most while SDKs obey: where more comes, the largest services keep a share of their turns'),
    control_topic: z.enum(['commands', 'refuse']).optional().describe('What people write to telltale.control.v1: taken as commands, or refused; commands where it is not said'),
    mode: z.enum(['never', 'monitor', 'always']).optional().describe('Automatic boosts: none, only reported, or raised; relief is given under always alone; VERBOSITY_MODE where it is not said'),
  }),
  deploy: z.strictObject({
    service_name: text.min(1).max(200).describe('Service that was deployed'),
    version: text.min(1).max(200).optional().describe('What was deployed'),
    environment: text.min(1).max(100).optional(),
    kind: z.enum(DEPLOY_KINDS).optional().describe('version when absent'),
    at: moment.describe('When'),
    text: text.min(1).max(500).optional().describe('What changed, for people'),
  }),
  view: z.strictObject({
    title: text.min(1).max(200),
    page: text.min(1).max(50).describe('Page it opens'),
    params: z
      .record(text.max(100), text.max(2_500))
      .refine((params) => Object.keys(params).length <= MAX_VIEW_PARAMS, `has more than ${MAX_VIEW_PARAMS} parameters`)
      .default({})
      .describe('Parameters of the page'),
  }),
  dashboard: dashboardValue,
} as const; // prettier-ignore

export const SETTING_TYPES = Object.keys(settingValues) as (keyof typeof settingValues)[];
export type SettingType = keyof typeof settingValues;
export type SettingValue<T extends SettingType> = z.infer<(typeof settingValues)[T]>;

/** Types of which a tenant has one at most; its name is `default`. */
export const SINGLE_SETTINGS: readonly SettingType[] = ['tenant', 'verbosity_budget'];
export const SINGLE_NAME = 'default';
/** Stands for every tenant in the place of one. */
export const ALL_TENANTS = '*';

const recordOf = <T extends SettingType, V extends z.ZodType>(type: T, value: V) =>
  z.object({
    type: z.literal(type),
    tenant: text.describe('Whose it is; * for all tenants'),
    name: text,
    version: z.number().int().positive().describe('Rises by one with each change'),
    changed_at: isoTime,
    changed_by: text.describe('Who changed it: a person, a key, or the settings file'),
    seed: text.optional().describe('Digest of the entry of the settings file that was taken last'),
    value: value.nullable().describe('null: it was deleted'),
  });

/** A setting at its newest change. Key: `<type>/<tenant>/<name>`; the same record in every partition, so that every task reads it. */
export const settingRecord = z.discriminatedUnion('type', [
  recordOf('tenant', settingValues.tenant),
  recordOf('api_key', settingValues.api_key),
  recordOf('price', settingValues.price),
  recordOf('price_file', settingValues.price_file),
  recordOf('price_file_part', settingValues.price_file_part),
  recordOf('discount', settingValues.discount),
  recordOf('tool_price', settingValues.tool_price),
  recordOf('budget', settingValues.budget),
  recordOf('silence', settingValues.silence).refine(
    ({ changed_at: setAt, value }) =>
      value?.until === undefined ||
      value.weekly !== undefined ||
      Date.parse(value.until) - Date.parse(setAt) <= MAX_SILENCE_DAYS * DAY_MS,
    { path: ['value', 'until'], message: `lies more than ${MAX_SILENCE_DAYS} days ahead: give an earlier time` },
  ),
  recordOf('receiver', settingValues.receiver),
  recordOf('verbosity_budget', settingValues.verbosity_budget),
  recordOf('deploy', settingValues.deploy),
  recordOf('view', settingValues.view),
  recordOf('dashboard', settingValues.dashboard),
]);
export type SettingRecord = z.infer<typeof settingRecord>;

/** Of the digest of an API key people see so many digits: enough to tell keys apart. */
const SHOWN_DIGITS = 12;
/** The value of a setting as people see it, and as its history keeps it: of a part of a price file it says how many models it has, of a receiver nothing of its secrets. */
export function shownValue<T extends object>(value: T): T {
  if ('sha256' in value) return { ...value, sha256: String(value.sha256).slice(0, SHOWN_DIGITS) };
  if ('models' in value && Array.isArray(value.models)) return { ...value, models: value.models.length };
  return hideSecrets(value);
}

export interface SettingAddress {
  readonly type: SettingType;
  readonly tenant: string;
  readonly name: string;
}
export const settingKey = ({ type, tenant, name }: SettingAddress): string => `${type}/${tenant}/${name}`;

/**
 * Whether a record takes the place of another of its key. Two that were written at the same moment have an order, too, so all
 * readers end with the same one, whatever order they see them in.
 */
export function supersedes(next: SettingRecord, current: SettingRecord | undefined): boolean {
  if (!current) return true;
  if (next.version !== current.version) return next.version > current.version;
  if (next.changed_at !== current.changed_at) return next.changed_at > current.changed_at;
  return JSON.stringify(next) > JSON.stringify(current);
}
