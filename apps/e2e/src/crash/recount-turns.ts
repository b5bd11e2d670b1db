/** Turns as they are counted from the events of the load, which all name a trace. The first event of kind turn is a turn's root. */
const COUNTED = `
  SELECT trace_id AS turn_id, argMinIf(session_id, (ts, id), kind = 'turn') AS session_id, count() AS events, countIf(kind != 'turn') AS calls,
    countIf(kind != 'turn' AND status = 'error') AS errors, sum(cost_nano_usd) AS cost, min(ts) AS started_at, argMinIf(status, (ts, id), kind = 'turn') AS root_status
  FROM telltale.events GROUP BY trace_id`;
const WRITTEN = `
  SELECT turn_id, argMax(session_id, revision) AS session_id, max(revision) AS events, arraySum(mapValues(argMax(calls, revision))) AS calls,
    arraySum(mapValues(argMax(errors, revision))) AS errors, argMax(cost_nano_usd, revision) AS cost, argMax(ts, revision) AS started_at, argMax(status, revision) AS root_status
  FROM telltale.turns GROUP BY turn_id`;
const SESSIONS = `
  SELECT session_id, argMax(turns, revision) AS turns, argMax(events, revision) AS events, argMax(errors, revision) AS errors, argMax(cost_nano_usd, revision) AS cost
  FROM telltale.sessions GROUP BY session_id HAVING turns > 0`;

/** `off`: rows that are in one of the two only; `events`: those that turns tell of. */
const difference = (counted: string, found: string, columns: string): string => `
  SELECT (SELECT count() FROM (SELECT ${columns}, sum(side) AS sides FROM (SELECT ${columns}, 1 AS side FROM (${counted}) UNION ALL SELECT ${columns}, -1 AS side FROM (${found}))
      GROUP BY ${columns} HAVING sides != 0)) AS off,
    (SELECT sum(events) FROM (${found})) AS events`;

const TURNS_OFF = difference(COUNTED, WRITTEN, 'turn_id, session_id, events, calls, errors, cost, started_at, root_status');
const SESSIONS_OFF = difference(
  `SELECT session_id, count() AS turns, sum(t.events) AS events, sum(t.errors) AS errors, sum(t.cost) AS cost FROM (${COUNTED}) AS t GROUP BY session_id`,
  SESSIONS,
  'session_id, turns, events, errors, cost',
);

/** Rows of turns and of sessions that a recount of all events does not have, or has otherwise; and how many events they are made of. */
export async function recountTurns(query: (sql: string) => Promise<readonly Readonly<Record<string, unknown>>[]>) {
  const recount = async (sql: string) => {
    const [found] = await query(sql);
    return { off: Number(found?.['off']), events: Number(found?.['events']) };
  };
  return { turns: await recount(TURNS_OFF), sessions: await recount(SESSIONS_OFF) };
}
