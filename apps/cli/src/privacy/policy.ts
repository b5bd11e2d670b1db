import { type ApiClient } from '@telltale/api-client';
import { PRIVACY_MODES } from '@telltale/contracts';
import { createPolicy, type PrivacyMode, type PrivacyPolicy, wordsOfPolicy } from '@telltale/domain-privacy';
import { CliError, UsageError } from '../terminal/errors';

/** A policy, and where its mode comes from. */
export interface FoundPolicy {
  readonly policy: PrivacyPolicy;
  readonly from: 'setting' | 'default';
}

/** The mode of tenants without a setting, as far as it can be known here: the variable that the enricher reads, if it is set here too. */
function defaultMode(env: Readonly<Record<string, string | undefined>>): PrivacyMode {
  const given = env['ENRICHER_DEFAULT_PRIVACY_MODE'] || 'mask';
  const mode = PRIVACY_MODES.find((one) => one === given);
  if (mode) return mode;
  throw new UsageError(
    `ENRICHER_DEFAULT_PRIVACY_MODE=${given.slice(0, 40)} is no mode`,
    `it is one of ${PRIVACY_MODES.join(', ')}`,
  );
}

/** The policy under which the tenant of the API key is stored. */
export async function policyOf(
  api: Pick<ApiClient, 'getPrivacyPolicy'>,
  env: Readonly<Record<string, string | undefined>>,
): Promise<FoundPolicy> {
  const { privacy, privacy_types: types } = await api.getPrivacyPolicy();
  if (privacy && !PRIVACY_MODES.includes(privacy))
    throw new CliError(
      `the privacy mode ${String(privacy).slice(0, 80)} is not known to this release`,
      'use the release that is deployed',
    );
  return { policy: createPolicy(privacy ?? defaultMode(env), types), from: privacy ? 'setting' : 'default' };
}

/** What a policy does, as words. */
export const describePolicy = ({ policy, from }: FoundPolicy) => ({ mode: policy.mode, from, ...wordsOfPolicy(policy) });
