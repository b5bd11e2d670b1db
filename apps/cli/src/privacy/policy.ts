import { type ApiClient } from '@telltale/api-client';
import { PRIVACY_MODES, PRIVACY_TYPES } from '@telltale/contracts';
import { createPolicy, createRedactionCounts, createReplace, createSubjects, keepsContent, keepsDetails, type PrivacyMode, type PrivacyPolicy, redactField } from '@telltale/domain-privacy'; // prettier-ignore
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
export function describePolicy({ policy, from }: FoundPolicy) {
  const replaced = policy.mode === 'pseudonymize' ? 'pseudonym' : 'masked';
  return {
    mode: policy.mode,
    from,
    content: keepsContent(policy) ? 'kept' : 'dropped',
    details: keepsDetails(policy) ? 'kept' : 'dropped',
    types: {
      ...Object.fromEntries(PRIVACY_TYPES.map((type) => [type, policy.kept.has(`[${type.toUpperCase()}]`) ? 'kept' : replaced])),
      user_id: 'pseudonym',
      secret: 'masked',
    } as Readonly<Record<string, string>>,
  };
}

/** Pseudonyms of these tries are examples: a tenant's own are made with its key. */
const EXAMPLE_KEY = Buffer.alloc(32);

/** What is stored of a message under a policy; null where no message is kept. */
export function storedUnder(policy: PrivacyPolicy, text: string): string | null {
  if (!keepsContent(policy)) return null;
  const name = createReplace(EXAMPLE_KEY);
  const subjects = createSubjects((id) => `u_${/~([a-p]{16})/.exec(name('[PERSON]', id))?.[1] ?? ''}`);
  subjects.collect(text);
  const counts = createRedactionCounts({
    kept: policy.kept,
    replace: policy.mode === 'pseudonymize' ? name : undefined,
    subjects,
  });
  return redactField('', text, counts, 'prose');
}
