import { z } from 'zod';
import { EVENT_STATUSES, TURN_OUTCOMES } from './event';
import { turnWaste, type TurnWaste, wasteCall } from './waste';

const text = z.string().default('');
const isoTime = z.iso.datetime();
const count = z.number().int().nonnegative();
const tokens = count.nullable().default(null);
const texts = z.array(z.string()).default([]);
const counts = z.record(z.string(), count).default({});
const textMap = z.record(z.string(), z.string()).default({});

/** Calls from one operation to another inside a turn; both are `<kind> <name>`. */
export const turnEdge = z.object({
  caller: z.string(),
  callee: z.string(),
  calls: count,
  duration_ms: z.number().nonnegative().describe('Sum over the calls whose duration is known'),
  errors: count,
});
export type TurnEdge = z.infer<typeof turnEdge>;

/**
 * One user request and all work until its answer, folded from its events. Sent again with a higher revision when late events amend it;
 * of one turn the highest revision counts. Fields that are empty, zero or unknown are left out of the record. Key: session, else user,
 * else first request of the conversation, else trace. The row of table `turns` is the same JSON without `waste`.
 */
export const turnRecord = z.object({
  tenant: z.string(),
  turn_id: z.string().describe('The trace id; of a turn event without a trace its event id'),
  revision: count.describe('How many events it is made of; of one turn the highest counts'),
  trace_id: text,
  session_id: text.describe('As its producer says; empty where it says none: the sessions service then puts turns of a user, or of a conversation, together'),
  user_id: text.describe("Pseudonym, never the producer's value"),
  turn_number: count
    .nullable()
    .default(null)
    .describe('Which turn of its session: as the producer says, else how many messages of the user its first call of a model was given'),
  name: text.describe('Of its root, else of its first operation'),
  ts: isoTime.describe('When its first operation started; a revision may move it back, never forward'),
  first_minute: isoTime.describe('Minute of ts when it was first written; no revision changes it'),
  received_at: isoTime.describe('When the last of its events arrived'),
  expires_on: z.iso.date().describe('Day the row is dropped, fixed when it was first seen; the partition'),
  duration_ms: z.number().nonnegative().default(0).describe('Of its root; without one, from its first start to its last end'),
  has_root: z.boolean().default(false).describe('Whether the event of the turn itself, or the span without a parent, is among its events'),
  status: z.enum(EVENT_STATUSES).default('unset').describe('Of its root; unset without one'),
  error_type: text.describe('Of its root'),
  outcome: z.enum(TURN_OUTCOMES).default('unknown').describe('How it ended'),
  outcome_event_id: text.describe('The event that shows it; empty when the missing event is what shows it'),
  outcome_reason: text.describe('How that event shows it'),
  intent: text.describe('What the request wants: cancel order'),
  intent_matched_terms: texts.describe('The words that the intent was recognized by'),
  language: text.describe('ISO 639-1 code of the request, und when it cannot be determined'),
  cues: texts.describe('What its words show: correction, complaint, asks_for_person, thanks, farewell in the request; apology, says_it_failed in the answer'),
  request_hash: text.describe('Same request, same value'),
  request_simhash: text.describe('64 bits as hex that differ in few bits for nearly the same request'),
  conversation_hashes: texts.describe(
    'Keyed hashes of its first request, of the exchanges before this turn (empty: none) and of these with this turn; of turns that name neither session nor user only',
  ),
  service_name: text,
  service_version: text,
  release: text,
  deployment_environment: text,
  region: text,
  agents: texts.describe('Names of its agents (at most 16)'),
  models: texts.describe('Models that answered, else that were requested (at most 16)'),
  providers: texts.describe('At most 16'),
  tools: texts.describe('Tools that were called (at most 32)'),
  prompt_versions: texts.describe('Prompt templates, <name>@<version> (at most 16)'),
  feature_flags: textMap.describe('Flags in effect (at most 32)'),
  dimensions: textMap.describe('Values of the attributes that the tenant named as dimensions (at most 20)'),
  calls: counts.describe('Operations by kind; events of kind turn, log, feedback, evaluator and session are none'),
  errors: counts.describe('Failed operations and logs of severity error or fatal, by kind'),
  error_fingerprints: texts.describe('At most 16'),
  log_template_ids: texts.describe('Templates of its log lines (at most 32)'),
  first_failed_span_id: text.describe('The operation that failed first, by the end of its work'),
  retries: count.default(0).describe('Calls after a failed call of the same, and calls that say they are a later attempt'),
  repeated_call: text.describe('The call that was made most often with the same arguments, <kind> <name>; empty when none was repeated'),
  repeated_call_count: count.default(0).describe('How often that call was made'),
  usage_input_uncached: tokens,
  usage_cache_read: tokens,
  usage_cache_write: tokens,
  usage_output: tokens,
  usage_reasoning: tokens,
  usage_cache_write_1h: tokens,
  usage_input_audio: tokens,
  usage_input_image: tokens,
  usage_output_audio: tokens,
  usage_output_image: tokens,
  cost_nano_usd: z.number().int().nullable().default(null).describe('Sum of the known costs, nano-dollars; null when none is known'),
  unpriced_calls: count.default(0).describe('Calls that are paid for without a known cost'),
  max_context_tokens: tokens.describe('Most input tokens of one call'),
  cache_read_share: z.number().nullable().default(null).describe('Part of the input tokens read from a cache, 0 to 1'),
  time_to_first_token_ms: z
    .number()
    .nonnegative()
    .nullable()
    .default(null)
    .describe('From its start to the first token of the call that answered'),
  self_time_ms: z.record(z.string(), z.number()).default({}).describe('Time in operations but not in those they called, by <kind> <name>: the 8 greatest'),
  edges: z.array(turnEdge).default([]).describe('Who called whom: the 64 with the most calls'),
  directive_ids: texts.describe('Directives in force in any of its operations (at most 16)'),
  input_preview: text.describe('First 200 characters of the request, redacted'),
  output_preview: text.describe('First 200 characters of the answer, redacted'),
  sampling_weight: z.number().nonnegative().default(1).describe('How many turns this one represents; 0: others represent it'),
  backfill: z.boolean().default(false).describe('All of its events lay long before their arrival'),
  undetailed_events: count.default(0).describe('Events beyond the 1,000 that a turn keeps in detail: they count in calls, errors, tokens and cost only'),
  waste: turnWaste.default({}).describe('What it wasted, and what of it rules across turns need; not in the table'),
}); // prettier-ignore
export type TurnRecord = z.infer<typeof turnRecord>;
/** The row of table `turns`. */
export const turnRow = turnRecord.omit({ waste: true });

