import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { type JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import { messageOf } from '@telltale/kernel';
import { type Readable, type Writable } from 'node:stream';

interface Upstream {
  readonly url: string;
  readonly key: string;
}

interface BridgeOptions {
  readonly stdin: Readable;
  readonly stdout: Writable;
  /** Where messages go, asked for before each. What it rejects with is answered to the client. */
  readonly upstream: () => Promise<Upstream>;
  readonly signal: AbortSignal;
}

const UNREACHABLE = -32_000;
const idOf = (message: JSONRPCMessage): string | number | null =>
  'method' in message && 'id' in message ? (message.id ?? null) : null;

/** Hands messages of a client on stdin to the server over HTTP, and its answers back, until stdin ends or `signal` aborts. */
export async function bridgeStdio({ stdin, stdout, upstream, signal }: BridgeOptions): Promise<void> {
  const client = new StdioServerTransport(stdin, stdout);
  const servers = new Map<string, StreamableHTTPClientTransport>();
  const answers = (message: JSONRPCMessage): void => void client.send(message).catch(() => undefined);

  /** One connection at a time: where the address changes, the one before is let go. */
  async function serverFor(to: Upstream): Promise<StreamableHTTPClientTransport> {
    const name = JSON.stringify([to.url, to.key]);
    const known = servers.get(name);
    if (known) return known;
    const server = new StreamableHTTPClientTransport(new URL('/mcp', to.url), {
      requestInit: { headers: { authorization: `Bearer ${to.key}` } },
    });
    server.onmessage = answers;
    const before = [...servers.values()];
    servers.clear();
    servers.set(name, server);
    await Promise.all([server.start(), ...before.map((one) => one.close())]);
    return server;
  }

  async function handOn(message: JSONRPCMessage): Promise<void> {
    try {
      const server = await serverFor(await upstream());
      await server.send(message);
    } catch (error) {
      const id = idOf(message);
      if (id !== null) answers({ jsonrpc: '2.0', id, error: { code: UNREACHABLE, message: messageOf(error) } });
    }
  }

  client.onmessage = (message) => void handOn(message);
  await client.start();
  await new Promise<void>((resolve) => {
    const end = (): void => resolve();
    stdin.once('end', end).once('close', end);
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
  });
  await Promise.all([...servers.values()].map((server) => server.close()));
  await client.close();
}
