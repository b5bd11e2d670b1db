import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { type FaultPlan, type KafkaFault } from './kafka-faults';
import {
  createFrameReader,
  redirect,
  replyCorrelationId,
  requestHeader,
  type KafkaApi,
  type RequestHeader,
} from './kafka-frames';

export interface KafkaProxy {
  /** Address for clients; the broker's responses name this address, too. */
  readonly brokers: string[];
  /** Sets the faults from now on; null for none. */
  use(plan: FaultPlan | null): void;
  /** Requests of an API so far. */
  requests(api: KafkaApi): number;
  /** Faults so far by kind. */
  readonly faults: ReadonlyMap<KafkaFault['kind'], number>;
  close(): Promise<void>;
}

interface Asked {
  readonly header: RequestHeader;
  readonly fault: KafkaFault | null;
}

/**
 * A proxy between clients and one broker that parses requests and responses, cuts connections and delays responses as planned. A delayed
 * request reaches the broker on its original connection, after the client has opened another one, as on a slow network.
 */
export async function startKafkaProxy(broker: string): Promise<KafkaProxy> {
  const [host = '', brokerPort = ''] = broker.split(':');
  const counts = new Map<KafkaApi, number>();
  const faults = new Map<KafkaFault['kind'], number>();
  const sockets = new Set<Socket>();
  const timers = new Set<NodeJS.Timeout>();
  let plan: FaultPlan | null = null;

  function planned(api: KafkaApi | null): KafkaFault | null {
    if (!api) return null;
    const nth = (counts.get(api) ?? 0) + 1;
    counts.set(api, nth);
    const fault = plan?.(api, nth) ?? null;
    if (fault) faults.set(fault.kind, (faults.get(fault.kind) ?? 0) + 1);
    return fault;
  }
  const later = (ms: number, work: () => void): void => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      work();
    }, ms);
    timers.add(timer);
  };
  function keep(socket: Socket): Socket {
    sockets.add(socket);
    socket.setNoDelay(true);
    // An error is followed by close, which is handled.
    return socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  }

  const server = createServer((client) => {
    const upstream = connect(Number(brokerPort), host);
    keep(client);
    keep(upstream);
    const asked = new Map<number, Asked>();
    /** The client has disconnected; a request must still reach the broker. */
    let orphaned = false;
    let replies = Promise.resolve();

    const onRequest = (frame: Buffer): void => {
      if (client.destroyed) return;
      const header = requestHeader(frame);
      const fault = planned(header.api);
      asked.set(header.correlationId, { header, fault });
      if (fault?.kind === 'request_lost') return void client.destroy();
      if (fault?.kind !== 'request_late') return void upstream.write(frame);
      orphaned = true;
      const copy = Buffer.from(frame);
      later(fault.ms, () => upstream.write(copy));
      client.destroy();
    };
    const onReply = (frame: Buffer): void => {
      const { header, fault } = asked.get(replyCorrelationId(frame)) ?? { header: null, fault: null };
      if (fault?.kind === 'request_late') return void upstream.destroy();
      if (fault?.kind === 'reply_lost') return void client.destroy();
      const reply = Buffer.from(frame);
      if (header) redirect(reply, header, address.port);
      const ms = fault?.kind === 'reply_late' ? fault.ms : 0;
      replies = replies
        .then(() => (ms > 0 ? new Promise<void>((resolve) => later(ms, resolve)) : undefined))
        .then(() => void (client.destroyed || client.write(reply)));
    };
    client.on('data', createFrameReader(onRequest)).on('close', () => orphaned || upstream.end());
    upstream.on('data', createFrameReader(onReply)).on('close', () => client.destroy());
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const address = server.address() as AddressInfo;

  return {
    brokers: [`127.0.0.1:${address.port}`],
    use: (next) => void (plan = next),
    requests: (api) => counts.get(api) ?? 0,
    faults,
    async close() {
      for (const timer of timers) clearTimeout(timer);
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
