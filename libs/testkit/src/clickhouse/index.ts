export { startClickHouse, type TestClickHouse } from './start-clickhouse';
