export { createChdbRowStore, createClickHouseRowStore, type ClickHouseOptions } from './clickhouse-row-store';
export { classify } from './error-class';
export { classifyQuery } from './query-error';
export { migrationsFolder, readMigrations, renderSql, type Migration, type Topology } from './migrations/read-migrations';
