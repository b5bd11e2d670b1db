import { connect, createServer, type Socket } from 'node:net';
import { type AddressInfo } from 'node:net';

/** A way to a server that a test can take away and give back, whoever owns the server. */
export async function startRelay(target: string) {
  const { protocol, username, password, hostname, port: targetPort } = new URL(target);
  const sockets = new Set<Socket>();
  const keep = (socket: Socket, other: Socket): void => {
    sockets.add(socket);
    socket
      .on('error', () => undefined)
      .on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
  };
  const server = createServer((incoming) => {
    const outgoing = connect(Number(targetPort), hostname);
    keep(incoming, outgoing);
    keep(outgoing, incoming);
    incoming.pipe(outgoing);
    outgoing.pipe(incoming);
  });
  const listen = (port: number): Promise<void> =>
    new Promise((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', () => resolve()));
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const login = username ? `${username}:${password}@` : '';
  /** Ends every connection and refuses new ones. */
  const cut = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  return { url: `${protocol}//${login}127.0.0.1:${port}`, cut, restore: () => listen(port), stop: cut };
}
