import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo } from 'node:net';
import { runCli } from './program';

export interface Heard {
  readonly method: string;
  readonly url: string;
  readonly key: string;
  readonly type: string;
  readonly body: string;
}

export interface Reply {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
  /** Sent as it is. */
  readonly text?: string;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return body;
}

/** What Telltale answers where the test says nothing: no topic lags, there are no rows, no events and no dead letters. */
const NOTHING: Readonly<Record<string, unknown>> = {
  '/api/topics': { topics: [] },
  '/api/query': { rows: [], truncated: false },
  '/api/events/count': { events: 0, items: 0, sessions: 0, turns: 0, llm: 0, tool: 0, tool_errors: 0, failed_scores: 0 },
  '/api/dlq': { total: 0, by_reason: {}, dead_letters: [] },
};
const nothingAt = ({ url }: Heard): unknown => NOTHING[url.split('?')[0] ?? ''] ?? {};

/** A command line against a Telltale that answers what the test says; `more` is set in its environment. */
export async function newTestCli(
  reply: (heard: Heard, nth: number) => Reply,
  more: Readonly<Record<string, string | undefined>> = {},
) {
  const heard: Heard[] = [];
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const one = {
        method: request.method ?? '',
        url: request.url ?? '',
        key: request.headers.authorization ?? '',
        type: request.headers['content-type'] ?? '',
        body,
      };
      heard.push(one);
      const { status = 200, headers = {}, body: answer = nothingAt(one), text } = reply(one, heard.length);
      response.writeHead(status, headers).end(text ?? JSON.stringify(answer));
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    heard,
    url,
    run: (...args: string[]) =>
      runAlone({ TELLTALE_URL: url, TELLTALE_KEY: 'tt_test', TELLTALE_HOME: '/nonexistent', ...more }, ...args),
    close: () => new Promise((done) => server.close(done)),
  };
}

/** The program as a process of its own would run it, in `env` and nothing else; nobody looks at a terminal. */
export async function runAlone(
  env: Readonly<Record<string, string>>,
  ...args: string[]
): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const exitBefore = process.exitCode;
  const code = await runCli(args, {
    out: (text) => (out += `${text}\n`),
    err: (text) => (err += text),
    isOutTty: false,
    isErrTty: false,
    columns: Infinity,
    env: { ...env },
    signal: new AbortController().signal,
  });
  process.exitCode = exitBefore;
  return { code, out, err };
}
