import { FencedError, PermanentError, TransientError } from '@telltale/kernel';
import { KafkaJSConnectionError, KafkaJSNumberOfRetriesExceeded, KafkaJSProtocolError } from 'kafkajs';
import { classify } from './kafka-errors';

const protocol = (type: string): Error => Object.assign(new KafkaJSProtocolError(new Error('text that says nothing')), { type });
const wrapped = (type: string): Error => new KafkaJSNumberOfRetriesExceeded(protocol(type), { retryCount: 5, retryTime: 1 });

describe('classify', () => {
  it.each([
    ['PRODUCER_FENCED', FencedError, 'fenced'],
    ['INVALID_PRODUCER_EPOCH', FencedError, 'fenced'],
    ['INVALID_PRODUCER_ID_MAPPING', FencedError, 'fenced'],
    ['MESSAGE_TOO_LARGE', PermanentError, 'too_large'],
    ['RECORD_LIST_TOO_LARGE', PermanentError, 'too_large'],
    ['TRANSACTIONAL_ID_AUTHORIZATION_FAILED', PermanentError, 'unauthorized'],
    ['SASL_AUTHENTICATION_FAILED', PermanentError, 'unauthorized'],
    ['INVALID_RECORD', PermanentError, 'rejected'],
    ['INVALID_REPLICATION_FACTOR', PermanentError, 'config'],
    ['NOT_LEADER_FOR_PARTITION', TransientError, 'unavailable'],
    ['CONCURRENT_TRANSACTIONS', TransientError, 'unavailable'],
    ['REQUEST_TIMED_OUT', TransientError, 'unavailable'],
  ])('takes %s for what it is, bare or wrapped', (type, kind, code) => {
    for (const error of [protocol(type), wrapped(type)]) {
      expect(classify(error, 'work')).toBeInstanceOf(kind);
      expect(classify(error, 'work')).toMatchObject({ code, cause: error });
    }
  });

  it('classifies a lost connection as transient, and keeps classified errors', () => {
    expect(classify(new KafkaJSConnectionError('PRODUCER_FENCED says the text'), 'work')).toBeInstanceOf(TransientError);
    const known = new PermanentError('not_found', 'no such topic');
    expect(classify(known, 'work')).toBe(known);
  });
});
