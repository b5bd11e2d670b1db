import { Agent as HttpAgent, request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { type Cancel, type Clock } from './clock';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface Call {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/** HTTP to the gateway. Its connections do not keep the process alive. */
export interface Transport {
  /** Rejects when there is no answer in time. */
  call(call: Call): Promise<Answer>;
  /** Gives what comes to `onData` until the stream ends, or says nothing for `silenceMs`. Resolves with the status. */
  stream(call: Omit<Call, 'timeoutMs' | 'body' | 'method'>, silenceMs: number, onData: (text: string) => void): Promise<Answer>;
  close(): void;
}

const MAX_ANSWER_BYTES = 8 * 1024 * 1024;

export function createTransport(url: string, apiKey: string, userAgent: string, clock: Clock): Transport {
  const isTls = url.startsWith('https:');
  const agent = isTls ? new HttpsAgent({ keepAlive: true, maxSockets: 4 }) : new HttpAgent({ keepAlive: true, maxSockets: 4 });
  const send = isTls ? httpsRequest : httpRequest;
  const streamAgent = isTls ? new HttpsAgent() : new HttpAgent();

  function open(call: Omit<Call, 'timeoutMs'>, on: typeof agent): ClientRequest {
    const request = send(`${url}${call.path}`, {
      method: call.method,
      agent: on,
      headers: {
        'user-agent': userAgent,
        ...(apiKey ? { authorization: `Bearer ${apiKey}` } : {}),
        ...(call.body ? { 'content-length': String(call.body.length) } : {}),
        ...call.headers,
      },
      ...(call.signal ? { signal: call.signal } : {}),
    });
    request.on('socket', (socket) => socket.unref());
    request.end(call.body);
    return request;
  }

  const answerOf = (response: IncomingMessage, body: string): Answer => ({
    status: response.statusCode ?? 0,
    headers: response.headers,
    body,
  });

  return {
    call: (call) =>
      new Promise((resolve, reject) => {
        let request: ClientRequest;
        try {
          request = open(call, agent);
        } catch (error) {
          reject(error as Error);
          return;
        }
        const cancel = clock.after(call.timeoutMs, () => request.destroy(new Error(`no answer in ${call.timeoutMs} ms`)));
        const fail = (error: Error): void => {
          cancel();
          reject(error);
        };
        request.on('error', fail);
        request.on('response', (response) => {
          const pieces: Buffer[] = [];
          let size = 0;
          response.on('data', (piece: Buffer) => {
            size += piece.length;
            if (size > MAX_ANSWER_BYTES) request.destroy(new Error(`the answer is over ${MAX_ANSWER_BYTES} bytes`));
            else pieces.push(piece);
          });
          response.on('error', fail);
          response.on('close', () => {
            if (response.complete) {
              cancel();
              resolve(answerOf(response, Buffer.concat(pieces).toString('utf8')));
            } else fail(new Error('the answer was cut off'));
          });
        });
      }),

    stream: (call, silenceMs, onData) =>
      new Promise((resolve, reject) => {
        let request: ClientRequest;
        try {
          request = open({ ...call, method: 'GET' }, streamAgent);
        } catch (error) {
          reject(error as Error);
          return;
        }
        let cancel: Cancel = () => undefined;
        const rearm = (): void => {
          cancel();
          cancel = clock.after(silenceMs, () => request.destroy(new Error(`nothing came in ${silenceMs} ms`)));
        };
        const fail = (error: Error): void => {
          cancel();
          reject(error);
        };
        rearm();
        request.on('error', fail);
        request.on('response', (response) => {
          const isStream = response.statusCode === 200;
          let refusal = '';
          response.setEncoding('utf8');
          response.on('data', (text: string) => {
            rearm();
            if (isStream) onData(text);
            else if (refusal.length < 4_096) refusal += text;
          });
          response.on('error', fail);
          response.on('close', () => {
            cancel();
            resolve(answerOf(response, refusal));
          });
        });
      }),

    close: () => {
      agent.destroy();
      streamAgent.destroy();
    },
  };
}

/** How long an answer asks to wait, in ms; null where it does not say. */
export function retryAfterMs({ headers }: Answer, now: number): number | null {
  const said = headers['retry-after'];
  if (typeof said !== 'string') return null;
  const seconds = Number(said);
  const ms = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(said) - now;
  return Number.isFinite(ms) ? Math.min(Math.max(0, ms), 300_000) : null;
}
