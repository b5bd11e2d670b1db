export { createChdbRowStore, createClickHouseRowStore, type ClickHouseOptions } from './clickhouse-row-store';
export { classify, classifyQuery } from './error-class';
export { migrationsFolder, readMigrations, renderSql, type Migration, type Topology } from './migrations/read-migrations';
