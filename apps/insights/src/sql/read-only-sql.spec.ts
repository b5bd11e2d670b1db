import { checkReadOnlySql, isReadOnlySql } from './read-only-sql';
import { forTenant } from './tenant-sql';

const sqlOf = (text: string): string => {
  const verdict = checkReadOnlySql(text);
  return verdict.ok ? verdict.sql : `refused: ${verdict.problem}`;
};

describe('read-only guard', () => {
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
    'SELECT name FROM system.columns',
    'SHOW TABLES FROM telltale',
    'SHOW CREATE TABLE telltale.events',
    'DESCRIBE TABLE events',
    'DESCRIBE (SELECT 1)',
    'EXISTS telltale.events',
    'EXPLAIN indexes = 1 SELECT 1 FROM events',
    'SELECT `kind` FROM `events`',
    'SELECT "kind" FROM "telltale"."events"',
  ])('takes %s', (sql) => expect(checkReadOnlySql(sql)).toMatchObject({ ok: true }));

  it.each([
    '',
    '-- nothing',
    ';',
    'INSERT INTO events VALUES (1)',
    'DROP TABLE events',
    'ALTER TABLE events DELETE WHERE 1',
    'SYSTEM SHUTDOWN',
    'SET readonly = 0',
    'FROM events SELECT 1',
    'SELECT 1; DROP TABLE events',
    'SELECT 1;/* */;DROP TABLE events',
    "SELECT 'a\\'; DROP TABLE events; --",
    "SELECT 1 /* ' */; DROP TABLE events -- '",
    'SELECT 1 /* open',
    'SELECT `open',
    'SELECT ‘a’ FROM events',
    'SELECT\u00a01',
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
  ])('refuses %s', (sql) => expect(isReadOnlySql(sql)).toBe(false));

  it('says what is wrong and what to do', () => {
    expect(checkReadOnlySql('SELECT * FROM evnts')).toEqual({
      ok: false,
      problem: 'table evnts cannot be read',
      fix: expect.stringContaining('events'),
    });
  });

  it.each([
    ['SELECT count() FROM events;', 'SELECT count() FROM telltale.events'],
    ['SELECT events.kind FROM events, spend', 'SELECT events.kind FROM telltale.events, telltale.spend'],
    [
      'WITH spend AS (SELECT 1) SELECT * FROM spend, events -- ok',
      'WITH spend AS (SELECT 1) SELECT * FROM spend, telltale.events',
    ],
    ['DESC events', 'DESC telltale.events'],
  ])('writes table names of %s in full', (sql, full) => expect(sqlOf(sql)).toBe(full));

  it('keeps a tenant name inside its quotes', () => {
    const sql = forTenant('SELECT 1', "a' OR '1", { maxRows: 10, maxSeconds: 5 });
    expect(sql).toContain(String.raw`'telltale.events': 'tenant = \'a\\\' OR \\\'1\''`);
  });
});
