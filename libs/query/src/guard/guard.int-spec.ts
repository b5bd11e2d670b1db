import { createChdbRowStore } from '@telltale/adapter-clickhouse';
import { type RowStore } from '@telltale/streaming';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAggregateAllowed, isFunctionAllowed } from './functions';
import { createGuard } from './guard';

describe('guard of people’s statements', () => {
  let folder: string;
  let rows: RowStore;
  let check: ReturnType<typeof createGuard>;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'telltale-guard-'));
    rows = createChdbRowStore({ path: folder });
    await rows.migrate('apply');
    check = createGuard(rows);
  }, 60_000);
  afterAll(async () => {
    await rows.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each([
    'SELECT 1',
    'select count() from events',
    '  -- how many\nSELECT count() FROM telltale.events;',
    'SELECT count() FROM events; -- done; really',
    "SELECT ';', '--', '/*', 'INSERT INTO x', '\\'; DROP TABLE y' FROM events",
    "SELECT 'it''s', $$ ; DROP $$ FROM events",
    'WITH slow AS (SELECT * FROM events WHERE duration_ms > 100) SELECT count() FROM slow',
    'WITH 5 AS n SELECT n, kind FROM events_core',
    '(SELECT 1) UNION ALL (SELECT 2)',
    'SELECT kind, count() FROM (SELECT kind FROM events UNION ALL SELECT kind FROM events_core) GROUP BY kind, 1 ORDER BY 2 DESC LIMIT 3',
    "SELECT e.kind FROM events AS e JOIN anomalies a ON e.service_name = a.metric, incidents AS i WHERE e.kind IN ('llm', 'tool')",
    "SELECT k FROM events ARRAY JOIN mapKeys(attributes) AS k, mapValues(attributes) AS v WHERE k = 'x'",
    'SELECT a.id FROM events a JOIN events b USING id, kind WHERE 1',
    'SELECT extract(day FROM ts), toStartOfHour(ts) FROM events',
    "SELECT format('{}', kind) AS format, 1 AS settings FROM events",
    'SELECT URLHash(name), file_name FROM (SELECT name, name AS file_name FROM events)',
    'SELECT number FROM numbers(10)',
    'SHOW TABLES FROM telltale',
    'SHOW CREATE TABLE telltale.events',
    'DESCRIBE TABLE events',
    'DESCRIBE (SELECT 1)',
    'EXISTS telltale.events',
    'SELECT * FROM ((SELECT 1 AS a) UNION ALL (SELECT 2))',
    'SELECT 1.5, 1e5, 1e-5, 0x1F, t.1.2 FROM (SELECT tuple(1, tuple(2)) AS t)',
    'WITH [1, 2] AS wanted SELECT 1 IN wanted, 2 IN (1, 2), 3 IN tuple(1, 2)',
    "SELECT count() FROM events WHERE session_id IN (SELECT session_id FROM events_core WHERE status = 'error') AND kind GLOBAL IN ('llm')",
    'WITH a AS (SELECT 1 AS x) SELECT * FROM (SELECT * FROM a) UNION ALL SELECT x FROM a WHERE x IN a',
    "SELECT tool_name, quantile(0.95)(duration_ms) AS p95 FROM events WHERE kind = 'tool' GROUP BY tool_name, kind ORDER BY p95 DESC, tool_name LIMIT 5, 10",
    "SELECT trim(BOTH 'x' FROM name), substring(name FROM 2) FROM events",
    'SELECT max(x) AS limit, 2 AS order FROM (SELECT 1 AS x)',
    'SELECT `kind` FROM `events`',
    "SELECT count() FROM events WHERE input ILIKE '%refund%' AND NOT name LIKE 'a%' AND position(input, 'x') > 0",
    "SELECT replaceAll(input, 'a', 'b'), hasAny(splitByChar(',', name), ['a', 'b']), hasAll([kind], ['x']) FROM events",
    'FROM events SELECT 1',
    'SELECT ‘a’ FROM events',
    'SELECT "kind" FROM "telltale"."events"',
  ])('takes %s', async (sql) => expect(await check(sql)).toMatchObject({ ok: true }));

  it.each([
    'EXPLAIN indexes = 1 SELECT 1 FROM events',
    'EXPLAIN ESTIMATE SELECT 1 FROM events',
    'EXPLAIN PIPELINE SELECT 1 FROM events',
    'SELECT name FROM system.columns',
    '',
    '-- nothing',
    ';',
    'INSERT INTO events VALUES (1)',
    'DROP TABLE events',
    'ALTER TABLE events DELETE WHERE 1',
    'SYSTEM SHUTDOWN',
    'SET readonly = 0',
    'SELECT 1; DROP TABLE events',
    'SELECT 1;/* */;DROP TABLE events',
    "SELECT 'a\\'; DROP TABLE events; --",
    "SELECT 1 /* ' */; DROP TABLE events -- '",
    'SELECT 1 /* open',
    'SELECT `open',
    'WITH x AS (SELECT 1) INSERT INTO events SELECT 1',
    "SELECT * FROM events INTO OUTFILE '/tmp/x'",
    "SELECT * FROM events INTO/**/OUTFILE '/tmp/x'",
    'SELECT * FROM events FORMAT Native',
    'SELECT * FROM events SETTINGS max_threads = 1',
    'SELECT * FROM (SELECT * FROM events SETTINGS additional_table_filters = {})',
    "SELECT * FROM file('/etc/passwd')",
    "SELECT * FROM `file`('/etc/passwd')",
    "SELECT * FROM FILE ('/etc/passwd')",
    "SELECT file('/etc/passwd')",
    "SELECT 1 IN (SELECT file('/etc/passwd'))",
    "SELECT * FROM '/etc/passwd'",
    'SELECT * FROM `/etc/passwd`',
    'SELECT * FROM "/etc/passwd"',
    "SELECT * FROM events, '/etc/passwd'",
    'SELECT * FROM events AS a, `/etc/passwd` AS b',
    'SELECT * FROM events JOIN `/etc/passwd` ON 1',
    'SELECT * FROM events a JOIN events b ON a.id = b.id, `/etc/passwd`',
    'SELECT 1 IN `/etc/passwd`',
    'WITH `/etc/passwd` AS (SELECT 1) SELECT * FROM `/etc/passwd`',
    "SELECT * FROM url('http://10.0.0.1/')",
    "SELECT * FROM urlCluster('c', 'http://x')",
    "SELECT 1 IN url('http://x', CSV, 'a Int')",
    "SELECT * FROM s3('https://b/x')",
    "SELECT * FROM s3Cluster('c', 'https://b/x')",
    "SELECT * FROM remote('other', telltale.events)",
    "SELECT * FROM remoteSecure('other', telltale.events)",
    "SELECT * FROM cluster('c', telltale.events)",
    "SELECT * FROM clusterAllReplicas('c', system.one)",
    "SELECT * FROM mysql('h', 'd', 't', 'u', 'p')",
    "SELECT * FROM postgresql('h', 'd', 't', 'u', 'p')",
    "SELECT * FROM executable('x.sh', TSV, 'a Int')",
    "SELECT * FROM hdfs('hdfs://x')",
    "SELECT * FROM azureBlobStorage('x')",
    "SELECT * FROM input('a Int')",
    "SELECT * FROM python('x')",
    "SELECT * FROM merge('telltale', '.*')",
    'SELECT * FROM loop(events)',
    'SELECT * FROM view(SELECT 1)',
    "SELECT dictGet('d', 'a', 1)",
    "SELECT hasColumnInTable('host', 'telltale', 'events', 'id')",
    'SELECT sleep(3)',
    'SELECT * FROM system.query_log',
    'SELECT * FROM system.processes',
    'SELECT * FROM `system`.`users`',
    'SELECT * FROM information_schema.tables',
    'SELECT * FROM other.events',
    'SELECT * FROM telltale.migrations',
    'SELECT * FROM {t:Identifier}',
    'SHOW PROCESSLIST',
    'SHOW GRANTS',
    'SHOW CREATE USER default',
    "DESCRIBE TABLE url('http://x')",
    'DESCRIBE `/etc/passwd`',
    'EXPLAIN AST ALTER TABLE events DELETE WHERE 1',
    'EXPLAIN INSERT INTO events SELECT 1',
    "(((SELECT * FROM file('x'))))",
    'KILL QUERY WHERE 1',
    'SELECT 1 $ 2',
    // Each of these the engine takes: an alias, a column or a parenthesis that hides a comma of FROM.
    "SELECT * FROM events AS limit, '/etc/passwd'",
    "SELECT * FROM events select, '/etc/passwd'",
    "SELECT * FROM events fetch, '/etc/passwd'",
    "SELECT * FROM events sample 1, '/etc/passwd'",
    "SELECT * FROM events final, '/etc/passwd'",
    "SELECT * FROM events a JOIN events b USING (id), '/etc/passwd'",
    "SELECT * FROM events a JOIN (SELECT 1 AS limit) b ON limit = 1, '/etc/passwd'",
    "SELECT * FROM events a JOIN (SELECT 1 AS where) b ON a.id = b.where AND where, '/etc/passwd'",
    'SELECT * FROM events AS array JOIN `/etc/passwd` ON 1',
    'SELECT * FROM (events JOIN `/etc/passwd` AS x ON 1)',
    "SELECT * FROM ((SELECT 1) AS a, '/etc/passwd')",
    'SELECT * FROM ((SELECT 1) AS a JOIN `/etc/passwd` AS b ON 1)',
    'SELECT * FROM (EXPLAIN SELECT 1)',
    'SELECT 1 UNION ALL FROM `/etc/passwd` SELECT 1',
    "SELECT trim(SELECT c1 FROM '/etc/passwd')",
    'SELECT * FROM LICENSE',
    'SELECT 1 IN system.users',
    "SELECT 1.5from'/etc/passwd'",
    "SELECT 1from'/etc/passwd'",
    'SELECT 1 as as SETTINGS max_threads = 1',
    'SELECT 1 SETTINGS use_uncompressed_cache',
    "SELECT 1 as as INTO OUTFILE '/tmp/x'",
    'SELECT 1 as as FORMAT Null',
    'SELECT 1 PARALLEL WITH SELECT 2',
    'SELECT * FROM default.`/etc/passwd`',
  ])('refuses %s', async (sql) => expect(await check(sql)).toMatchObject({ ok: false }));

  // Names that WITH defines elsewhere, or that may be columns, pass; where they are none, there is no table and no file of that name.
  it.each([
    'SELECT * FROM (WITH LICENSE AS (SELECT 1) SELECT * FROM LICENSE), LICENSE',
    'SELECT * FROM LICENSE UNION ALL (WITH LICENSE AS (SELECT 1) SELECT * FROM LICENSE)',
    'SELECT count() OVER LICENSE FROM events WINDOW LICENSE AS (PARTITION BY kind) UNION ALL SELECT * FROM LICENSE',
    'SELECT 1 IN LICENSE',
  ])('runs %s without opening the file of that name', async (sql) => {
    expect(existsSync('LICENSE')).toBe(true);
    const verdict = await check(sql);
    const answer = verdict.ok
      ? rows.query(verdict.sql, undefined, { tenant: 'a' })
      : Promise.reject(new Error(`refused: ${verdict.problem}`));
    await expect(answer).rejects.toThrow(/^refused|there is no such|code 4[0-9]/);
  });

  // Each of these the engine takes and the token guard of before let through, or an engine to come might.
  it.each(
    [
      'SHOW TABLES FROM telltale WHERE throwIf(1, assumeNotNull((SELECT concat(id, input) FROM telltale.events)))',
      'SHOW COLUMNS FROM events WHERE throwIf(1)',
      'SHOW TABLES FROM system',
      'SHOW TABLES LIMIT 1',
      "SELECT `fi\\x6ce`('/etc/passwd')",
      'SELECT `slee\\x70`(1)',
      "SELECT * FROM `ur\\x6c`('http://127.0.0.1:1/')",
      "SELECT * APPLY(file) FROM (SELECT '/etc/passwd' AS x)",
      "SELECT COLUMNS('x') APPLY file FROM (SELECT '/etc/passwd' AS x)",
      "SELECT * APPLY(x -> file(x)) FROM (SELECT '/etc/passwd' AS x)",
      "SELECT * REPLACE (file(x) AS x) FROM (SELECT '/etc/passwd' AS x)",
      "SELECT 'x' IN (`/path/f.csv`)",
      "SELECT in('x', `/path/f.csv`)",
      "SELECT notIn('x', `/path/f.csv`)",
      "SELECT globalIn('x', system.users)",
      "SELECT nullIn('x', system.users)",
      'SELECT arrayMap(x -> x IN system.users, [1])',
      "SELECT 1 = ANY (SELECT c1 FROM '/etc/passwd')",
      'WITH events_core_mv AS (SELECT 1) SELECT 1 UNION ALL SELECT id FROM events_core_mv',
      'WITH migrations AS (SELECT 1 AS x) SELECT x FROM migrations',
      'SELECT count() FROM events WHERE id IN events_core_mv',
      'SELECT count() FROM telltale.events_core_mv',
      "SELECT CAST(unhex('00'), 'AggregateFunction(uniq, String)')",
      "SELECT unhex('00')::AggregateFunction(uniq, String)",
      "SELECT CAST(unhex('00'), concat('Aggregate', 'Function(uniq, String)'))",
      "SELECT arrayReduce('aggThrow', [1])",
      "SELECT arrayReduce(concat('aggTh', 'row'), [1])",
      "SELECT getSetting('additional_table_filters')",
      'SELECT hostName(), version(), serverUUID(), tcpPort()',
      'SELECT throwIf(1, input) FROM events',
      "SELECT editDistance(repeat('a', 60000), repeat('b', 60000))",
      'SELECT * FROM numbers(10000000000000)',
      'SELECT * FROM numbers(toUInt64(pow(10, 13)))',
      'SELECT * FROM numbers(0, 10000000000000)',
      'SELECT * FROM system.numbers',
      'SELECT hasAny(range(300000), arrayMap(x -> x + 1, range(300000)))',
      'SELECT hasAll(groupArray(id), groupArray(span_id)) FROM events',
      "SELECT position(repeat('a', 1000000), concat(repeat('a', 500000), 'b'))",
      `SELECT count() FROM events WHERE input LIKE '%${'a'.repeat(300)}b%'`,
      "SELECT replaceAll(input, output, '') FROM events",
      'SELECT * FROM numbers_mt(10)',
      "SELECT * FROM values('a AggregateFunction(uniq, String)', '')",
      'SELECT 1 AS `a\\nFunction file`',
      'SELECT 1 AS `a (alias b)`',
      'SELECT * FROM `telltale.events`.x',
      'SELECT 1 SETTINGS max_memory_usage = 0',
      'SELECT 1 UNION ALL SELECT 2 SETTINGS additional_table_filters = {}',
      '(SELECT 1 SETTINGS max_threads = 8) UNION ALL (SELECT 2)',
      'SELECT * FROM events, (SELECT 1 SETTINGS max_threads = 8)',
      'EXPLAIN SELECT 1 SETTINGS max_threads = 1',
      "EXPLAIN SELECT file('/etc/passwd')",
      'EXPLAIN AST SELECT 1',
      "DESCRIBE (SELECT * FROM file('/etc/passwd'))",
      'DESCRIBE TABLE (SELECT 1) SETTINGS describe_compact_output = (1)',
      'SELECT {x:String}',
      'SELECT @@version',
      `SELECT ${'('.repeat(5_000)}1${')'.repeat(5_000)}`,
      `SELECT ${'-'.repeat(3_000)} 1`,
      `SELECT [${'['.repeat(2_000)}`,
      `SELECT '${'x'.repeat(70_000)}'`,
      `SELECT ${'1,'.repeat(20_000)}1`,
    ].map((sql) => [sql.slice(0, 120), sql]),
  )(
    'refuses %s',
    async (_, sql) => expect(await check(sql)).toMatchObject({ ok: false, problem: expect.stringMatching(/\w/) }),
    15_000,
  );

  it('says what is wrong and what to do', async () => {
    expect(await check('SELECT * FROM evnts')).toEqual({
      ok: false,
      problem: 'table evnts cannot be read',
      fix: expect.stringContaining('events'),
    });
    expect(await check('SELECT sleep(3)')).toMatchObject({ problem: 'the function sleep() cannot be used' });
    expect(await check('SELECT 1 FORM events')).toMatchObject({
      problem: expect.stringMatching(/syntax error in line 1, column 15, near: events/),
    });
  });

  it('runs what the engine made of the text, names decoded', async () => {
    expect(await check('select `ki\\x6ed` from /* x */ "ev\\x65nts"; -- y')).toEqual({
      ok: true,
      sql: 'SELECT kind FROM events',
      isSelect: true,
    });
  });

  it('decides every function of the engine: what is refused is here, and a new one is refused until somebody decides', async () => {
    const all = await rows.query<{ name: string; agg: number }>('SELECT name, is_aggregate AS agg FROM system.functions');
    const refused = all
      .filter(({ name, agg }) => !(agg ? isAggregateAllowed(name) : isFunctionAllowed(name)))
      .map(({ name }) => name);
    const REACHES_OUT =
      /^(file|filesystem\w*|sleep\w*|throwIf|dict\w+|joinGet\w*|region\w+|catboost\w+|ai[A-Z]\w+|AI[A-Z]\w+|getS\w+Setting\w*|getSetting\w*|getMacro|hostName|version|uptime|serverUUID|tcpPort|getServerPort|currentUser|hasColumnInTable|show\w+|zookeeper\w+|getClientHTTPHeader|demangle|addressTo\w+|logTrace|evalMLMethod|formatQuery\w*|__\w+|_CAST|generateSerialID|chdb|globalVariable|queryID|FQDN|getOSKernelVersion|aggThrow|flameGraph|buildId|transaction\w+|editDistance\w*|multi(Fuzzy)?Match\w+)$/;
    const reaching = all.map(({ name }) => name).filter((name) => REACHES_OUT.test(name));
    expect(reaching.length).toBeGreaterThan(90);
    expect(reaching.filter((name) => !refused.includes(name))).toEqual([]);
    // Names that differ in case only must be decided alike.
    const byName = new Map<string, boolean>();
    for (const { name } of all) {
      const isRefused = refused.includes(name);
      expect([name, byName.get(name.toLowerCase()) ?? isRefused]).toEqual([name, isRefused]);
      byName.set(name.toLowerCase(), isRefused);
    }
    // The list names nothing that the engine does not have, but for what its parser makes.
    expect(all.length - refused.length).toBeGreaterThan(1_200);
  });
});
