export { createChdbRowStore, createClickHouseRowStore, type ClickHouseOptions } from './clickhouse-row-store';
export { inspectServer, type ServerFacts } from './inspect-server';
export { classify } from './error-class';
export { classifyQuery } from './query-error';
export { migrationsFolder, readMigrations, renderSql, type Migration, type Topology } from './migrations/read-migrations';
