import { DAY_MS } from '@telltale/kernel';

/** Events of a turn: its root, two calls of a model, two of tools. */
const EVENTS_A_TURN = 5;
const TURNS_A_SESSION = 4;
const DAYS = 30;
/** Inserts of turns; those of events are one a day. */
const CHUNKS = 40;
const WORDS = 'my order has not arrived yet and i would like to know where it is please can you cancel the second one or send it to another address before friday thank you for your help with this refund'.split(' '); // prettier-ignore

const list = (values: readonly string[]): string => `[${values.map((value) => `'${value}'`).join(', ')}]`;
const text = (seed: string, words: number): string =>
  `arrayStringConcat(arrayMap(i -> ${list(WORDS)}[1 + cityHash64(${seed}, i) % ${WORDS.length}], range(${words})), ' ')`;
const hex = (value: string): string => `lower(hex(cityHash64(${value})))`;
const insert = (table: string, columns: Readonly<Record<string, string>>, from: string): string =>
  `INSERT INTO ${table} (${Object.keys(columns).join(', ')}) SELECT ${Object.values(columns).join(', ')} FROM ${from}`;

/** Turns `first` to `last`: of sessions that begin one after another over thirty days, two fifths of them of the tenant that asks. */
function turns(first: number, last: number, all: number, tenant: string, now: number): string {
  const sessions = Math.ceil(all / TURNS_A_SESSION);
  const from = now - DAYS * DAY_MS;
  const span = DAYS * DAY_MS - TURNS_A_SESSION * 60_000;
  const source = `(SELECT number AS t, intDiv(number, ${TURNS_A_SESSION}) AS s, cityHash64(number) AS h, cityHash64('session', s) AS hs,
    fromUnixTimestamp64Milli(toInt64(${from} + s / ${sessions} * ${span} + t % ${TURNS_A_SESSION} * 50000 + h % 10000), 'UTC') AS start, h % 20 = 0 AS failed
    FROM numbers(${first}, ${last - first}))`;
  return insert(
    'turns',
    {
      tenant: `if(hs % 10 < 4, '${tenant}', concat('tenant-', toString(hs % 10)))`,
      turn_id: 'lower(hex(MD5(toString(t))))',
      revision: String(EVENTS_A_TURN),
      trace_id: 'lower(hex(MD5(toString(t))))',
      session_id: `concat('s-', ${hex("'s', s")})`,
      user_id: `concat('u_', ${hex(`'u', hs % ${Math.ceil(sessions / 5)}`)})`,
      turn_number: `t % ${TURNS_A_SESSION} + 1`,
      name: "'turn'",
      ts: 'start',
      first_minute: 'toStartOfMinute(start)',
      received_at: 'start + INTERVAL 5 SECOND',
      expires_on: `toDate(start) + ${DAYS + 1}`,
      duration_ms: '500 + h % 5000',
      has_root: 'true',
      status: "if(failed, 'error', 'ok')",
      error_type: "if(failed, 'TimeoutError', '')",
      outcome: "if(failed, 'error', ['answered', 'answered', 'answered', 'abandoned', 'transferred'][1 + h % 5])",
      intent: "concat('intent ', toString(h % 30))",
      language: "'en'",
      request_hash: hex("'r', t % 50000"),
      request_simhash: hex("'m', t % 50000"),
      service_name: "concat('service-', toString(hs % 7))",
      agents: "['planner']",
      models: "[concat('model-', toString(hs % 5))]",
      providers: "['openai']",
      tools: "['search_orders', 'refund']",
      calls: "map('llm', 2, 'tool', 2)",
      errors: "if(failed, map('tool', 1), map())",
      usage_input_uncached: '800 + h % 900',
      usage_output: '50 + h % 200',
      cost_nano_usd: '1000000 + h % 10000000',
      self_time_ms: "map('llm chat', 400, 'tool search_orders', 100)",
      edges: "[('turn turn', 'llm chat', 2, 400, 0), ('llm chat', 'tool search_orders', 2, 100, 0)]",
      input_preview: text("'i', t", 25),
      output_preview: text("'o', t", 25),
    },
    source,
  );
}

/** A tenth of the turns was revised. */
const REVISED_TURNS =
  'INSERT INTO turns SELECT * REPLACE (revision + 1 AS revision) FROM turns WHERE cityHash64(turn_id) % 10 = 0';

/** A session is written again with each of its turns; of these revisions the first and the last are made. */
const sessions = (revision: number): string =>
  insert(
    'sessions',
    {
      tenant: 'tenant',
      session_id: 'session_id',
      revision: String(revision),
      user_id: 'any(user_id)',
      service_name: 'any(service_name)',
      started_at: 'min(ts)',
      ended_at: 'max(ts)',
      first_minute: 'min(first_minute)',
      expires_on: 'min(expires_on)',
      turns: 'toUInt32(count())',
      events: `count() * ${EVENTS_A_TURN}`,
      calls: "map('llm', 2 * count(), 'tool', 2 * count())",
      errors: "countIf(status = 'error')",
      failed_turns: "toUInt32(countIf(status = 'error'))",
      outcomes: "map('answered', toUInt32(count()))",
      intents: 'groupUniqArray(16)(intent)',
      models: 'any(models)',
      last_outcome: 'argMax(outcome, ts)',
      cost_nano_usd: 'sum(cost_nano_usd)',
      input_preview: 'argMin(input_preview, ts)',
      versions: "[if(cityHash64(session_id) % 2 = 0, '1.4.0', '1.5.0')]",
      feature_flags: "[if(cityHash64(any(user_id)) % 2 = 0, 'new_prompt=on', 'new_prompt=off')]",
      waiting_ms: 'sum(duration_ms)',
      longest_wait_ms: 'max(duration_ms)',
      friction: "0.4 * greatest(countIf(status = 'error') > 0, cityHash64(session_id) % 10 / 20)",
      friction_reasons: "map('error', 0.4)",
      friction_signs: "map('error', toUInt32(countIf(status = 'error')))",
      abandoned_because: "if(argMax(outcome, ts) = 'abandoned', 'no_answer', '')",
      path_intents: 'groupArray(intent)',
      path_outcomes: 'groupArray(outcome)',
      path_friction: 'arrayMap(i -> toUInt8(10 * i), range(count()))',
    },
    `turns WHERE revision = ${EVENTS_A_TURN} AND turn_number <= ${revision} GROUP BY tenant, session_id`,
  );

