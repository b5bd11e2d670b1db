import { type DirectiveRecord, directiveRecord, TOPICS } from '@telltale/contracts';
import { followCompactedTopic } from '@telltale/streaming';
import { hashId, parseJson } from '@telltale/kernel';
import { type GatewayDeps } from './deps';

/** The directives in force by tenant, as verbosity wrote them to the control topic. Records without a valid signature are ignored. */
export interface DirectiveStore {
  /** False until the topic has been read. */
  readonly loaded: boolean;
  /** The directives in force of one tenant, as SDKs read them. */
  setOf(tenant: string): DirectiveSet;
  /** Calls `listener` when the tenant's set changes; returns the function that unsubscribes. */
  onChange(tenant: string, listener: () => void): () => void;
}

/** All directives in force of one tenant. Built once for each change, for all SDKs that ask. */
export interface DirectiveSet {
  /** Equal sets have equal hashes. */
  readonly hash: string;
  /** JSON of the answer without its braces and without the time. */
  readonly fields: string;
}
interface BuiltSet extends DirectiveSet {
  /** When the first of them expires, ms since the epoch. */
  readonly until: number;
}

const HASH_DIGITS = 16;

function built(directives: readonly DirectiveRecord[]): BuiltSet {
  const byId = [...directives].sort((a, b) => (a.id < b.id ? -1 : 1));
  // SDKs know whose they are.
  const json = JSON.stringify(byId.map((one) => Object.fromEntries(Object.entries(one).filter(([name]) => name !== 'tenant'))));
  const hash = hashId(HASH_DIGITS, json);
  const until = byId.reduce((least, { expires_at: at }) => Math.min(least, Date.parse(at)), Infinity);
  return { hash, fields: `"set_hash":"${hash}","directives":${json}`, until };
}

type BoardDeps = Pick<GatewayDeps, 'broker' | 'signer' | 'clock' | 'logger' | 'stopping'>;

const EMPTY_SET = built([]);

export function createDirectiveStore({ broker, signer, clock, logger, stopping }: BoardDeps) {
  /** Of each tenant by id. */
  const tenants = new Map<string, Map<string, DirectiveRecord>>();
  const sets = new Map<string, BuiltSet>();
  const listeners = new Map<string, Set<() => void>>();
  let loaded = false;

  const parse = (value: Buffer): DirectiveRecord | null => {
    try {
      return directiveRecord.parse(parseJson(value.toString('utf8'), 16));
    } catch {
      return null;
    }
  };
  const tell = (tenant: string): void => {
    if (loaded) for (const listener of listeners.get(tenant) ?? []) listener();
  };

  const board: DirectiveStore = {
    get loaded() {
      return loaded;
    },
    setOf(tenant) {
      const now = clock.now();
      const known = sets.get(tenant);
      if (known && known.until > now) return known;
      const own = tenants.get(tenant);
      for (const [id, { expires_at: at }] of own ?? []) if (Date.parse(at) <= now) own?.delete(id);
      if (own?.size === 0) tenants.delete(tenant);
      if (!own || own.size === 0) {
        sets.delete(tenant);
        return EMPTY_SET;
      }
      const set = built([...own.values()]);
      sets.set(tenant, set);
      return set;
    },
    onChange(tenant, listener) {
      const set = listeners.get(tenant) ?? new Set();
      listeners.set(tenant, set.add(listener));
      return () => {
        set.delete(listener);
        if (set.size === 0) listeners.delete(tenant);
      };
    },
  };
  return {
    ...board,
    get loaded() {
      return loaded;
    },
    /** Reads the topic until the process stops. */
    follow: (): Promise<void> =>
      followCompactedTopic({
        broker,
        topic: TOPICS.control.name,
        signal: stopping,
        clock,
        logger,
        onRecord: (record) => {
          const { key, value, offset } = record;
          if (key === null) return;
          if (!signer.isSigned(record))
            return logger.warn('directive_ignored', { offset, fix: 'it is taken as a command by verbosity, or is in the DLQ' });
          const directive = value === null ? null : parse(value);
          const at = key.indexOf('/');
          const [tenant, id] = [key.slice(0, at), key.slice(at + 1)];
          if (value !== null && directive?.tenant !== tenant)
            return logger.warn('directive_ignored', { offset, fix: 'see the JSON Schema of telltale.control.v1' });
          if (directive) tenants.set(tenant, (tenants.get(tenant) ?? new Map<string, DirectiveRecord>()).set(id, directive));
          else tenants.get(tenant)?.delete(id);
          sets.delete(tenant);
          tell(tenant);
        },
        onLoaded: () => {
          loaded = true;
          for (const tenant of listeners.keys()) tell(tenant);
        },
      }),
  };
}
