import {
  ALL_TENANTS,
  type SettingAddress,
  settingRecord,
  type SettingType,
  SINGLE_NAME,
  SINGLE_SETTINGS,
} from '@telltale/contracts';
import { isoTime, isTenantId } from '@telltale/kernel';
import { problemOf } from '@telltale/platform-config';
import { NAME, NAME_RULE, TENANT_RULE } from './name-rules';

export interface SettingProblem {
  /** `tenant`, `name`, or `value` with the field in it. */
  readonly field: string;
  /** The rest of a sentence that begins with the field. */
  readonly problem: string;
  readonly fix: string;
}

/** Types of which there is none for all tenants. */
const OF_ONE_TENANT: readonly SettingType[] = [
  'api_key',
  'dashboard',
  'deploy',
  'receiver',
  'silence',
  'tenant',
  'tool_price',
  'view',
];

/** What is wrong with where a setting belongs; null when nothing is. */
export function addressProblem({ type, tenant, name }: SettingAddress): SettingProblem | null {
  if (tenant === ALL_TENANTS) {
    if (OF_ONE_TENANT.includes(type))
      return { field: 'tenant', problem: `is *, but each ${type} is of one tenant`, fix: 'name a tenant' };
  } else if (!isTenantId(tenant)) return { field: 'tenant', problem: TENANT_RULE, fix: 'give another name' };
  if (SINGLE_SETTINGS.includes(type) && name !== SINGLE_NAME)
    return { field: 'name', problem: `is not ${SINGLE_NAME}; a tenant has one ${type} only`, fix: `give ${SINGLE_NAME}` };
  return NAME.test(name) ? null : { field: 'name', problem: NAME_RULE, fix: 'give another name' };
}

/** A value as it is stored when it is set at `now` (ms since the epoch), or what is wrong with it. */
export function readValue(address: SettingAddress, given: object, now: number): { readonly value: object } | SettingProblem {
  const { type, tenant, name } = address;
  const record = { type, tenant, name, version: 1, changed_at: isoTime(now), changed_by: '', value: given };
  const parsed = settingRecord.safeParse(record);
  if (parsed.success) return { value: parsed.data.value ?? given };
  const [issue] = parsed.error.issues;
  const field = issue?.path.join('.') ?? 'value';
  return { field, problem: issue ? problemOf(issue) : 'is wrong', fix: `docs/SETTINGS.md has the fields of ${type}` };
}
