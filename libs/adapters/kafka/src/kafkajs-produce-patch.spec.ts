import { createRequire } from 'node:module';
import './kafkajs-produce-patch';

interface Request {
  readonly encodeBehind?: unknown;
  encode(): Promise<{ readonly buffer: Buffer }>;
}
type Protocol = (args: object) => { readonly request: Request };
interface Connection {
  socket: { write(bytes: Buffer): void };
  connectionStatus: string;
  authenticatedAt: readonly [number, number];
  send(of: object): Promise<unknown>;
}

const load = createRequire(__filename);
const { protocol } = load('kafkajs/src/protocol/requests/produce') as { protocol: (of: { version: number }) => Protocol };
const createClientRequest = load('kafkajs/src/protocol/request') as (of: object) => Promise<{ readonly buffer: Buffer }>;
const ConnectionClass = load('kafkajs/src/network/connection') as new (options: object) => Connection;

const logger = { namespace: () => logger, debug: () => undefined, error: () => undefined };
const argsWith = (message: object) => ({
  acks: -1,
  timeout: 30_000,
  transactionalId: 'telltale.enricher-0',
  producerId: '7',
  producerEpoch: 3,
  topicData: [{ topic: 'telltale.events.v1', partitions: [{ partition: 0, firstSequence: 5, messages: [message] }] }],
});

/** What a connection writes to its socket for this request. */
async function written(request: Request): Promise<Buffer> {
  const connection = new ConnectionClass({ host: 'broker', port: 1, logger, clientId: 'téster', requestTimeout: 1_000 });
  connection.connectionStatus = 'connected';
  connection.authenticatedAt = [0, 0];
  return new Promise((resolve, reject) => {
    connection.socket = { write: resolve };
    connection.send({ request, response: {} }).catch(reject);
  });
}

describe('Produce requests of the client', () => {
  beforeAll(() => void jest.useFakeTimers({ now: 1_796_000_000_123 }));
  afterAll(() => void jest.useRealTimers());

  it.each([3, 5, 7])('of version %i go out as the client would write them, in one piece', async (version) => {
    const { request } = protocol({ version })(argsWith({ key: 'k', value: 'vé' }));
    expect(request.encodeBehind).toBeInstanceOf(Function);
    const { buffer } = await createClientRequest({ request, correlationId: 0, clientId: 'téster' });
    expect((await written(request)).equals(buffer)).toBe(true);
  });

  it.each([
    ['with a record that has a time of its own', 7, argsWith({ value: 'v', timestamp: '1' })],
    ['that are compressed', 7, { ...argsWith({ value: 'v' }), compression: 1 }],
    ['of a version without record batches', 2, argsWith({ value: 'v' })],
  ])('%s are left to the client', async (_, version, args) => {
    const { request } = protocol({ version })(args);
    expect(request.encodeBehind).toBeUndefined();
    const { buffer } = await createClientRequest({ request, correlationId: 0, clientId: 'téster' });
    expect((await written(request)).equals(buffer)).toBe(true);
  });
});
