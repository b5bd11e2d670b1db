import { readdirSync } from 'node:fs';
import { migrationsFolder, readMigrations, renderSql } from './read-migrations';

const NAME = String.raw`telltale\.\w+`;
/** Every statement can be repeated after a crash within its file, and none removes a table, column or view that incoming rows need. */
const ALLOWED = [
  new RegExp(`^CREATE (TABLE|VIEW|MATERIALIZED VIEW) IF NOT EXISTS ${NAME}\\s`),
  new RegExp(`^CREATE OR REPLACE VIEW ${NAME}\\s`),
  new RegExp(
    `^ALTER TABLE ${NAME}\\s+(ADD (COLUMN|INDEX) IF NOT EXISTS|MODIFY (COLUMN|QUERY|SETTING|TTL|COMMENT)|COMMENT COLUMN)\\s`,
  ),
];
const REMOVES = /\b(DROP|DETACH|RENAME|EXCHANGE|TRUNCATE|DELETE|CLEAR)\b/i;

/** What is wrong with a statement, as a message for its author; null when it is right. */
function complaint(statement: string): string | null {
  if (/\b(DROP|DETACH)\s+(VIEW|TABLE)\b.*_mv\b/is.test(statement))
    return 'rows that arrive before the view is made again are lost: change it by ALTER TABLE … MODIFY QUERY';
  if (REMOVES.test(statement.replace(/'(?:[^'\\]|\\.)*'/g, "''"))) return 'a migration takes nothing away';
  if (!ALLOWED.some((form) => form.test(statement))) return 'this form is not among those that can be run twice';
  const partition = /^PARTITION BY (.*)$/m.exec(statement)?.[1];
  if (partition !== undefined && partition !== 'expires_on')
    return `PARTITION BY ${partition}: only expires_on is bounded, whatever rows a batch holds`;
  if (/_mv\b/.test(statement) && /\bnow\w*\(|\btoday\(|\brand\w*\(/i.test(statement))
    return 'a repeated insert would give other rows: take times from the rows';
  return null;
}

describe('migration files', () => {
  const files = readMigrations(migrationsFolder(), { kind: 'single' });

  it('are numbered without gaps', () => {
    const names = readdirSync(migrationsFolder()).sort();
    expect(names.map((name) => name.slice(0, 5))).toEqual(names.map((_, i) => `${String(i + 1).padStart(4, '0')}_`));
    expect(files.map(({ name }) => `${name}.sql`)).toEqual(names);
  });

  it.each(files.flatMap(({ name, statements }) => statements.map((statement) => [name, statement.slice(0, 80), statement])))(
    '%s: %s… is repeatable, loses no rows and bounds its partitions',
    (_name, _start, statement) => expect(complaint(statement)).toBeNull(),
  );

  it.each([
    ['DROP VIEW IF EXISTS telltale.events_core_mv', 'MODIFY QUERY'],
    ['DROP TABLE telltale.events_core_mv SYNC', 'MODIFY QUERY'],
    ['DETACH TABLE telltale.events_core_mv', 'MODIFY QUERY'],
    ['ALTER TABLE telltale.events DROP COLUMN input', 'takes nothing away'],
    ['TRUNCATE TABLE telltale.events', 'takes nothing away'],
    ['CREATE TABLE telltale.x (a Date) ENGINE = MergeTree ORDER BY a', 'run twice'],
    ['INSERT INTO telltale.x SELECT 1', 'run twice'],
    [
      'CREATE TABLE IF NOT EXISTS telltale.x (a Date)\nENGINE = MergeTree\nPARTITION BY toYYYYMM(a)\nORDER BY a',
      'only expires_on',
    ],
    [
      'CREATE MATERIALIZED VIEW IF NOT EXISTS telltale.x_mv TO telltale.x AS SELECT now() AS a FROM telltale.y',
      'repeated insert',
    ],
  ])('refuse %j', (statement, why) => expect(complaint(statement)).toContain(why));

  it('render for one server and for a cluster', () => {
    const sql = 'CREATE TABLE telltale.x @ON_CLUSTER (a UInt8) ENGINE = @ENGINE(ReplacingMergeTree, a) SETTINGS @DEDUP_WINDOW';
    expect(renderSql(sql, { kind: 'single' })).toMatchInlineSnapshot(
      `"CREATE TABLE telltale.x  (a UInt8) ENGINE = ReplacingMergeTree(a) SETTINGS non_replicated_deduplication_window = 10000"`,
    );
    expect(renderSql(sql, { kind: 'replicated', cluster: 'main' })).toMatchInlineSnapshot(
      `"CREATE TABLE telltale.x ON CLUSTER 'main' (a UInt8) ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}', a) SETTINGS replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 604800"`,
    );
    const rendered = readMigrations(migrationsFolder(), { kind: 'replicated', cluster: 'main' }).flatMap(
      (file) => file.statements,
    );
    for (const statement of rendered) expect(statement).toMatch(/ ON CLUSTER 'main'/);
    expect(rendered.join('\n')).not.toContain('@');
  });
});