/** Events of the turns that expire on one day. */
const events = (expires: string): string =>
  insert(
    'events',
    {
      tenant: 'tenant',
      id: "concat(trace_id, '-', toString(k))",
      kind: 'event_kind',
      name: "['turn', 'chat', 'search_orders', 'chat', 'refund'][k + 1]",
      ts: 'ts + toIntervalMillisecond(k * 100)',
      received_at: 'received_at',
      expires_on: 'expires_on',
      duration_ms: 'duration_ms / (k + 1)',
      status: "if(k = 2, status, 'ok')",
      session_id: 'session_id',
      trace_id: 'trace_id',
      span_id: 'substring(hex(MD5(concat(trace_id, toString(k)))), 1, 16)',
      parent_span_id: "if(k = 0, '', substring(hex(MD5(concat(trace_id, '0'))), 1, 16))",
      service_name: 'service_name',
      user_id: 'user_id',
      provider: "if(event_kind = 'llm', 'openai', '')",
      request_model: "if(event_kind = 'llm', models[1], '')",
      response_model: "if(event_kind = 'llm', models[1], '')",
      usage_input_uncached: "if(event_kind = 'llm', usage_input_uncached, NULL)",
      usage_output: "if(event_kind = 'llm', usage_output, NULL)",
      cost_nano_usd: "if(event_kind = 'llm', intDiv(cost_nano_usd, 2), NULL)",
      tool_name: "if(event_kind = 'tool', ['search_orders', 'refund'][intDiv(k, 2)], '')",
      tool_arguments: `if(event_kind = 'tool', ${text('trace_id, k', 10)}, '')`,
      tool_result: `if(event_kind = 'tool', ${text("trace_id, k, 'r'", 40)}, '')`,
      input: `if(event_kind = 'tool', '', ${text("trace_id, k, 'i'", 80)})`,
      output: `if(event_kind = 'tool', '', ${text("trace_id, k, 'o'", 50)})`,
      sampling_weight: '1',
      ingest_format: "'native'",
    },
    `(SELECT *, k, ['turn', 'llm', 'tool', 'llm', 'tool'][k + 1] AS event_kind FROM turns ARRAY JOIN [0, 1, 2, 3, 4] AS k WHERE expires_on = '${expires}' AND revision = ${EVENTS_A_TURN})`,
  );

const SPEND = insert(
  'spend',
  {
    tenant: 'tenant',
    hour: 'toStartOfHour(ts)',
    service_name: 'service_name',
    provider: 'provider',
    model: 'response_model',
    kind: 'kind',
    backfill: 'false',
    calls: 'count()',
    unpriced_calls: '0',
    cost_nano_usd: 'sum(cost_nano_usd)',
    input_tokens: 'sum(usage_input_uncached)',
    output_tokens: 'sum(usage_output)',
  },
  "events WHERE kind = 'llm' GROUP BY tenant, toStartOfHour(ts), service_name, provider, response_model, kind",
);

/** A hundredth of the calls of models was priced again. */
const CORRECTIONS = insert(
  'cost_corrections',
  {
    tenant: 'tenant',
    id: "concat(id, '/new')",
    event_id: 'id',
    hour: 'toStartOfHour(ts)',
    ts: 'ts',
    service_name: 'service_name',
    provider: 'provider',
    model: 'response_model',
    kind: 'kind',
    name: 'name',
    backfill: 'false',
    cost_nano_usd_before: 'cost_nano_usd',
    cost_nano_usd_after: 'cost_nano_usd * 2',
    delta_nano_usd: 'cost_nano_usd',
    unpriced_calls_delta: '0',
    price_version_before: "'old'",
    price_version: "'new'",
    corrected_at: 'received_at',
  },
  "events WHERE kind = 'llm' AND cityHash64(id) % 100 = 0",
);

export const READ_TABLES = ['events', 'turns', 'sessions', 'spend', 'cost_corrections'] as const;

/** Statements that fill the tables with about `count` events of thirty days until `now`, their turns, sessions and spend. */
export function fillStatements(count: number, tenant: string, now: number): string[] {
  const all = Math.ceil(count / EVENTS_A_TURN);
  const bounds = Array.from({ length: CHUNKS + 1 }, (_, i) => Math.floor((i * all) / CHUNKS));
  const days = Array.from({ length: DAYS + 1 }, (_, i) => new Date(now + (i + 1) * DAY_MS).toISOString().slice(0, 10));
  return [
    ...bounds.slice(1).map((bound, i) => turns(bounds[i] ?? 0, bound, all, tenant, now)),
    sessions(1),
    sessions(TURNS_A_SESSION),
    ...days.map(events),
    REVISED_TURNS,
    SPEND,
    CORRECTIONS,
  ];
}
