/** A row as the store answers it. */
export type Row = Readonly<Record<string, unknown>>;

/** A number of a row, 0 where it has none: integers beyond what JSON can hold come as text. */
export const numberOf = (row: Row | undefined, name: string): number => Number(row?.[name] ?? 0);
/** A text of a row, empty where it has none. */
export const textOf = (row: Row, name: string): string => String(row[name] ?? '');
