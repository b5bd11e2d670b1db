import { createHmac } from 'node:crypto';

/** Creates pseudonyms, which are stable per tenant and reveal nothing about the value without the tenant's key. */
export interface Pseudonyms {
  /** 16 hex digits. */
  of(tenant: string, value: string): string;
}

const MAX_REMEMBERED = 20_000;
const MAX_TENANTS = 100;

/** HMAC-SHA256, https://www.rfc-editor.org/rfc/rfc2104. `keyOf` returns the key of a tenant. */
export function createPseudonyms(keyOf: (tenant: string) => Uint8Array): Pseudonyms {
  const remembered = new Map<string, Map<string, string>>();
  return {
    of(tenant, value) {
      let ofTenant = remembered.get(tenant);
      if (!ofTenant || ofTenant.size >= MAX_REMEMBERED) {
        if (remembered.size >= MAX_TENANTS) remembered.clear();
        ofTenant = new Map();
        remembered.set(tenant, ofTenant);
      }
      const before = ofTenant.get(value);
      if (before !== undefined) return before;
      const made = createHmac('sha256', keyOf(tenant)).update(value).digest('hex').slice(0, 16);
      ofTenant.set(value, made);
      return made;
    },
  };
}
