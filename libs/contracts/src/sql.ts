/** A text as a string literal of ClickHouse's SQL, quotes included. */
export const sqlString = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
