import { errorCodeOf, FencedError, PermanentError, TelltaleError, TransientError } from '@telltale/kernel';

/** Names of protocol errors as kafkajs reports them in `type` (Kafka protocol guide, error codes). */
const FENCED: ReadonlySet<string> = new Set([
  'PRODUCER_FENCED',
  'INVALID_PRODUCER_EPOCH',
  'INVALID_PRODUCER_ID_MAPPING',
  'TRANSACTION_COORDINATOR_FENCED',
]);
const TOO_LARGE: ReadonlySet<string> = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE', 'RECORD_TOO_LARGE']);
const REFUSED: ReadonlySet<string> = new Set([
  'TOPIC_AUTHORIZATION_FAILED',
  'GROUP_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
  'TRANSACTIONAL_ID_AUTHORIZATION_FAILED',
  'SASL_AUTHENTICATION_FAILED',
  'UNSUPPORTED_SASL_MECHANISM',
]);
/** Caused only by our own bugs, e.g. a record without a key for a compacted topic. */
const INVALID: ReadonlySet<string> = new Set(['INVALID_RECORD', 'INVALID_TIMESTAMP']);
const CONFIG: ReadonlySet<string> = new Set([
  'INVALID_REPLICATION_FACTOR',
  'POLICY_VIOLATION',
  'INVALID_CONFIG',
  'INVALID_PARTITIONS',
  'INVALID_GROUP_ID',
  'INVALID_SESSION_TIMEOUT',
  'INCONSISTENT_GROUP_PROTOCOL',
  'UNSUPPORTED_VERSION',
]);

/** Codes of Node for a certificate that cannot be trusted. */
const UNTRUSTED: ReadonlySet<unknown> = new Set([
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_HAS_EXPIRED',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/** Of what went wrong with several topics at once, what is no mere repetition. */
const worstOf = (error: Error): unknown =>
  'errors' in error && Array.isArray(error.errors)
    ? (error.errors.find((inner: unknown) => protocolType(inner) !== 'TOPIC_ALREADY_EXISTS') ?? error.errors[0])
    : undefined;

/** The error and the errors that kafkajs wrapped in it, outermost first. */
function* layers(error: unknown): Generator<Error> {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; depth++) {
    yield at;
    at = at.cause ?? ('originalError' in at ? at.originalError : worstOf(at));
  }
}

/** The name of the protocol error, also when kafkajs wrapped it. */
export function protocolType(error: unknown): string | null {
  for (const layer of layers(error)) if ('type' in layer && typeof layer.type === 'string') return layer.type;
  return null;
}

/** Classifies an error of kafkajs by protocol error and class; connection failures, time-outs and leader changes are transient. */
export function classify(error: unknown, doing: string): TelltaleError {
  if (error instanceof TelltaleError) return error;
  const type = protocolType(error);
  const options = { cause: error };
  if (type && FENCED.has(type)) return new FencedError(`${doing}: another producer has taken over (${type})`, options);
  if (type && TOO_LARGE.has(type))
    return new PermanentError(
      'too_large',
      `${doing}: the broker rejects a record of this size (${type}); raise max.message.bytes`,
      options,
    );
  if (type && REFUSED.has(type))
    return new PermanentError(
      'unauthorized',
      `${doing}: the broker denies access (${type}); check credentials and ACLs`,
      options,
    );
  if (type && INVALID.has(type))
    return new PermanentError('rejected', `${doing}: the broker rejects a record (${type})`, options);
  if (type && CONFIG.has(type)) return new PermanentError('config', `${doing}: the broker cannot do this (${type})`, options);
  const names = [...layers(error)].map(({ name }) => name);
  if (names.includes('KafkaJSSASLAuthenticationError'))
    return new PermanentError(
      'unauthorized',
      `${doing}: authentication failed; check KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD`,
      options,
    );
  const untrusted = [...layers(error)].map(errorCodeOf).find((code) => UNTRUSTED.has(code));
  if (untrusted !== undefined)
    return new PermanentError(
      'config',
      `${doing}: the certificate of a broker is not trusted (${untrusted}); check KAFKA_SSL_CA_FILE`,
      options,
    );
  return new TransientError('unavailable', `${doing}: ${type ?? names.at(-1) ?? typeof error}`, options);
}
