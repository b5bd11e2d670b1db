import { traceHash, userHash } from './hashes';
import { type Target } from './directive';

/** What a turn, or what stands outside of one, is known by. Hashes are made when they are first asked for. */
export interface Subject {
  readonly traceId: string;
  readonly sessionId: string;
  readonly userId: string;
  /** Place of the trace, or of the session where there is none; null where there is neither. */
  hash(): number | null;
  isUser(salt: string, sha256: string): boolean;
}

export function createSubject(traceId: string, sessionId: string, userId: string): Subject {
  let hash: number | null | undefined;
  let users: Map<string, string> | undefined;
  return {
    traceId,
    sessionId,
    userId,
    hash() {
      if (hash === undefined) {
        const id = traceId || sessionId;
        hash = id ? traceHash(id) : null;
      }
      return hash;
    },
    isUser(salt, sha256) {
      if (!userId) return false;
      users ??= new Map();
      let own = users.get(salt);
      if (own === undefined) {
        own = userHash(salt, userId);
        if (users.size < 100) users.set(salt, own);
      }
      return own === sha256;
    },
  };
}

/** The operation that a record is of, or was written in. */
export interface Operation {
  readonly kind: string;
  readonly name: string;
  readonly toolName: string;
  readonly model: string;
}
export const NO_OPERATION: Operation = { kind: '', name: '', toolName: '', model: '' };

export interface Place {
  readonly service: string;
  readonly environment: string;
  readonly serviceVersion: string;
}

/** What a record is matched by. A field that it does not have is empty, and matches nothing. */
export interface Matched {
  readonly isLog: boolean;
  readonly logger: string;
  readonly operation: Operation;
  readonly subject: Subject;
}

const isField = (wanted: string | undefined, own: string): boolean => wanted === undefined || (own !== '' && wanted === own);
const isLogger = (wanted: string | undefined, own: string): boolean =>
  wanted === undefined || (own !== '' && (own === wanted || own.startsWith(`${wanted}.`)));

/** Whether this process can have a record that matches; looked at once, when a set is applied. */
export const isPlace = (target: Target, place: Place): boolean =>
  !target.hasUnknownField &&
  isField(target.service_name, place.service) &&
  isField(target.deployment_environment, place.environment) &&
  isField(target.service_version, place.serviceVersion);

/** Whether all other fields of a target match. */
export function isMatch(target: Target, { isLog, logger, operation, subject }: Matched): boolean {
  if (!isLogger(target.logger, logger)) return false;
  if (!isField(target.kind, operation.kind) && !(isLog && target.kind === 'log')) return false;
  if (!isField(target.name, operation.name) || !isField(target.tool_name, operation.toolName)) return false;
  if (!isField(target.model, operation.model) || !isField(target.session_id, subject.sessionId)) return false;
  if (target.user && !subject.isUser(target.user.salt, target.user.sha256)) return false;
  if (target.trace_hash) {
    const hash = subject.hash();
    if (hash === null || hash < target.trace_hash.from || hash >= target.trace_hash.to) return false;
  }
  return true;
}
