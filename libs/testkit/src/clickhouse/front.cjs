// The part of ClickHouse's HTTP interface that the official client uses, over the in-process engine, so that several processes can share
// one set of tables without a server. Arguments: data folder, port (0: any free port).
'use strict';
const { createServer } = require('node:http');
const { gunzipSync } = require('node:zlib');
const { Session } = require('chdb');

const [folder, port] = process.argv.slice(2);
const session = new Session(folder);

const DEFAULT_FORMAT = 'TabSeparated';
/** Query parameters of the interface that are not settings. */
const NO_SETTINGS = new Set(['query', 'query_id', 'database', 'default_format', 'session_id', 'role', 'wait_end_of_query', 'enable_http_compression', 'send_progress_in_http_headers', 'http_headers_progress_interval_ms', 'cancel_http_readonly_queries_on_client_close']); // prettier-ignore
const literal = (text) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

/** A session for one request with settings or parameters, as on a server; on the shared session they would remain. */
async function sessionFor(url, comment) {
  const settings = [...url.searchParams].filter(([name]) => !NO_SETTINGS.has(name));
  if (settings.length === 0) return { session, close: () => undefined };
  const own = new Session(folder);
  const last = settings.filter(([name]) => name === 'readonly');
  const all = [...settings.filter(([name]) => name !== 'readonly' && name !== 'log_comment'), ['log_comment', comment], ...last];
  const database = url.searchParams.get('database');
  await own.queryAsync(
    `${database ? `USE \`${database}\`; ` : ''}SET ${all.map(([name, value]) => `${name.startsWith('param_') ? name : `\`${name}\``} = ${literal(value)}`).join(', ')}`,
  );
  return { session: own, close: () => own.close() };
}

let requests = 0;
/** A client that disconnects cancels its query, like `cancel_http_readonly_queries_on_client_close`. */
function killWhenGone(response, comment) {
  response.once('close', () => {
    if (response.writableFinished) return;
    const killer = new Session(folder);
    killer
      .queryAsync(`KILL QUERY WHERE Settings['log_comment'] = ${literal(comment)} ASYNC`)
      .catch(() => undefined)
      .finally(() => killer.close());
  });
}

async function answer(request, response) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  let body = Buffer.concat(chunks);
  if (request.headers['content-encoding'] === 'gzip') body = gunzipSync(body);
  const url = new URL(request.url, 'http://front');
  if (url.pathname === '/ping') return void response.end('Ok.\n');
  const inUrl = url.searchParams.get('query');
  const sql = inUrl === null ? body.toString() : body.length > 0 ? `${inUrl}\n${body.toString()}` : inUrl;
  const format = url.searchParams.get('default_format') ?? DEFAULT_FORMAT;
  const comment = `${url.searchParams.get('log_comment') ?? ''} front#${(requests += 1)}`;
  killWhenGone(response, comment);
  let opened;
  try {
    opened = await sessionFor(url, comment);
    const result = await opened.session.queryAsync(sql, { format });
    response.setHeader('x-clickhouse-summary', '{}');
    response.end(Buffer.from(result.bytes()));
  } catch (error) {
    const code = /Code: (\d+)/.exec(error.message)?.[1] ?? '0';
    response.statusCode = 500;
    response.setHeader('x-clickhouse-exception-code', code);
    response.end(error.message.startsWith('Code:') ? error.message : `Code: ${code}. DB::Exception: ${error.message}`);
  } finally {
    opened?.close();
  }
}

const server = createServer((request, response) => {
  answer(request, response).catch((error) => {
    response.statusCode = 500;
    response.end(`Code: 0. DB::Exception: ${error.message}`);
  });
});
server.listen(Number(port ?? 0), '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`));
process.on('SIGTERM', () => {
  server.close(() => {
    session.close();
    process.exit(0);
  });
  server.closeAllConnections();
});
