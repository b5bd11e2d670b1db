import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { newTestCli, type Reply } from './test-cli.fixture';

describe('usage', () => {
  it.each([
    [[], 'Usage: telltale'],
    [['querry', 'SELECT 1'], 'Did you mean query?'],
    [['query', '--jsno', 'SELECT 1'], 'Did you mean --json?'],
    [['query'], "missing required argument 'sql'"],
    [['query', ' '], 'the statement is empty'],
    [['import', 'x.json'], "required option '--format <format>' not specified"],
    [['import', 'x.json', '--format', 'csv'], 'Allowed choices are openai-chat, ndjson, otlp-json, langfuse'],
    [['import', 'x.json', '--format', 'langfuse', '--service', ' '], '--service is empty'],
    [['import', 'x.json', '--format', 'ndjson', '--service', 'bot'], '--service is of no use with --format ndjson'],
    [['dlq', 'list', '--limit', '0'], 'give a whole number from 1 to 1000'],
    [['dlq', 'replay'], 'give ids, or --reason, or --all'],
    [['dlq', 'replay', '0-1', '--all'], 'give ids, or --reason, or --all'],
    [['dlq', 'lits'], 'Did you mean list?'],
    [['verbosity', 'set', '--content', 'loud', '--ttl', '1m'], 'Allowed choices are none, metadata, full'],
    [['verbosity', 'set', '--content', 'full'], "required option '--ttl <span>' not specified"],
    [['verbosity', 'set', '--keep', 'all', '--ttl', '1m'], 'give a number'],
    [['verbosity', 'set', '--content', 'full', '--ttl', 'soon'], 'give a number and a unit'],
    [
      ['verbosity', 'set', '--content', 'full', '--ttl', '48h'],
      '--ttl 48h is out of range\n  → give a span above 0, at most 24h',
    ],
    [['verbosity', 'set', '--content', 'full', '--ttl', '0s'], '--ttl 0s is out of range'],
    [['detector', 'maintenance', 'add', '--for', '400d'], 'give a span above 0, at most 365d'],
    [['detector', 'label', 'an1', '--as', 'odd'], 'Allowed choices are expected, false-positive, real'],
    [['detector', 'label', 'an1'], "required option '--as <label>' not specified"],
    [['detector', 'label', 'an1', '--as', 'real', '--for', 'long'], 'give a number and a unit'],
    [['detector', 'anomalies', '--limit', '0'], 'give a whole number from 1 to 1000'],
    [['detector', 'anomalies', 'lits'], 'too many arguments'],
    [['detector', 'maintenance', 'add'], "required option '--for <span>' not specified"],
    [['detector', 'maintenance', 'add', '--for', '2h', '--from', 'noon'], 'give ISO 8601'],
    [['detector', 'sensitivity', 'set'], 'give --false-positives-per-day, or --rate-multiplier'],
    [
      ['detector', 'sensitivity', 'set', '--false-positives-per-day', '2', '--rate-multiplier', '2'],
      'give --false-positives-per-day, or --rate-multiplier',
    ],
    [
      ['detector', 'sensitivity', 'set', '--false-positives-per-day', '2', '--metric', 'errors'],
      'leave out --metric and --service',
    ],
    [['detector', 'sensitivity', 'set', '--false-positives-per-day', 'few'], 'is not a number'],
    [['tail', '--kind', 'odd'], 'Allowed choices are turn'],
    [['size'], "required option '--events-per-second <n>' not specified"],
    [
      ['size', '--events-per-second', 'many'],
      '--events-per-second many is out of range\n  → give a whole number from 1 to 100000000',
    ],
    [['size', '--events-per-second', '0'], 'give a whole number from 1 to'],
    [['size', '--events-per-second', '10', '--series', '1.5'], '--series 1.5 is out of range'],
    [['up', '--port', 'x'], 'give a whole number from 0 to 65535'],
  ])('of %j is wrong: exit code 2 and what to do, nothing on stdout', async (args, said) => {
    const cli = await newTestCli(() => ({}));
    const { code, out, err } = await cli.run(...args);
    await cli.close();
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(said);
    expect(cli.heard).toEqual([]);
  });

  it.each([[['--help']], [['--version']], [['dlq', '--help']]])('of %j is right', async (args) => {
    const cli = await newTestCli(() => ({}));
    expect(await cli.run(...args)).toMatchObject({ code: 0, err: '' });
    await cli.close();
  });
});

