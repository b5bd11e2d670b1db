import { createServer, type IncomingHttpHeaders } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server } from 'node:net';
import { readAllowedTargets } from '@telltale/adapter-notify';
import { type DeliveryReason, type DeliveryRequest, deliveryRequest } from '@telltale/contracts';
import { type Clock, isoTime } from '@telltale/kernel';
import { newTestSecrets } from '@telltale/settings/testing';
import { createDeliverer, type DelivererOptions } from './create-deliverer';

export const NOW = Date.parse('2026-03-02T12:30:00Z');

export const newTestDeliverer = (ports: readonly number[], change: Partial<DelivererOptions> = {}) => {
  const clock: Clock = { now: () => NOW, monotonic: () => 0, sleep: () => Promise.resolve() };
  return createDeliverer({
    rules: {
      allowed: readAllowedTargets('127.0.0.0/8', 'X'),
      allowPlainText: true,
      httpPorts: ports,
      smtpPorts: ports,
      timeoutMs: 10_000,
    },
    clock,
    secrets: newTestSecrets(),
    env: {},
    folder: undefined,
    ...change,
  });
};

export const newTestRequest = (
  value: object,
  alert: object = {},
  reason: DeliveryReason = 'firing',
  attempt = 1,
): DeliveryRequest =>
  deliveryRequest.parse({
    tenant: 'acme', id: 'd1', attempt, reason, receiver: 'ops', value, firing_since: isoTime(NOW - 60_000), requested_at: isoTime(NOW),
    alert: {
      tenant: 'acme', id: 'a1', incident_id: 'i1', status: reason === 'resolved' ? 'resolved' : 'firing', at: isoTime(NOW), title: 'shop: tool search is slow',
      summary: 'tool search took 4 s', severity: 'critical', service_name: 'shop', services: ['shop', 'bot'], kind: 'behavior', link: 'https://telltale.example.com/incidents/i1', ...alert,
    },
  }); // prettier-ignore

export interface HeardPost {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

const listen = (server: Server): Promise<number> =>
  new Promise((done) => server.listen(0, '127.0.0.1', () => done((server.address() as AddressInfo).port)));

/** Takes what is posted; answers as it is asked to. */
export async function newTestReceiver() {
  const heard: HeardPost[] = [];
  const answer: { status: number; headers: Record<string, string>; text: string } = { status: 202, headers: {}, text: 'ok' };
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (piece: string) => (text += piece));
    request.on('end', () => {
      heard.push({ path: request.url ?? '', headers: request.headers, text });
      response.writeHead(answer.status, answer.headers).end(answer.text);
    });
  });
  const port = await listen(server);
  return { heard, answer, port, url: `http://127.0.0.1:${port}`, close: () => void server.close() };
}

/** As much of SMTP as it takes to hear a mail. `refuse`: what it says to a recipient, or after the mail. */
export async function newTestMailServer(refuse: { readonly rcpt?: string; readonly data?: string; readonly auth?: string } = {}) {
  const commands: string[] = [];
  const mails: string[] = [];
  const server = createTcpServer((socket) => {
    let buffer = '';
    let isData = false;
    const say = (line: string): void => void socket.write(`${line}\r\n`);
    function take(line: string): void {
      commands.push(line);
      const verb = line.slice(0, 4).toUpperCase();
      if (verb === 'EHLO') return say('250-test\r\n250 AUTH PLAIN');
      if (verb === 'STAR') return say('502 not here');
      if (verb === 'AUTH') return say(refuse.auth ?? '235 ok');
      if (verb === 'RCPT') return say(refuse.rcpt ?? '250 ok');
      if (verb === 'QUIT') return void socket.end('221 bye\r\n');
      isData = verb === 'DATA';
      say(isData ? '354 go on' : '250 ok');
    }
    say('220 test ESMTP');
    socket.setEncoding('utf8').on('data', (piece: string) => {
      buffer += piece;
      for (;;) {
        const end = isData ? buffer.indexOf('\r\n.\r\n') : buffer.indexOf('\r\n');
        if (end < 0) return;
        const part = buffer.slice(0, end);
        buffer = buffer.slice(end + (isData ? 5 : 2));
        if (!isData) take(part);
        else {
          isData = false;
          mails.push(part);
          say(refuse.data ?? '250 taken');
        }
      }
    });
    socket.on('error', () => undefined);
  });
  const port = await listen(server);
  return { commands, mails, port, close: () => void server.close() };
}
