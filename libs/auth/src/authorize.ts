import { type ApiKeyScope } from '@telltale/contracts';
import { type Grant, type KeyStore } from './key-store';

export type Verdict =
  | { readonly ok: true; readonly grant: Grant }
  | { readonly ok: false; readonly code: 'unauthorized' | 'forbidden'; readonly message: string; readonly fix: string };

const FIX = 'send Authorization: Bearer <key> or x-telltale-key; an embedded home has its key in the file api-key';

/** A key that may set directives may also read them, and one that reads content what is without it; scopes imply nothing else. */
const IMPLIED_BY: Partial<Record<ApiKeyScope, ApiKeyScope>> = { 'control:read': 'control', 'read:metadata': 'read' };

/** The tenant of a request, if its key has `scope`. */
export function authorize(keys: Pick<KeyStore, 'find'>, key: string | null, scope: ApiKeyScope): Verdict {
  if (key === null || key === '') return { ok: false, code: 'unauthorized', message: 'no API key', fix: FIX };
  const grant = keys.find(key);
  return grant ? permit(grant, scope) : { ok: false, code: 'unauthorized', message: 'unknown API key', fix: FIX };
}

/** Whether one who is let in may do what needs `scope`. */
export function permit(grant: Grant, scope: ApiKeyScope): Verdict {
  const implied = IMPLIED_BY[scope];
  if (grant.scopes.includes(scope) || (implied && grant.scopes.includes(implied))) return { ok: true, grant };
  return {
    ok: false,
    code: 'forbidden',
    message: `this API key lacks the scope ${scope}: it has ${grant.scopes.join(', ')}`,
    fix: `use another key, or add ${scope} to the scopes of this one in the settings (api_keys)`,
  };
}
