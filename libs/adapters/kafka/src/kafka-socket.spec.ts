import { type ISocketFactory } from 'kafkajs';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createKafkaSocket } from './kafka-socket';

interface Connection {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  isConnected(): boolean;
}
type ConnectionClass = new (options: Readonly<Record<string, unknown>>) => Connection;

const load = createRequire(__filename);
const Connection = load('kafkajs/src/network/connection') as ConnectionClass;
const clientFactory = load('kafkajs/src/network/socketFactory') as () => ISocketFactory;

const nothing = (): void => undefined;
const logger = { namespace: () => logger, debug: nothing, info: nothing, warn: nothing, error: nothing };

describe('a connection of kafkajs', () => {
  const accepted: Socket[] = [];
  let server: Server;
  beforeEach(async () => {
    server = createServer({ allowHalfOpen: true }, (socket) => void accepted.push(socket.on('error', nothing).resume()));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(async () => {
    for (const socket of accepted.splice(0)) socket.destroy();
    server.close();
    await once(server, 'close');
  });

  /** A connection to the server, and the sockets that it has opened so far. */
  function newConnection(create: ISocketFactory): { readonly connection: Connection; readonly sockets: readonly Socket[] } {
    const sockets: Socket[] = [];
    const socketFactory: ISocketFactory = (options) => {
      const socket = create(options);
      sockets.push(socket);
      return socket;
    };
    const { port } = server.address() as AddressInfo;
    const timeouts = { requestTimeout: 1_000, connectionTimeout: 5_000 };
    return { connection: new Connection({ host: '127.0.0.1', port, logger, socketFactory, ...timeouts }), sockets };
  }

  /** Whether it is connected after it was closed and opened again, and only then the server closes the first socket. */
  async function isConnectedAfterLateEnd(create: ISocketFactory): Promise<boolean> {
    const { connection, sockets } = newConnection(create);
    for (const isLast of [false, true]) {
      const arrived = once(server, 'connection');
      await connection.connect();
      await arrived;
      if (!isLast) await connection.disconnect();
    }
    const [ofServer, ofClient] = [accepted[0] as Socket, sockets[0] as Socket];
    const closed = ofClient.closed ? Promise.resolve() : once(ofClient, 'close');
    ofServer.end();
    await closed;
    const isConnected = connection.isConnected();
    await connection.disconnect();
    return isConnected;
  }

  it('stays open when the server closes its former socket late', async () => {
    expect(await isConnectedAfterLateEnd(createKafkaSocket)).toBe(true);
  });

  it("would be closed by it with kafkajs' own sockets, which is why they are not used", async () => {
    expect(await isConnectedAfterLateEnd(clientFactory())).toBe(false);
  });

  it('leaves no listener behind each time that it is closed', async () => {
    const { connection, sockets } = newConnection(createKafkaSocket);
    await connection.connect();
    const listeners = (): number | undefined => sockets[0]?.listenerCount('connect');
    const before = listeners();
    for (let i = 0; i < 5; i++) await connection.disconnect();
    expect([before, listeners()]).toEqual([0, 0]);
  });
});
