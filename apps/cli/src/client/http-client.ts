import { cellOf } from '@telltale/auth';
import { type ApiClient, type ApiRequest, createApiClient } from '@telltale/api-client';
import { isRecord } from '@telltale/kernel';
import { CliError, NotFoundError } from '../terminal/errors';
import { eventsOf, type ServerEvent } from './server-events';

export type Answer = Readonly<Record<string, unknown>>;

/** Telltale over HTTP: everything commands do goes through here, so a remote one is asked like a local one. */
export interface Client {
  /** Of insights, which answers everything but `send`. */
  readonly url: string;
  /** Its API key, for what asks by another protocol. */
  readonly key: string;
  /** Asks insights. */
  readonly api: ApiClient;
  /** Sends bytes to the gateway as they are, and answers what came back, whatever it is. */
  send(
    path: string,
    body: string | Uint8Array,
    contentType: string,
  ): Promise<{ readonly status: number; readonly retryAfterMs: number | null; readonly body: Answer }>;
  /** Records of a tail as they come, until the signal aborts. */
  follow(tail: ApiRequest, signal: AbortSignal): AsyncGenerator<ServerEvent>;
  /** The bytes of an answer that is a file, and its headers. */
  download(
    file: ApiRequest,
    signal: AbortSignal,
  ): Promise<{ readonly headers: Headers; readonly body: AsyncIterable<Uint8Array> }>;
  /**
   * Resolves with null when everything sent so far can be queried, as far as that can be seen from here, or when `signal` aborts. Where nothing
   * has moved for a minute it gives up, and says which records wait for which services.
   */
  settled(signal: AbortSignal): Promise<string | null>;
  close(): Promise<void>;
  /** The cell that its API key names; null where it names none. */
  readonly cell: string | null;
  /** The services run in this process, and end with the command. */
  readonly isTemporary?: true;
}

const objectOf = (value: unknown): Answer => (isRecord(value) ? value : {});

function jsonOf(text: string): Answer {
  try {
    return objectOf(JSON.parse(text));
  } catch {
    return {};
  }
}

/** The variable that names each of the two addresses a command uses. */
const VARIABLES = { insights: 'TELLTALE_URL', gateway: 'TELLTALE_GATEWAY_URL' } as const;
type Peer = keyof typeof VARIABLES;

/** Neither service answers 404 without an `error` of its own, so such an answer comes from somebody else. */
const isSomebodyElse = (status: number, answer: Answer): boolean => status === 404 && !isRecord(answer['error']);
const notThere = (peer: Peer, url: string): CliError =>
  new CliError(
    `${url} answered 404: it is not ${peer === 'gateway' ? 'the gateway' : 'insights'} that answers there`,
    `set ${VARIABLES[peer]} to the address of ${peer === 'gateway' ? 'the gateway' : 'insights'}`,
  );

function failed(status: number, url: string, answer: Answer): CliError {
  if (isSomebodyElse(status, answer)) return notThere('insights', url);
  const error = objectOf(answer['error']);
  const message = typeof error['message'] === 'string' ? error['message'] : `${url} answered ${status}`;
  if (status === 401) return new CliError(message, 'set TELLTALE_KEY, or TELLTALE_HOME to the folder that has the file api-key');
  const fix = typeof error['fix'] === 'string' && !message.includes(error['fix']) ? error['fix'] : '';
  return status === 404 ? new NotFoundError(message, fix) : new CliError(message, fix);
}

export const retryAfterMs = (header: string | null): number | null => {
  const seconds = header === null ? NaN : Number(header);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : null;
};

/** A client of insights at `url`, and of the gateway at the same address or one of its own. */
export function createHttpClient(
  url: string,
  key: string,
  own: Pick<Client, 'settled' | 'close' | 'isTemporary'>,
  gatewayUrl: string = url,
): Client {
  const urls = { insights: url, gateway: gatewayUrl };
  async function call(
    method: string,
    path: string,
    init: { body?: string | Uint8Array; headers?: Record<string, string>; signal?: AbortSignal } = {},
    peer: Peer = 'insights',
  ): Promise<Response> {
    try {
      return await fetch(`${urls[peer]}${path}`, {
        method,
        ...init,
        headers: { authorization: `Bearer ${key}`, ...init.headers },
      });
    } catch (error) {
      if (init.signal?.aborted) throw error;
      throw new CliError(`${urls[peer]} does not answer`, `start it with: telltale up, or correct ${VARIABLES[peer]}`);
    }
  }

  async function json({ method, path, body }: ApiRequest): Promise<Answer> {
    const response = await call(
      method,
      path,
      body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } },
    );
    const answer = jsonOf(await response.text());
    if (!response.ok) throw failed(response.status, `${method} ${url}${path}`, answer);
    return answer;
  }

  const api = createApiClient(json);
  return {
    url,
    key,
    ...own,
    cell: cellOf(key),
    api,
    async send(path, body, contentType) {
      const response = await call('POST', path, { body, headers: { 'content-type': contentType } }, 'gateway');
      const answer = jsonOf(await response.text());
      if (isSomebodyElse(response.status, answer)) throw notThere('gateway', `POST ${gatewayUrl}${path}`);
      return { status: response.status, retryAfterMs: retryAfterMs(response.headers.get('retry-after')), body: answer };
    },
    async *follow({ method, path }, signal) {
      const response = await call(method, path, { signal });
      if (!response.ok || !response.body) throw failed(response.status, `${url}${path}`, jsonOf(await response.text()));
      yield* eventsOf(response.body);
    },
    async download({ method, path }, signal) {
      const response = await call(method, path, { signal });
      if (!response.ok || !response.body) throw failed(response.status, `${url}${path}`, jsonOf(await response.text()));
      return { headers: response.headers, body: response.body };
    },
  };
}
