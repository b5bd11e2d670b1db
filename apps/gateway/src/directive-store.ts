import { type DirectiveRecord, directiveRecord, TOPICS } from '@telltale/contracts';
import { followCompactedTopic } from '@telltale/streaming';
import { parseJson } from '@telltale/kernel';
import { type GatewayDeps } from './deps';

/** The directives in force by tenant, as verbosity wrote them to the control topic. Records without a valid signature are ignored. */
export interface DirectiveStore {
  /** False until the topic has been read. */
  readonly loaded: boolean;
  /** The active directives of one tenant, by id. */
  inForce(tenant: string): DirectiveRecord[];
  /** Calls `listener` when the tenant's set changes; returns the function that unsubscribes. */
  onChange(tenant: string, listener: () => void): () => void;
}

type BoardDeps = Pick<GatewayDeps, 'broker' | 'signer' | 'clock' | 'logger' | 'stopping'>;

export function createDirectiveStore({ broker, signer, clock, logger, stopping }: BoardDeps) {
  const byKey = new Map<string, DirectiveRecord>();
  const listeners = new Map<string, Set<() => void>>();
  let loaded = false;

  const parse = (value: Buffer): DirectiveRecord | null => {
    try {
      return directiveRecord.parse(parseJson(value.toString('utf8'), 16));
    } catch {
      return null;
    }
  };
  const tell = (tenant: string | undefined): void => {
    if (tenant !== undefined && loaded) for (const listener of listeners.get(tenant) ?? []) listener();
  };

  const board: DirectiveStore = {
    get loaded() {
      return loaded;
    },
    inForce(tenant) {
      const now = clock.now();
      const directives: DirectiveRecord[] = [];
      for (const [key, directive] of byKey) {
        if (Date.parse(directive.expires_at) <= now) byKey.delete(key);
        else if (directive.tenant === tenant) directives.push(directive);
      }
      return directives.sort((a, b) => (a.id < b.id ? -1 : 1));
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
          const before = byKey.get(key);
          const directive = value === null ? null : parse(value);
          if (value !== null && !directive)
            return logger.warn('directive_ignored', { offset, fix: 'see the JSON Schema of telltale.control.v1' });
          if (directive) byKey.set(key, directive);
          else byKey.delete(key);
          tell(before?.tenant);
          if (directive?.tenant !== before?.tenant) tell(directive?.tenant);
        },
        onLoaded: () => {
          loaded = true;
          for (const tenant of listeners.keys()) tell(tenant);
        },
      }),
  };
}
