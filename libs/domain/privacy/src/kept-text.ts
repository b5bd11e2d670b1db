import { PRIVACY_TYPES } from '@telltale/contracts';
import { createReplace, keepsContent, keepsDetails, type PrivacyPolicy } from './policy';
import { createRedactionCounts } from './redact-plain';
import { redactField } from './redact-value';
import { createSubjects } from './subjects';

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

export const KEPT_AS = ['kept', 'masked', 'pseudonym'] as const;

interface PolicyWords {
  /** Messages, arguments, results and log lines. */
  readonly content: 'kept' | 'dropped';
  /** Errors, reasons and attributes. */
  readonly details: 'kept' | 'dropped';
  /** By kind of what is personal. */
  readonly types: Readonly<Record<string, (typeof KEPT_AS)[number]>>;
}

/** What a policy does, as words. */
export function wordsOfPolicy(policy: PrivacyPolicy): PolicyWords {
  const replaced = policy.mode === 'pseudonymize' ? 'pseudonym' : 'masked';
  const kinds = PRIVACY_TYPES.map((type) => [type, policy.kept.has(`[${type.toUpperCase()}]`) ? 'kept' : replaced] as const);
  return {
    content: keepsContent(policy) ? 'kept' : 'dropped',
    details: keepsDetails(policy) ? 'kept' : 'dropped',
    types: { ...Object.fromEntries(kinds), user_id: 'pseudonym', secret: 'masked' },
  };
}
