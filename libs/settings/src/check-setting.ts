import {
  ALL_TENANTS,
  settingValues,
  type SettingAddress,
  type SettingType,
  SINGLE_NAME,
  SINGLE_SETTINGS,
} from '@telltale/contracts';
import { isTenantId } from '@telltale/kernel';
import { problemOf } from '@telltale/platform-config';
import { NAME, NAME_RULE, TENANT_RULE } from './settings-file';

export interface SettingProblem {
  /** `tenant`, `name`, or `value` with the field in it. */
  readonly field: string;
  /** The rest of a sentence that begins with the field. */
  readonly problem: string;
  readonly fix: string;
}

/** Types of which there is none for all tenants. */
const OF_ONE_TENANT: readonly SettingType[] = ['api_key', 'tenant', 'view'];

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

/** The value as it is stored, or what is wrong with it. */
export function readValue(type: SettingType, given: unknown): { readonly value: object } | SettingProblem {
  const parsed = settingValues[type].safeParse(given);
  if (parsed.success) return { value: parsed.data };
  const [issue] = parsed.error.issues;
  const field = ['value', ...(issue?.path ?? [])].join('.');
  return { field, problem: issue ? problemOf(issue) : 'is wrong', fix: `docs/SETTINGS.md has the fields of ${type}` };
}
