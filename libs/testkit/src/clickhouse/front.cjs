// The part of ClickHouse's HTTP interface that the official clients of Node and Go use, over the in-process engine, so that several processes
// can share one set of tables without a server. Arguments: data folder, port (0: any free port). Bodies may be gzip, not ClickHouse's own blocks.
'use strict';
const { mkdtempSync, rmSync, writeFileSync } = require('node:fs');
const { createServer } = require('node:http');
const { join } = require('node:path');
const { gunzipSync } = require('node:zlib');
const { Session } = require('chdb');
const { nativeFor } = require('./native-blocks.cjs');

const [folder, port] = process.argv.slice(2);
const session = new Session(folder);

const DEFAULT_FORMAT = 'TabSeparated';
const BINARY_INSERT = /\s+FORMAT\s+Native\s*$/i;
/** Query parameters of the interface that are not settings. */
const NO_SETTINGS = new Set(['query', 'query_id', 'database', 'default_format', 'session_id', 'role', 'wait_end_of_query', 'enable_http_compression', 'send_progress_in_http_headers', 'http_headers_progress_interval_ms', 'client_protocol_version', 'cancel_http_readonly_queries_on_client_close']); // prettier-ignore
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

/** The statement of a request. Binary rows are no text, so the engine reads them from a file; `done` takes it away. */
function statementOf(inUrl, body) {
  const nothing = () => undefined;
  if (inUrl === null) return { sql: body.toString(), done: nothing };
  if (body.length === 0) return { sql: inUrl, done: nothing };
  if (!BINARY_INSERT.test(inUrl)) return { sql: `${inUrl}\n${body.toString()}`, done: nothing };
  const home = mkdtempSync(join(folder, 'insert-'));
  const file = join(home, 'rows.native');
  writeFileSync(file, body);
  return {
    sql: inUrl.replace(BINARY_INSERT, ` FROM INFILE ${literal(file)} FORMAT Native`),
    done: () => rmSync(home, { recursive: true, force: true }),
  };
}

async function answer(request, response) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  let body = Buffer.concat(chunks);
  if (request.headers['content-encoding'] === 'gzip') body = gunzipSync(body);
  const url = new URL(request.url, 'http://front');
  if (url.pathname === '/ping') return void response.end('Ok.\n');
  const inUrl = url.searchParams.get('query');
  const format = url.searchParams.get('default_format') ?? DEFAULT_FORMAT;
  const comment = `${url.searchParams.get('log_comment') ?? ''} front#${(requests += 1)}`;
  killWhenGone(response, comment);
  const version = Number(url.searchParams.get('client_protocol_version') ?? 0);
  const { sql, done } = statementOf(inUrl, body);
  let opened;
  try {
    opened = await sessionFor(url, comment);
    const result = Buffer.from((await opened.session.queryAsync(sql, { format })).bytes());
    response.setHeader('x-clickhouse-summary', '{}');
    response.end(version > 0 && format === 'Native' ? nativeFor(version, result) : result);
  } catch (error) {
    const code = /Code: (\d+)/.exec(error.message)?.[1] ?? '0';
    response.statusCode = 500;
    response.setHeader('x-clickhouse-exception-code', code);
    response.end(error.message.startsWith('Code:') ? error.message : `Code: ${code}. DB::Exception: ${error.message}`);
  } finally {
    opened?.close();
    done();
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
