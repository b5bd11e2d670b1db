export { createChdbRowStore, createClickHouseRowStore, type ClickHouseOptions } from './clickhouse-row-store';
export { AccessRefused, applyQueryAccess, QUERY_USER } from './query-access';
export { inspectServer, type ServerFacts } from './inspect-server';
export { classify } from './error-class';
export { classifyQuery } from './query-error';
export { migrationsFolder, readMigrations, renderSql, type Migration, type Topology } from './migrations/read-migrations';
