import { createHmac } from 'node:crypto';

/** Stands for a value, always the same for one tenant, and says nothing of it to who lacks the tenant's key. */
export interface Pseudonyms {
  /** 16 hex digits. */
  of(tenant: string, value: string): string;
}

const MAX_REMEMBERED = 50_000;

/** HMAC-SHA256, https://www.rfc-editor.org/rfc/rfc2104. `keyOf` gives the key of a tenant. */
export function createPseudonyms(keyOf: (tenant: string) => Uint8Array): Pseudonyms {
  const remembered = new Map<string, string>();
  return {
    of(tenant, value) {
      const at = `${tenant}\u0000${value}`;
      const before = remembered.get(at);
      if (before !== undefined) return before;
      if (remembered.size >= MAX_REMEMBERED) remembered.clear();
      const made = createHmac('sha256', keyOf(tenant)).update(value).digest('hex').slice(0, 16);
      remembered.set(at, made);
      return made;
    },
  };
}
