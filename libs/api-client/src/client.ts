import { type Operations, ROUTES, type Streams } from './generated/operations';

/** A request of insights, for whoever sends it. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** With the query string. */
  readonly path: string;
  /** To be sent as JSON; absent where there is none. */
  readonly body?: Readonly<Record<string, unknown>>;
}

/** Sends a request and answers the JSON of a success; throws what a failure is to its caller. Nobody waits for it once `signal` is aborted. */
export type Send = (request: ApiRequest, signal?: AbortSignal) => Promise<unknown>;

type Name = keyof Operations | keyof Streams;
type ParamsOf<N extends Name> = (Operations & Streams)[N]['params'];
/** A function for every operation; one without required parameters can be called with none. */
export type ApiClient = {
  readonly [N in keyof Operations]: Record<string, never> extends ParamsOf<N>
    ? (params?: ParamsOf<N>, signal?: AbortSignal) => Promise<Operations[N]['answer']>
    : (params: ParamsOf<N>, signal?: AbortSignal) => Promise<Operations[N]['answer']>;
};

/** The request of an operation: parameters named in its path go there, the others into the query string, or the body of a POST. */
export function requestOf<N extends Name>(name: N, params: ParamsOf<N>): ApiRequest {
  const { method, path } = ROUTES[name];
  const rest = new Map<string, unknown>(Object.entries(params).filter(([, value]) => value !== undefined));
  const filled = path.replace(/\{(\w+)\}/g, (_, field: string) => {
    const value = String(rest.get(field));
    rest.delete(field);
    return encodeURIComponent(value);
  });
  if (method === 'POST') return { method, path: filled, body: Object.fromEntries(rest) };
  const query = new URLSearchParams([...rest].map(([field, value]): [string, string] => [field, String(value)])).toString();
  return { method, path: query === '' ? filled : `${filled}?${query}` };
}

export function createApiClient(send: Send): ApiClient {
  const ask =
    (name: Name) =>
    (params: ParamsOf<Name> = {}, signal?: AbortSignal) =>
      send(requestOf(name, params), ...(signal ? [signal] : []));
  const names = Object.keys(ROUTES) as Name[];
  return Object.fromEntries(names.map((name) => [name, ask(name)])) as unknown as ApiClient;
}
