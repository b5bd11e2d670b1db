import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js';
import { isRecord } from '@telltale/kernel';
import { createMcpServer, type McpHost, type McpIdentity } from './mcp-server';

/** Messages of one caller that may be under way at a time. */
const MAX_UNDER_WAY = 32;
const SESSION_HEADER = 'mcp-session-id';
const MAX_SESSION_CHARS = 100;

type Headers_ = Readonly<Record<string, string | readonly string[] | undefined>>;

interface McpMessage {
  /** Names who sends it: whose calls it may cancel. */
  readonly caller: string;
  readonly headers: Headers_;
  /** The body as JSON. */
  readonly body: unknown;
  readonly host: McpHost;
  /** Aborts when the client goes away. */
  readonly signal: AbortSignal;
}

export interface McpHttp {
  /** The answer to one POST. */
  answer(message: McpMessage): Promise<Response>;
}

const refusal = (status: number, code: number, message: string): Response =>
  Response.json({ jsonrpc: '2.0', error: { code, message }, id: null }, { status });

const headersOf = (headers: Headers_): Headers =>
  new Headers(Object.entries(headers).flatMap(([name, value]): [string, string][] => (typeof value === 'string' ? [[name, value]] : []))); // prettier-ignore

const sessionOf = (headers: Headers_): string => String(headers[SESSION_HEADER] ?? '').slice(0, MAX_SESSION_CHARS);

/** Streamable HTTP without state between messages; `newId` makes ids that nobody guesses. */
export function createMcpHttp(identity: McpIdentity, newId: () => string): McpHttp {
  const underWay = new Map<string, Map<string, AbortController>>();

  /** Runs `work` so that its caller can cancel it under `id`. */
  async function cancellable(caller: string, id: string, work: (signal: AbortSignal) => Promise<Response>): Promise<Response> {
    const own = underWay.get(caller) ?? new Map<string, AbortController>();
    if (own.size >= MAX_UNDER_WAY)
      return refusal(
        429,
        -32_000,
        `${MAX_UNDER_WAY} calls of this API key are under way; wait until one has ended, and try again`,
      );
    const controller = new AbortController();
    underWay.set(caller, own.set(id, controller));
    try {
      return await work(controller.signal);
    } finally {
      if (own.get(id) === controller) own.delete(id);
      if (own.size === 0) underWay.delete(caller);
    }
  }

  async function served({ headers, body, host }: McpMessage, signal: AbortSignal): Promise<Response> {
    const server = createMcpServer(identity, host);
    const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true });
    const cancelled = new Promise<Response>((resolve) =>
      signal.addEventListener('abort', () => resolve(new Response(null, { status: 202 })), { once: true }),
    );
    await server.connect(transport);
    try {
      const request = new Request('http://localhost/mcp', { method: 'POST', headers: headersOf(headers) });
      return await Promise.race([transport.handleRequest(request, { parsedBody: body }), cancelled]);
    } finally {
      // Aborts what still runs for it.
      await server.close();
    }
  }

  return {
    async answer(message) {
      const { body, caller, headers, signal } = message;
      if (!isRecord(body))
        return refusal(400, -32_600, 'the body is not one JSON-RPC message; batches are not taken, send one object');
      const { method, id, params } = body;
      const nameOf = (request: unknown): string => JSON.stringify([sessionOf(headers), request]);
      if (method === 'notifications/cancelled' && isRecord(params)) {
        underWay.get(caller)?.get(nameOf(params['requestId']))?.abort();
        return new Response(null, { status: 202 });
      }
      // Without a session every client counts its calls from 0, so none can be told from another: it has a name of its own.
      const name = sessionOf(headers) === '' ? newId() : nameOf(id);
      const response = await cancellable(caller, name, (cancel) => served(message, AbortSignal.any([signal, cancel])));
      if (method === 'initialize' && response.ok) response.headers.set(SESSION_HEADER, newId());
      return response;
    },
  };
}
