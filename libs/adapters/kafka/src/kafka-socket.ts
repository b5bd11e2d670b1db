import { type ISocketFactory } from 'kafkajs';
import { connect as connectTcp, isIP } from 'node:net';
import { connect as connectTls } from 'node:tls';

const KEEP_ALIVE_MS = 60_000;

/**
 * A socket that is closed at once when the client ends it, instead of when the broker has closed its side as well.
 *
 * kafkajs opens the next socket of a connection without letting go of the last one, whose events it still takes for those of the connection:
 * the end of the old socket, which a busy broker sends late, closes the new one, and what is sent then fails with "write after end". It ends
 * a socket only when every request was answered or has failed, so nothing is cut off.
 */
export const createKafkaSocket: ISocketFactory = ({ host, port, ssl, onConnect }) => {
  const socket = ssl
    ? connectTls({ host, port, ...(isIP(host) === 0 && { servername: host }), ...ssl }, onConnect)
    : connectTcp({ host, port }, onConnect);
  socket.setKeepAlive(true, KEEP_ALIVE_MS);
  socket.end = () => {
    // The client calls it as often as it closes the connection, and each time it would add a listener to a socket that is no more.
    socket.unref = () => socket;
    return socket.destroy();
  };
  return socket;
};
