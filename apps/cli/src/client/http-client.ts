import { CliError } from '../terminal/errors';
import { eventsOf, type ServerEvent } from './server-events';

export type Answer = Readonly<Record<string, unknown>>;

/** Telltale over HTTP: everything commands do goes through here, so a remote one is asked like a local one. */
export interface Client {
  readonly url: string;
  get(path: string): Promise<Answer>;
  post(path: string, body: unknown): Promise<Answer>;
  delete(path: string): Promise<Answer>;
  query(sql: string): Promise<Record<string, unknown>[]>;
  /** Sends bytes to a door as they are, and answers what came back, whatever it is. */
  send(
    path: string,
    body: string | Uint8Array,
    contentType: string,
  ): Promise<{ readonly status: number; readonly retryAfterMs: number | null; readonly body: Answer }>;
  follow(path: string, signal: AbortSignal): AsyncGenerator<ServerEvent>;
  /** Resolves when everything sent so far can be queried, as far as that can be told from here. */
  settled(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

const objectOf = (value: unknown): Answer => (typeof value === 'object' && value !== null ? (value as Answer) : {});

function jsonOf(text: string): Answer {
  try {
    return objectOf(JSON.parse(text));
  } catch {
    return {};
  }
}

function failed(status: number, url: string, answer: Answer): CliError {
  const error = objectOf(answer['error']);
  const message = typeof error['message'] === 'string' ? error['message'] : `${url} answered ${status}`;
  if (status === 401) return new CliError(message, 'set TELLTALE_KEY, or TELLTALE_HOME to the folder that has the file api-key');
  if (status === 404 && answer['error'] === undefined)
    return new CliError(`${url} answered 404`, 'is it Telltale that answers there? see TELLTALE_URL');
  return new CliError(message, typeof error['fix'] === 'string' && !message.includes(error['fix']) ? error['fix'] : '');
}

export const retryAfterMs = (header: string | null): number | null => {
  const seconds = header === null ? NaN : Number(header);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : null;
};

export function createHttpClient(url: string, key: string, own: Pick<Client, 'settled' | 'close'>): Client {
  async function call(
    method: string,
    path: string,
    init: { body?: string | Uint8Array; headers?: Record<string, string>; signal?: AbortSignal } = {},
  ): Promise<Response> {
    try {
      return await fetch(`${url}${path}`, { method, ...init, headers: { authorization: `Bearer ${key}`, ...init.headers } });
    } catch (error) {
      if (init.signal?.aborted) throw error;
      throw new CliError(`${url} does not answer`, 'start it with: telltale up, or correct TELLTALE_URL');
    }
  }

  async function json(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await call(
      method,
      path,
      body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } },
    );
    const answer = jsonOf(await response.text());
    if (!response.ok) throw failed(response.status, `${method} ${url}${path}`, answer);
    return answer;
  }

  return {
    url,
    ...own,
    get: (path) => json('GET', path),
    post: (path, body) => json('POST', path, body),
    delete: (path) => json('DELETE', path),
    async query(sql) {
      const { rows } = await json('POST', '/api/query', { sql });
      return Array.isArray(rows) ? (rows as Record<string, unknown>[]) : [];
    },
    async send(path, body, contentType) {
      const response = await call('POST', path, { body, headers: { 'content-type': contentType } });
      return {
        status: response.status,
        retryAfterMs: retryAfterMs(response.headers.get('retry-after')),
        body: jsonOf(await response.text()),
      };
    },
    async *follow(path, signal) {
      const response = await call('GET', path, { signal });
      if (!response.ok || !response.body) throw failed(response.status, `${url}${path}`, jsonOf(await response.text()));
      yield* eventsOf(response.body);
    },
  };
}
