type Row = Readonly<Record<string, unknown>>;

const STORED_TIME = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?$/;
const isTimeColumn = (name: string): boolean =>
  ['ts', 'at', 'minute', 'hour', 'window_start', 'first_minute', 'period_start', 'period_end', 'event_time'].includes(name) ||
  /_(at|from|until)$/.test(name);

/** Times in the one form they have everywhere else. */
export const withIsoTimes = (row: Row): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      isTimeColumn(name) && typeof value === 'string' && STORED_TIME.test(value)
        ? new Date(`${value.replace(' ', 'T')}Z`).toISOString()
        : value,
    ]),
  );
