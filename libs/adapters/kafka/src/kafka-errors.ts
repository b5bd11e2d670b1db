import { FencedError, PermanentError, TelltaleError, TransientError } from '@telltale/kernel';

/** Names of protocol errors as kafkajs gives them in `type` (Kafka protocol guide, error codes). */
const FENCED: ReadonlySet<string> = new Set([
  'PRODUCER_FENCED',
  'INVALID_PRODUCER_EPOCH',
  'INVALID_PRODUCER_ID_MAPPING',
  'TRANSACTIONAL_ID_AUTHORIZATION_FAILED',
  'FENCED_INSTANCE_ID',
]);
const TOO_LARGE: ReadonlySet<string> = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE', 'RECORD_TOO_LARGE']);
const CONFIG: ReadonlySet<string> = new Set([
  'TOPIC_AUTHORIZATION_FAILED',
  'GROUP_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
  'SASL_AUTHENTICATION_FAILED',
  'INVALID_REPLICATION_FACTOR',
]);

/** The protocol error's name under whatever kafkajs wrapped it in. */
export function protocolType(error: unknown): string | null {
  for (
    let at: unknown = error, depth = 0;
    at instanceof Error && depth < 5;
    at = at.cause ?? ('originalError' in at ? at.originalError : undefined), depth++
  ) {
    if ('type' in at && typeof at.type === 'string') return at.type;
  }
  return null;
}

/** Wraps what kafkajs threw by protocol error; connections, time-outs and leader changes are transient. */
export function classify(error: unknown, doing: string): TelltaleError {
  if (error instanceof TelltaleError) return error;
  const type = protocolType(error);
  if (type && FENCED.has(type)) return new FencedError(`${doing}: another producer has taken over (${type})`, { cause: error });
  if (type && TOO_LARGE.has(type))
    return new PermanentError(
      'too_large',
      `${doing}: the broker refuses a record of this size (${type}); raise max.message.bytes`,
      { cause: error },
    );
  if (type && CONFIG.has(type))
    return new PermanentError('unauthorized', `${doing}: the broker refuses us (${type}); check credentials and ACLs`, {
      cause: error,
    });
  const name = error instanceof Error ? error.name : typeof error;
  return new TransientError('unavailable', `${doing}: ${type ?? name}`, { cause: error });
}
