import * as fc from 'fast-check';
import { createRequire } from 'node:module';
import { canEncode, encodeProduce, type ProduceMessage, type ProduceRequest } from './produce-encoder';

type ClientRequest = (request: ProduceRequest) => { encode(): Promise<{ readonly buffer: Buffer }> };
const requestV7 = createRequire(__filename)('kafkajs/src/protocol/requests/produce/v7/request') as ClientRequest;

const NOW = 1_796_000_000_123;
const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), fc.constant(''), fc.constant('é🙂\ud800'));
const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));
const large = fc.nat(70_000).map((length) => Buffer.alloc(length, 'x'));
const header = fc.oneof(text, bytes);
const message: fc.Arbitrary<ProduceMessage> = fc.record(
  {
    key: fc.option(fc.oneof(text, bytes)),
    value: fc.option(fc.oneof({ weight: 4, arbitrary: fc.oneof(text, bytes) }, { weight: 1, arbitrary: large })),
    headers: fc.dictionary(text, header, { maxKeys: 4 }),
  },
  { requiredKeys: ['value'] },
);
const partition = fc.record({
  partition: fc.oneof(fc.nat(1_000), fc.nat(1_000).map(String)),
  firstSequence: fc.nat(2 ** 31 - 1),
  messages: fc.oneof(fc.array(message, { maxLength: 20 }), fc.integer({ min: 60, max: 300 }).map((n) => Array.from({ length: n }, (_, i): ProduceMessage => ({ key: `${i}`, value: 'v' })))), // prettier-ignore
});
const request: fc.Arbitrary<ProduceRequest> = fc.record(
  {
    transactionalId: fc.option(text),
    acks: fc.constantFrom(-1, 0, 1),
    timeout: fc.nat(2 ** 31 - 1),
    producerId: fc.oneof(fc.maxSafeNat().map(String), fc.constant('9223372036854775807'), fc.constant('-1')),
    producerEpoch: fc.integer({ min: -1, max: 32_767 }),
    topicData: fc.array(fc.record({ topic: text, partitions: fc.array(partition, { maxLength: 4 }) }), { maxLength: 4 }),
  },
  { requiredKeys: ['acks', 'timeout', 'topicData'] },
);

describe('the encoder of Produce requests', () => {
  beforeAll(() => void jest.useFakeTimers({ now: NOW }));
  afterAll(() => void jest.useRealTimers());

  it('writes what the client would, byte for byte', async () => {
    await fc.assert(
      fc.asyncProperty(request, async (sent) => {
        fc.pre(canEncode(sent));
        const expected = (await requestV7(sent).encode()).buffer;
        expect(encodeProduce(sent, NOW).equals(expected)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('leaves room in front', () => {
    const sent = { acks: -1, timeout: 1, topicData: [] };
    expect(encodeProduce(sent, NOW, 7).subarray(7)).toEqual(encodeProduce(sent, NOW));
  });

  it.each<[string, object]>([
    ['a time of its own', { value: 'v', timestamp: '1' }],
    ['no value', { key: 'k' }],
    ['a number as value', { value: 1 }],
    ['a number as key', { key: 1, value: 'v' }],
    ['a repeated header', { value: 'v', headers: { a: ['1', '2'] } }],
    ['a header without value', { value: 'v', headers: { a: null } }],
  ])('leaves a record with %s to the client', (_, odd) => {
    const messages = [{ value: 'plain' }, odd as ProduceMessage];
    expect(canEncode({ acks: -1, timeout: 1, topicData: [{ topic: 't', partitions: [{ partition: 0, messages }] }] })).toBe(
      false,
    );
  });
});