/**
 * One conversation, folded from its turns; at every change. Key: tenant/session. The row of table `sessions` is the same JSON. A session
 * without turns has become part of another one, `merged_into`.
 */
export const sessionRecord = z.object({
  tenant: z.string(),
  session_id: z.string(),
  revision: count.describe('Counts the times it was written; of one session and expires_on the highest counts'),
  derived: z.boolean().default(false).describe('No producer named it: turns of one service, each within 30 min of another, of one user or, where none is named, of one conversation by its messages'),
  trace_ids: texts.describe('Its turns, where they were recognized by their messages (the latest 200)'),
  merged_into: text.describe('Id of the session that its turns now belong to; empty while it has turns'),
  user_id: text,
  service_name: text,
  deployment_environment: text,
  started_at: isoTime.describe('Start of its first turn'),
  ended_at: isoTime.describe('End of its last turn'),
  first_minute: isoTime.describe('Minute of started_at when it was first written; no revision changes it'),
  expires_on: z.iso.date().describe('Day the row is dropped, fixed when it was first seen; the partition'),
  turns: count.default(0),
  events: count.default(0).describe('Events of its turns'),
  calls: counts.describe('Operations by kind'),
  errors: count.default(0).describe('Failed operations'),
  failed_turns: count.default(0).describe('Turns with status error'),
  outcomes: counts.describe('Turns by outcome'),
  intents: texts.describe('Intents of its turns (at most 16)'),
  languages: texts.describe('At most 4'),
  models: texts.describe('At most 16'),
  last_outcome: text.describe('Outcome of its last turn'),
  input_tokens: count.default(0),
  output_tokens: count.default(0),
  cost_nano_usd: z.number().int().nullable().default(null).describe('Sum of the known costs, nano-dollars; null when none is known'),
  unpriced_calls: count.default(0),
  retries: count.default(0),
  input_preview: text.describe('Of its first turn'),
  versions: texts.describe('Versions of the service (at most 16)'),
  prompt_versions: texts.describe('Prompt templates, <name>@<version> (at most 16)'),
  regions: texts.describe('At most 16'),
  feature_flags: texts.describe('Flags in effect, <name>=<value> (at most 64)'),
  dimensions: texts.describe('Values of the dimensions that the tenant named, <name>=<value> (at most 40)'),
  waiting_ms: z.number().nonnegative().default(0).describe('How long its answers took, together; 0 where nobody measured them'),
  longest_wait_ms: z.number().nonnegative().default(0).describe('How long the slowest answer took'),
  friction: z.number().min(0).max(1).nullable().default(null).describe('0: it went smoothly, 1: everything went wrong; null for a session that an earlier release began'),
  friction_reasons: z.record(z.string(), z.number()).default({}).describe('What each sign of friction adds to it'),
  friction_signs: counts.describe('How often each sign of friction was met'),
  abandoned_because: text.describe('Most likely reason why the user left unhelped, if nothing follows; empty where the last turn helped or handed over'),
  path_intents: texts.describe('Intents of its turns in order (the first 100)'),
  path_outcomes: texts.describe('Outcomes of its turns in order (the first 100); a goodbye that got no answer counts as unknown'),
  path_friction: z.array(count).default([]).describe('Friction after each of its turns, in percent (the first 100)'),
  sampling_weight: z.number().nonnegative().default(1).describe('Of its first turn'),
  backfill: z.boolean().default(false).describe('All of its turns are backfill'),
}); // prettier-ignore
export type SessionRecord = z.infer<typeof sessionRecord>;

