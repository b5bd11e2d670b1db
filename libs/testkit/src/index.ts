export * from './clickhouse';
export * from './contracts';
export * from './kafka';
export * from './files';
export * from './wait';
export * from './data';
export * from './fakes';
export * from './free-port';
