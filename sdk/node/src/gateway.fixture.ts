import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { createClient, type Client } from './client';
import { type Options } from './config';
import { type NativeEvent } from './event';

export type SentEvent = NativeEvent & { readonly attributes?: Record<string, unknown> };

interface TestAck {
  readonly set_hash: string;
  readonly status: string;
  readonly error: string;
  readonly directives: readonly { readonly id: string; readonly hits: number; readonly drops: number; readonly bytes: number }[];
  readonly suppressed: { readonly records: number; readonly bytes: number };
}

/** Answers as the gateway does, keeps what it is sent, and fails as it is reported. */
export interface TestGateway {
  readonly url: string;
  readonly events: SentEvent[];
  readonly acks: TestAck[];
  readonly requests: { readonly path: string; readonly headers: IncomingMessage['headers']; readonly bytes: number }[];
  /** Answers for the next requests of POST /v1/events: a status, or null to say nothing at all. */
  readonly nextAnswers: ({ readonly status: number; readonly headers?: Record<string, string>; readonly body?: string } | null)[];
  /** What GET /v1/control says of a stream; 200 unless set. */
  streamStatus: number;
  /** Sets the directives, and tells those who listen. */
  say(directives: readonly object[], more?: object): void;
  /** Ends all streams. */
  cut(): void;
  readonly streams: number;
  close(): Promise<void>;
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  const body = Buffer.concat(pieces);
  return request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
}

export async function newTestGateway(): Promise<TestGateway> {
  const streams = new Set<ServerResponse>();
  let answer = '';
  let hash = '';
  let version = 0;

  function setAnswer(directives: readonly object[], more: object): void {
    hash = `hash-${++version}`;
    answer = JSON.stringify({ now: new Date().toISOString(), set_hash: hash, directives, ...more });
  }
  setAnswer([], {});
  const sayTo = (stream: ServerResponse): void => void stream.write(`event: directives\nid: ${hash}\ndata: ${answer}\n\n`);

  function control(request: IncomingMessage, response: ServerResponse): void {
    if (request.url?.includes('stream=1')) {
      if (gateway.streamStatus !== 200) {
        response.writeHead(gateway.streamStatus, { 'content-type': 'application/json' }).end('{"error":{"code":"overloaded"}}');
        return;
      }
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      streams.add(response);
      response.on('close', () => streams.delete(response));
      sayTo(response);
      return;
    }
    if (request.headers['if-none-match'] === `"${hash}"`) response.writeHead(304, { etag: `"${hash}"` }).end();
    else response.writeHead(200, { etag: `"${hash}"` }).end(answer);
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request);
    const path = request.url ?? '';
    gateway.requests.push({ path, headers: request.headers, bytes: body.length });
    if (path.startsWith('/v1/control')) {
      control(request, response);
      return;
    }
    const lines = body.toString('utf8').split('\n').filter(Boolean);
    if (path === '/v1/acks') {
      gateway.acks.push(...lines.map((line) => JSON.parse(line) as TestAck));
      response.writeHead(200).end('{"accepted":1,"rejected":0}');
      return;
    }
    const next = gateway.nextAnswers.shift();
    if (next === null) return;
    const { status = 200, headers = {}, body: text = `{"accepted":${lines.length},"rejected":0}` } = next ?? {};
    if (status === 200) gateway.events.push(...lines.map((line) => JSON.parse(line) as SentEvent));
    response.writeHead(status, headers).end(text);
  }

  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const gateway: TestGateway = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    events: [],
    acks: [],
    requests: [],
    nextAnswers: [],
    streamStatus: 200,
    say(directives, more = {}) {
      setAnswer(directives, more);
      for (const stream of streams) sayTo(stream);
    },
    cut() {
      for (const stream of streams) stream.destroy();
    },
    get streams() {
      return streams.size;
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return gateway;
}

/** Waits until something holds, for at most 15 s. */
export async function eventually(holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 1_500 && !holds(); tries++) await wait(10);
  if (!holds()) throw new Error(`does not hold after 15 s: ${holds.toString()}`);
}

export interface TestSdk {
  readonly gateway: TestGateway;
  readonly client: Client;
  readonly messages: string[];
  /** What was sent once all is delivered. */
  sent(): Promise<readonly SentEvent[]>;
  /** Sets directives and waits until they are in force. */
  direct(...directives: readonly object[]): Promise<void>;
  close(): Promise<void>;
}

/** A client with a gateway of its own. */
export async function newTestSdk(options: Options = {}): Promise<TestSdk> {
  const gateway = await newTestGateway();
  const messages: string[] = [];
  const client = createClient(
    {
      url: gateway.url,
      apiKey: 'tt_test',
      service: 'shop',
      flushIntervalMs: 20,
      onMessage: (line) => messages.push(line),
      ...options,
    },
    {},
  );
  if (options.control !== false && !client.settings.disabled) await eventually(() => client.stats().directives !== '');
  return {
    gateway,
    client,
    messages,
    async sent() {
      await client.flush(3_000);
      return gateway.events;
    },
    async direct(...directives) {
      const before = client.stats().directives;
      gateway.say(directives);
      await eventually(() => client.stats().directives !== before);
    },
    async close() {
      await client.shutdown(500);
      await gateway.close();
    },
  };
}

/** A directive in force for an hour, as the gateway says it. */
export const newTestDirective = (fields: object = {}): object => ({
  id: 'd1',
  class: 'boost',
  priority: 0,
  version: 1,
  target: {},
  set: { min_severity: 'debug' },
  reason: 'a test',
  issued_by: 'test',
  issued_at: new Date().toISOString(),
  expires_at: new Date(Date.UTC(2100, 0, 1)).toISOString(),
  ...fields,
});
