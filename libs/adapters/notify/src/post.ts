import { type LookupFunction, isIP } from 'node:net';
import { request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { checkPlainText, checkPort, type DeliveryRules, refused } from './delivery-rules';
import { resolveTarget, type ResolveName } from './resolve-target';

/** More of an answer is not read. */
const MAX_ANSWER_BYTES = 64 * 1024;
const MAX_HEADER_BYTES = 16 * 1024;

export interface Posting {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface PostAnswer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  /** Begin of the answer; empty where it may be one of our own network. */
  readonly text: string;
}

/** Answers what was checked, whatever is asked: the name is not resolved a second time. */
const pinned =
  (addresses: readonly string[]): LookupFunction =>
  (_host, options, done) => {
    const all = addresses.map((address) => ({ address, family: isIP(address) }));
    if (options.all) return done(null, all);
    const [first] = all;
    done(null, first?.address ?? '', first?.family ?? 4);
  };

/**
 * One POST to an address that was checked, without following redirects, within a time and a number of bytes. PermanentError('rejected')
 * where the rules refuse it; other errors are those of the network.
 */
export async function post(posting: Posting, rules: DeliveryRules, resolve: ResolveName): Promise<PostAnswer> {
  const url = new URL(posting.url);
  const isTls = url.protocol === 'https:';
  if (!isTls && url.protocol !== 'http:') throw refused('its address begins with neither https nor http');
  checkPlainText(!isTls, rules, 'http');
  const port = Number(url.port) || (isTls ? 443 : 80);
  checkPort(port, rules.httpPorts, 'SENDER_HTTP_PORTS');
  // For all of it together: resolving, connecting, sending and the answer.
  const signal = AbortSignal.timeout(rules.timeoutMs);
  const resolved = resolveTarget(url.hostname, rules.allowed, resolve);
  const { host, addresses, isOwn } = await withSignal(resolved, signal);
  const body = Buffer.from(posting.body);

  return new Promise((done, fail) => {
    const request = (isTls ? tlsRequest : plainRequest)(
      {
        host,
        port,
        path: url.pathname + url.search,
        method: 'POST',
        headers: { ...posting.headers, host: url.host, 'user-agent': 'telltale', 'content-length': body.length },
        agent: false,
        lookup: pinned(addresses),
        ...(isTls && !isIP(host) && { servername: host }),
        maxHeaderSize: MAX_HEADER_BYTES,
        signal,
      },
      (response) => {
        const pieces: Buffer[] = [];
        let bytes = 0;
        const answer = (): void => {
          const text = isOwn ? '' : Buffer.concat(pieces).toString('utf8');
          done({ status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'], text });
        };
        response.on('data', (piece: Buffer) => {
          pieces.push(piece);
          bytes += piece.length;
          if (bytes < MAX_ANSWER_BYTES) return;
          answer();
          request.destroy();
        });
        response.on('end', answer);
        response.on('error', fail);
      },
    );
    request.on('error', fail);
    request.end(body);
  });
}

/** The promise, or the reason of the signal where that comes first. */
export function withSignal<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
