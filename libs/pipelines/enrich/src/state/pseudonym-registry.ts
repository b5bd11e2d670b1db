import { type PseudonymRow } from '@telltale/contracts';
import { encryptPseudonym, type SubjectKeys } from '@telltale/domain-privacy';
import { type BatchState } from '@telltale/streaming';

/** What the pseudonyms of a batch stand for, as rows of table pseudonyms; readable while the key of their subject is there. Keeps nothing between batches. */
export interface PseudonymRegistry extends BatchState {
  /** `subject`: the user whose event it stood in, or '' where there is none: then the value is a subject of its own. */
  add(tenant: string, subject: string, pseudonym: string, value: string, expiresOn: string): void;
}

interface RegisteredPseudonym extends Omit<PseudonymRow, 'encrypted'> {
  value: string;
}

/** Keys are asked for in each batch, so that one that was forgotten is not used again. Encryption is deterministic: a repeat gives the same rows. */
export function createPseudonymRegistry(keys: Pick<SubjectKeys, 'makeKeyOf'>): PseudonymRegistry {
  const registered = new Map<string, RegisteredPseudonym>();
  return {
    startBatch: () => registered.clear(),
    due: () => false,
    add(tenant, user, pseudonym, value, expires_on) {
      const subject = user || pseudonym;
      const name = JSON.stringify([tenant, subject, pseudonym]);
      const before = registered.get(name);
      // Spellings of one value share a pseudonym; which of them is kept must not hang on their order.
      if (before && before.expires_on >= expires_on && before.value <= value) return;
      const least = before && before.value < value ? before.value : value;
      const latest = before && before.expires_on > expires_on ? before.expires_on : expires_on;
      registered.set(name, { tenant, subject, pseudonym, value: least, expires_on: latest });
    },
    flush(effects) {
      const keyOf = new Map<string, Uint8Array>();
      for (const { tenant, subject, pseudonym, value, expires_on } of registered.values()) {
        const name = JSON.stringify([tenant, subject]);
        const key = keyOf.get(name) ?? keys.makeKeyOf(tenant, subject);
        keyOf.set(name, key);
        const row: PseudonymRow = { ...encryptPseudonym({ tenant, subject, pseudonym }, value, key), expires_on };
        effects.row('pseudonyms', JSON.stringify(row));
      }
      registered.clear();
    },
  };
}