describe('a program that is not part of this installation', () => {
  it('is named, with what to do', async () => {
    const cli = await newTestCli(() => ({}));
    const { code, out, err } = await cli.run('eval', 'privacy', '--data', '/x', '--json');
    await cli.close();
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain('this installation has no telltale eval');
  });
});

describe('commands', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'telltale-cli-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const fileOf = (name: string, content: string | Buffer): string => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };
  async function run(reply: Parameters<typeof newTestCli>[0], ...args: string[]) {
    const cli = await newTestCli(reply);
    const answer = await cli.run(...args);
    await cli.close();
    return { ...answer, heard: cli.heard };
  }

  it('query prints a row a line with --json, and a table without', async () => {
    const reply = (): Reply => ({ body: { rows: [{ kind: 'llm', n: 2 }, { kind: 'tool', n: 10 }] } }); // prettier-ignore
    const json = await run(reply, 'query', 'SELECT 1', '--json');
    expect(json).toMatchObject({ code: 0, out: '{"kind":"llm","n":2}\n{"kind":"tool","n":10}\n', err: '' });
    expect(json.heard).toMatchObject([{ method: 'POST', url: '/api/query', key: 'Bearer tt_test', body: '{"sql":"SELECT 1"}' }]);
    expect((await run(reply, 'query', 'SELECT 1')).out).toBe('kind   n\n────  ──\nllm    2\ntool  10\n');
  });

  it('query says when there would be more rows', async () => {
    const { err, out } = await run(() => ({ body: { rows: [{ n: 1 }], truncated: true } }), 'query', 'SELECT 1', '--json');
    expect([out, err]).toEqual(['{"n":1}\n', 'these are the first 1 rows only; ask for fewer with WHERE, GROUP BY or LIMIT\n']);
  });

  it.each([
    [400, { error: { code: 'invalid', message: 'sql: DROP does not only read' } }, 'DROP does not only read'],
    [401, { error: { code: 'unauthorized', message: 'unknown API key' } }, 'TELLTALE_KEY'],
    [404, {}, 'TELLTALE_URL'],
  ])('tells what an answer %i means', async (status, body, said) => {
    const { code, out, err } = await run(() => ({ status, body }), 'query', 'SELECT 1');
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain(said);
  });

  const settled = (url: string): Reply | null => {
    if (url.startsWith('/api/topics')) return { body: { topics: [{ lag: { enricher: 0 } }] } };
    if (url.startsWith('/api/dlq')) return { body: { total: 0, dead_letters: [] } };
    if (url.startsWith('/api/events/count'))
      return { body: { events: 3, items: 0, sessions: 1, turns: 1, llm: 1, tool: 1, tool_errors: 0, failed_scores: 0 } };
    return null;
  };

  it('import sends lines, has patience, and names the lines that were refused', async () => {
    const file = fileOf('events.ndjson.gz', gzipSync('{"a":1}\n\nnot json\n{"b":2}\n'));
    let requests = 0;
    const { code, out, err, heard } = await run(
      ({ url }) =>
        settled(url) ??
        (++requests === 1
          ? { status: 429, headers: { 'retry-after': '0' }, body: { error: { message: 'slower' } } }
          : { body: { accepted: 2, rejected: 1, errors: [{ index: 1, field: '', message: 'is not JSON' }] } }),
      'import', file, '--format', 'ndjson', '--json',
    ); // prettier-ignore
    expect([code, err]).toEqual([1, '']);
    expect(JSON.parse(out)).toMatchObject({
      accepted: 2,
      rejected: 1,
      rejections: ['line 3: is not JSON'],
      sessions: 1,
      turns: 1,
      tool_errors: 0,
    });
    const sent = heard.filter(({ url }) => url === '/v1/events');
    expect(sent).toHaveLength(2);
    expect(sent[1]).toMatchObject({ type: 'application/x-ndjson', body: '{"a":1}\nnot json\n{"b":2}' });
  });

  it('import puts conversations of a pretty array on a line each', async () => {
    const file = fileOf('chats.json', JSON.stringify([{ traj: [{ role: 'user' }] }, { traj: [] }], null, 2));
    const { heard, out } = await run(
      ({ url }) => settled(url) ?? { body: { accepted: 2, rejected: 0, errors: [] } },
      'import',
      file,
      '--format',
      'openai-chat',
    );
    expect(heard.find(({ method, url }) => method === 'POST' && url.startsWith('/v1/'))).toMatchObject({
      url: '/v1/conversations',
      body: '{ "traj": [ { "role": "user" } ] }\n{ "traj": [] }',
    });
    expect(out).toContain('tool errors');
  });

  it('import sends OTLP requests to the receiver of their signal', async () => {
    const file = fileOf('otlp.json', '{"resourceSpans":[]}\n{"resourceLogs":[]}\n');
    const { heard } = await run(({ url }) => settled(url) ?? {}, 'import', file, '--format', 'otlp-json', '--json');
    expect(heard.filter(({ url }) => url.startsWith('/v1/')).map(({ url, body }) => [url, body])).toEqual([['/v1/traces', '{"resourceSpans":[]}'], ['/v1/logs', '{"resourceLogs":[]}']]); // prettier-ignore
  });

  it('import goes on after a request that is refused whole', async () => {
    const file = fileOf('bad.ndjson', 'x\n');
    const body = {
      error: { code: 'invalid', message: 'nothing can be taken' },
      accepted: 0,
      rejected: 1,
      errors: [{ index: 0, field: 'ts', message: 'is missing' }],
    };
    const none = { body: { events: 0, items: 0, sessions: 0 } };
    const { code, err } = await run(
      ({ url }) => (url.startsWith('/api/events/count') ? none : settled(url)) ?? { status: 400, body },
      'import',
      file,
      '--format',
      'ndjson',
    );
    expect(code).toBe(1);
    expect(err).toContain('line 1: ts is missing');
  });

  it.each([
    ['nothing.json', 'cannot be read (ENOENT)'],
    ['', 'is not a file'],
  ])('import of %j says why it cannot', async (name, said) => {
    const { code, err } = await run(() => ({}), 'import', join(folder, name), '--format', 'ndjson');
    expect(code).toBe(1);
    expect(err).toContain(said);
  });

  it('import of an empty file, of other bytes, or of another format, says so', async () => {
    expect((await run(() => ({}), 'import', fileOf('empty', ''), '--format', 'ndjson')).err).toContain('holds nothing to import');
    expect(
      (await run(() => ({}), 'import', fileOf('bytes', Buffer.from([0xff, 0xfe, 0x00])), '--format', 'ndjson')).err,
    ).toContain('is not UTF-8');
    expect((await run(() => ({}), 'import', fileOf('chat.json', '[{"messages":[]}]'), '--format', 'otlp-json')).err).toContain(
      'choose the right --format',
    );
  });

  it('tail prints events and what was left out, and ends with the stream', async () => {
    const text =
      'event: event\ndata: {"ts":"2026-11-23T12:00:00.000Z","kind":"tool","status":"error","tool_name":"pay","service_name":"shop","duration_ms":12,"error_type":"Timeout","error_message":"x"}\n\nevent: skipped\ndata: {"count":3}\n\n';
    const { code, out, err, heard } = await run(() => ({ text }), 'tail', '--kind', 'tool', '--service', 'shop');
    expect([code, heard[0]?.url]).toEqual([0, '/api/tail?kind=tool&service=shop']);
    expect(out).toMatch(/^12:00:00\.000 {2}shop +tool +error +12 ms {2}pay {2}Timeout: x\n$/);
    expect(err).toContain('3 left out');
    expect((await run(() => ({ text }), 'tail', '--json')).out).toMatch(/^\{"ts":.*\}\n$/);
  });

  it('dlq replay sends what was chosen', async () => {
    const { heard, out } = await run(
      ({ url }) => (url === '/api/dlq/replay' ? { status: 202, body: { replayed: 2, skipped: 0 } } : (settled(url) ?? {})),
      'dlq',
      'replay',
      '0-1',
      '0-2',
    );
    expect(heard[0]?.body).toBe('{"ids":["0-1","0-2"]}');
    expect(out).toBe('2 replayed\n');
  });

  it('verbosity set asks with target and span', async () => {
    const { heard } = await run(
      () => ({ status: 202, body: { id: 'cmd-1', expires_at: 'later' } }),
      'verbosity',
      'set',
      '--content',
      'full',
      '--service',
      'shop',
      '--ttl',
      '30s',
      '--user',
      'ann@example.com',
    );
    expect(JSON.parse(heard[0]?.body ?? '')).toEqual({
      class: 'boost',
      set: { content: 'full' },
      target: {
        service_name: 'shop',
        user: { salt: expect.stringMatching(/^[0-9a-f]{32}$/), sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      },
      ttl_ms: 30_000,
      issued_by: 'cli',
    });
    expect(heard[0]?.body).not.toContain('ann');
  });

  it.each([
    [['detector', 'anomalies'], '/api/anomalies?since=24h&limit=100'],
    [['detector', 'anomalies', '--open', '--since', '7d'], '/api/anomalies?since=7d&limit=100&state=open'],
    [['detector', 'anomalies', '--limit', '5'], '/api/anomalies?since=24h&limit=5'],
  ])('%j lists anomalies', async (args, url) => {
    const body = { anomalies: [{ id: 'an1', state: 'open', kind: 'no_data', in_maintenance: true, parent_anomaly_id: 'an0', summary: 'silent', score: 9 }] }; // prettier-ignore
    const { heard, out } = await run(() => ({ body }), ...args);
    expect(heard).toMatchObject([{ method: 'GET', url }]);
    expect(out).toMatch(/in_maintenance +parent_anomaly_id +summary\n(.*\n)an1 .*no_data.*true.*an0 +silent\n$/);
    expect((await run(() => ({ body }), ...args, '--json')).out).toBe(`${JSON.stringify(body.anomalies[0])}\n`);
  });

  it.each([
    [
      ['detector', 'label', 'an/1', '--as', 'expected'],
      '/api/anomalies/an%2F1/label',
      { label: 'expected', for_ms: 604_800_000 },
    ],
    [['detector', 'maintenance', 'add', '--for', '2h'], '/api/detector/maintenance', { for_ms: 7_200_000 }],
    [
      [
        'detector',
        'maintenance',
        'add',
        '--service',
        'shop',
        '--from',
        '2026-11-24T02:00:00+01:00',
        '--for',
        '30m',
        '--reason',
        'move',
      ],
      '/api/detector/maintenance',
      { service_name: 'shop', from: '2026-11-24T01:00:00.000Z', for_ms: 1_800_000, reason: 'move' },
    ],
    [
      ['detector', 'sensitivity', 'set', '--false-positives-per-day', '2.5'],
      '/api/detector/sensitivity',
      { false_positives_per_day: 2.5 },
    ],
    [
      ['detector', 'sensitivity', 'set', '--metric', 'errors', '--service', 'shop', '--rate-multiplier', '0.1', '--for', '7d'],
      '/api/detector/sensitivity',
      { metric: 'errors', service_name: 'shop', rate_multiplier: 0.1, for_ms: 604_800_000 },
    ],
    [
      [
        'detector',
        'holidays',
        'add',
        '2026-12-25',
        '2026-12-26',
        '--name',
        'Christmas',
        '--service',
        'shop',
        '--utc-offset',
        '+01:00',
      ],
      '/api/detector/holidays',
      { dates: ['2026-12-25', '2026-12-26'], name: 'Christmas', service_name: 'shop', utc_offset: '+01:00' },
    ],
  ])('%j tells insights', async (args, url, body) => {
    const answer = { id: 'x-1', from: 'f', until: 'u', expires_at: 'later', dates: [] };
    const reply = ({ method }: { method: string }): Reply => (method === 'POST' ? { status: 202, body: answer } : {});
    const { heard, out, code } = await run(reply, ...args, '--json');
    expect(heard[0]).toMatchObject({ method: 'POST', url });
    expect(JSON.parse(heard[0]?.body ?? '')).toEqual({ ...body, issued_by: 'cli' });
    expect([code, JSON.parse(out)]).toEqual([0, answer]);
    expect((await run(reply, ...args)).out).toMatch(/until (u|later)\n$|x-1/);
  });

  it.each(['maintenance', 'sensitivity', 'holidays'])('%s list leaves out what is over, and end ends one', async (what) => {
    const rows = [
      { id: 'now', state: 'active', until_at: null, in_force: true },
      { id: 'to-come', state: 'active', until_at: '2999-01-01T00:00:00.000Z', in_force: false },
      { id: 'past', state: 'active', until_at: '2020-01-01T00:00:00.000Z', in_force: false },
      { id: 'taken-back', state: 'ended', until_at: null, in_force: false },
    ];
    const idsOf = (out: string): unknown[] => out.trim().split('\n').map((line) => (JSON.parse(line) as Reply & { id: string }).id); // prettier-ignore
    const reply = (): Reply => ({ body: { [what]: rows } });
    expect(idsOf((await run(reply, 'detector', what, 'list', '--json')).out)).toEqual(['now', 'to-come']);
    expect(idsOf((await run(reply, 'detector', what, 'list', '--all', '--json')).out)).toHaveLength(4);
    const { heard, out } = await run(({ method }) => (method === 'DELETE' ? { status: 202, body: { id: 'now' } } : {}), 'detector', what, 'end', 'now'); // prettier-ignore
    expect(heard[0]).toMatchObject({ method: 'DELETE', url: `/api/detector/${what}/now` });
    expect(out).toBe('requested to end now\n');
  });
});
