import { endingOf, type Ending, type StoredEvent } from '@telltale/domain-explain';
import { type RowsOf } from '../define/definition';

/** Most events that a conversation is explained by, and characters of one value of them. */
const MAX_EVENTS = 2_000;
const MAX_VALUE = 32_000;
/** The first input of each turn holds the instructions, so more of it is read. */
const MAX_FIRST_INPUT = 120_000;
/** Of conversations that are only compared with. */
const MAX_OTHER_EVENTS = 6_000;
const MAX_OTHER_VALUE = 12_000;

const KINDS =
  "kind IN ('turn', 'llm', 'tool', 'mcp', 'retrieval', 'rerank', 'embedding', 'guardrail', 'agent', 'chain', 'evaluator', 'feedback', 'log')";
const PLAIN =
  'id, kind, name, ts, status, error_type, error_message, error_fingerprint, trace_id, session_id, span_id, tool_name, tool_call_id, requested_by_span_id, severity, score_label, score_value';

export interface ExplainedEvent extends StoredEvent {
  readonly session_id: string;
  readonly error_fingerprint: string;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const eventOf = (row: Readonly<Record<string, unknown>>): ExplainedEvent => ({
  id: text(row['id']), kind: text(row['kind']), name: text(row['name']), ts: text(row['ts']), status: text(row['status']), error_type: text(row['error_type']), error_message: text(row['error_message']),
  error_fingerprint: text(row['error_fingerprint']), trace_id: text(row['trace_id']), session_id: text(row['session_id']), span_id: text(row['span_id']), tool_name: text(row['tool_name']),
  tool_call_id: text(row['tool_call_id']), requested_by_span_id: text(row['requested_by_span_id']), severity: text(row['severity']), score_label: text(row['score_label']),
  score_value: row['score_value'] === null || row['score_value'] === undefined ? null : Number(row['score_value']),
  tool_arguments: text(row['tool_arguments']), tool_result: text(row['tool_result']), input: text(row['input']), output: text(row['output']), body: text(row['body']),
}); // prettier-ignore

/** A value that is longer is left out as a whole: half of it would be no JSON. */
const upTo = (column: string, most: number): string => `if(length(e.${column}) > ${most}, '', e.${column}) AS ${column}`;
const columns = (prefix: string): string =>
  PLAIN.split(', ')
    .map((name) => `${prefix}${name}`)
    .join(', ');

/** The events of one conversation in order of time, the first 2,000. `condition` may name `{id:String}`. */
export async function eventsToExplain(condition: string, id: string, rowsOf: RowsOf): Promise<{ readonly events: ExplainedEvent[]; readonly truncated: boolean }> {
  const values = ['tool_arguments', 'tool_result', 'output', 'body'].map((name) => upTo(name, MAX_VALUE)).join(', ');
  const input = `if(length(e.input) > if(row_number() OVER (PARTITION BY e.trace_id, e.kind ORDER BY e.ts, e.id) = 1, ${MAX_FIRST_INPUT}, ${MAX_VALUE}), '', e.input) AS input`;
  const rows = await rowsOf({
    sql: `SELECT ${columns('e.')}, ${values}, ${input} FROM telltale.events AS e WHERE tenant = {tenant:String} AND ${KINDS} AND (${condition}) ORDER BY ts, id LIMIT {limit:UInt32}`,
    params: { id, limit: MAX_EVENTS + 1 },
  });
  return { events: rows.slice(0, MAX_EVENTS).map(eventOf), truncated: rows.length > MAX_EVENTS };
} // prettier-ignore

/** Events of other conversations, by session and by trace, within a range of time: the first 6,000, without what is long. */
export async function eventsOfOthers(sessions: readonly string[], traces: readonly string[], range: { readonly since: number; readonly until: number }, rowsOf: RowsOf): Promise<ExplainedEvent[]> {
  const values = ['tool_arguments', 'tool_result', 'input', 'output'].map((name) => upTo(name, MAX_OTHER_VALUE)).join(', ');
  const ask = async (column: 'session_id' | 'trace_id', ids: readonly string[]): Promise<ExplainedEvent[]> => {
    if (ids.length === 0) return [];
    const rows = await rowsOf({
      sql: `SELECT ${columns('e.')}, ${values}, '' AS body FROM telltale.events AS e WHERE tenant = {tenant:String} AND kind IN ('turn', 'llm', 'tool', 'mcp', 'evaluator', 'feedback') AND ${column} IN {ids:Array(String)}
        AND ts >= fromUnixTimestamp64Milli({since:Int64}, 'UTC') AND ts < fromUnixTimestamp64Milli({until:Int64}, 'UTC') ORDER BY ts DESC, id LIMIT ${MAX_OTHER_EVENTS}`,
      params: { ids, ...range },
    });
    return rows.map(eventOf);
  };
  return [...(await ask('session_id', sessions)), ...(await ask('trace_id', traces))];
} // prettier-ignore

/** As people and evaluators judged it, else failed where what came last ended in an error. */
export function endingWith(events: readonly ExplainedEvent[], lastOutcome: string): Ending {
  const ending = endingOf(events);
  if (ending !== 'unknown') return ending;
  const turn = events.findLast(({ kind }) => kind === 'turn');
  return lastOutcome === 'error' || turn?.status === 'error' ? 'failed' : 'unknown';
}
