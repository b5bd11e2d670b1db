import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MATERIALIZED_TABLES, TABLES } from '@telltale/contracts';
import { createChdbRowStore } from '../clickhouse-row-store';
import { migrationsFolder, readMigrations } from './read-migrations';

const CLUSTER = { kind: 'replicated', cluster: 'main' } as const;
const STATEMENTS = readMigrations(migrationsFolder(), CLUSTER).flatMap(({ name, statements }) =>
  statements.map((statement) => [name, statement] as const),
);

/** The engine in this process reads `config.xml` where it starts. Its keeper for tests is in memory: tables can be made, and take no rows. */
const CONFIG = `<clickhouse>
  <users><default><password/><networks><ip>::/0</ip></networks><profile>default</profile><quota>default</quota></default></users>
  <profiles><default/></profiles><quotas><default/></quotas>
  <zookeeper><implementation>testkeeper</implementation></zookeeper>
  <macros><shard>01</shard><replica>one</replica></macros>
</clickhouse>`;
/** Ends itself: tables without a real keeper wait for it for ever. */
const RUN = `
const { Session } = require(process.argv[1]);
const session = new Session(process.argv[2]);
const answers = JSON.parse(require('node:fs').readFileSync(0, 'utf8')).map((sql) => {
  try { return session.query(sql, 'JSONEachRow'); } catch (error) { return 'failed: ' + error.message; }
});
require('node:fs').writeFileSync(process.argv[3], JSON.stringify(answers));
process.kill(process.pid, 'SIGKILL');
`;

/** What the engine answers to statements, with a keeper. */
async function withKeeper(statements: readonly string[]): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'telltale-keeper-'));
  const answers = join(folder, 'answers.json');
  writeFileSync(join(folder, 'config.xml'), CONFIG);
  try {
    await new Promise<void>((resolve) => {
      const args = ['-e', RUN, require.resolve('chdb'), join(folder, 'data'), answers];
      const child = execFile(process.execPath, args, { cwd: folder }, () => resolve());
      child.stdin?.end(JSON.stringify(statements));
    });
    return JSON.parse(readFileSync(answers, 'utf8')) as string[];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const rowsOf = (answer: string | undefined): Record<string, string>[] =>
  (answer ?? '').split('\n').flatMap((line) => (line ? [JSON.parse(line) as Record<string, string>] : []));

describe('migrations of a cluster', () => {
  const folder = mkdtempSync(join(tmpdir(), 'telltale-cluster-migrations-'));
  let store: ReturnType<typeof createChdbRowStore>;
  beforeAll(() => {
    store = createChdbRowStore({ path: folder });
  });
  afterAll(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(STATEMENTS.map(([name, sql]) => [name, sql.slice(0, 60).replace(/\s+/g, ' '), sql]))(
    '%s: %s… is read by the parser of the engine, with every node of the cluster',
    async (_name, _start, sql) => {
      const [row] = await store.query<{ sql: string }>('SELECT formatQuerySingleLine({sql:String}) AS sql', { sql });
      expect(row?.sql).toContain(' ON CLUSTER main');
      expect((await store.query(`EXPLAIN AST ${sql}`)).length).toBeGreaterThan(3);
    },
  );

  it('are executed with replicated engines: every statement, twice, but for ALTER and the queue of ON CLUSTER', async () => {
    const statements = STATEMENTS.map(([, sql]) => sql.replace(" ON CLUSTER 'main'", ''));
    const tables = `SELECT name, engine, engine_full FROM system.tables WHERE database = 'telltale' AND engine LIKE '%MergeTree' ORDER BY name`;
    const replicas = 'SELECT table, zookeeper_path, replica_name FROM system.replicas ORDER BY table';
    const answers = await withKeeper(['CREATE DATABASE telltale', ...statements, ...statements, tables, replicas]);
    const failed = answers.flatMap((answer, i) => (answer.startsWith('failed') ? [[[...statements, ...statements][i - 1]?.slice(0, 11), /\((\w+)\)$/.exec(answer.trim())?.[1]]] : [])); // prettier-ignore
    // A table that takes no rows is not altered either, and the engine says so once it has read the statement; one server does it in every other test.
    const altered = statements.filter((sql) => sql.startsWith('ALTER TABLE'));
    expect(failed).toEqual([...altered, ...altered].map(() => ['ALTER TABLE', 'TABLE_IS_READ_ONLY']));
    const made = rowsOf(answers.at(-2));
    expect(made.map(({ name }) => name)).toEqual(expect.arrayContaining([...TABLES, ...MATERIALIZED_TABLES]));
    expect(made.filter(({ engine }) => !engine?.startsWith('Replicated'))).toEqual([]);
    const inserted = made.filter(({ name = '' }) => TABLES.some((table) => table === name));
    expect(inserted.filter(({ engine_full: full }) => !full?.includes('replicated_deduplication_window = 10000'))).toEqual([]);
    expect(rowsOf(answers.at(-1)).map((row) => [row['zookeeper_path'], row['replica_name']])).toEqual(
      made.map(({ name }) => [`/clickhouse/tables/01/telltale/${name}`, 'one']),
    );
  }, 120_000);
});
