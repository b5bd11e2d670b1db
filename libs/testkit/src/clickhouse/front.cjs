// The part of ClickHouse's HTTP interface that the official client uses, over the in-process engine, so that several
// processes can share one set of tables where no server can be had. Arguments: data folder, port (0: the system chooses).
'use strict';
const { createServer } = require('node:http');
const { gunzipSync } = require('node:zlib');
const { Session } = require('chdb');

const [folder, port] = process.argv.slice(2);
const session = new Session(folder);

// Settings of single requests would stay on the one session; these are the only ones our client sends beside a statement.
const DEFAULT_FORMAT = 'TabSeparated';
const ESCAPES = { n: '\n', t: '\t', r: '\r', 0: '\0' };
/** Parameters travel escaped as in TSV; the engine's binder wants them plain. */
const unescape = (value) => value.replace(/\\(.)/gs, (_, c) => ESCAPES[c] ?? c);

async function answer(request, response) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  let body = Buffer.concat(chunks);
  if (request.headers['content-encoding'] === 'gzip') body = gunzipSync(body);
  const url = new URL(request.url, 'http://front');
  if (url.pathname === '/ping') return void response.end('Ok.\n');
  const inUrl = url.searchParams.get('query');
  const sql = inUrl === null ? body.toString() : body.length > 0 ? `${inUrl}\n${body.toString()}` : inUrl;
  const params = Object.fromEntries(
    [...url.searchParams].filter(([name]) => name.startsWith('param_')).map(([name, value]) => [name.slice(6), unescape(value)]),
  );
  const format = url.searchParams.get('default_format') ?? DEFAULT_FORMAT;
  try {
    const result =
      Object.keys(params).length > 0
        ? await session.queryBindAsync(sql, params, { format })
        : await session.queryAsync(sql, { format });
    response.setHeader('x-clickhouse-summary', '{}');
    response.end(Buffer.from(result.bytes()));
  } catch (error) {
    const code = /Code: (\d+)/.exec(error.message)?.[1] ?? '0';
    response.statusCode = 500;
    response.setHeader('x-clickhouse-exception-code', code);
    response.end(error.message.startsWith('Code:') ? error.message : `Code: ${code}. DB::Exception: ${error.message}`);
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