/** What readers take a field for that is left out, by name. */
const defaultsOf = (schema: z.ZodObject): ReadonlyMap<string, unknown> =>
  new Map(
    Object.entries(schema.shape).flatMap(([name, field]) => {
      const absent = z.safeParse(field, undefined);
      return absent.success ? [[name, absent.data] as const] : [];
    }),
  );
function isEmpty(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  for (const _ in value) return false;
  return true;
}

function sparse(defaults: ReadonlyMap<string, unknown>, record: object): string {
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(record) as [string, unknown][])
    if (!defaults.has(name) || (value !== defaults.get(name) && !isEmpty(value))) kept[name] = value;
  return JSON.stringify(kept);
}
const TURN_DEFAULTS = defaultsOf(turnRecord);
const SESSION_DEFAULTS = defaultsOf(sessionRecord);

/** The row of a turn, without the fields that hold what columns take for absent ones, and its record, which has `waste` beside. */
export function turnRowAndRecord({ waste, ...turn }: TurnRecord): readonly [row: string, record: string] {
  const row = sparse(TURN_DEFAULTS, turn);
  return [row, isEmpty(waste) ? row : `${row.slice(0, -1)},"waste":${wasteJson(waste)}}`];
}

const CALL_DEFAULTS = defaultsOf(wasteCall);
export function wasteJson({ calls, ...others }: TurnWaste): string {
  const rest = JSON.stringify(others);
  if (!calls) return rest;
  return `{"calls":[${calls.map((call) => sparse(CALL_DEFAULTS, call)).join(',')}]${rest === '{}' ? '' : ','}${rest.slice(1)}`;
}
export const sessionJson = (session: SessionRecord): string => sparse(SESSION_DEFAULTS, session);
