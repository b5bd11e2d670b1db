import {
  INPUT_BUCKETS,
  tokensIn,
  type TurnOutcomeName,
  type TurnRecord,
  USAGE_BUCKETS,
  type UsageBucket,
} from '@telltale/contracts';
import { isoTime } from '@telltale/kernel';
import { isFailed, type Operation, speaksBefore } from './operation';
import { addToTotals, eventsIn, noTotals, type TurnState } from './turn-state';
import { bySpan, edgesIn, firstFailed, repeatedCalls, repeatsIn, selfTimes } from './work-in-turn';
import { beginningOf } from './words';

const MAX_NAMES = 16;
const MAX_TOOLS = 32;
const MAX_TEMPLATES = 32;
const MAX_FLAGS = 32;
const MAX_DIMENSIONS = 20;
const PREVIEW = 200;

/** What of a turn its events do not say by themselves. */
export interface AboutTurn {
  readonly tenant: string;
  readonly turnId: string;
  readonly traceId: string;
  /** Minute, ms since the epoch. */
  readonly firstMinute: number;
  readonly expiresOn: string;
  readonly outcome: TurnOutcomeName;
  readonly outcomeEventId: string;
  readonly outcomeReason: string;
  readonly intent: string;
  readonly intentMatchedTerms: readonly string[];
  readonly language: string;
  readonly cues: readonly string[];
  readonly requestHash: string;
  readonly requestSimhash: string;
}

type TextField = { [Field in keyof Operation]-?: NonNullable<Operation[Field]> extends string ? Field : never }[keyof Operation];
type MapField = 'flags' | 'dimensions';

/** What is said first, by the root or by what is inside it. */
const said = (operations: readonly Operation[], field: TextField): string =>
  operations.find((one) => one[field] !== undefined)?.[field] ?? '';
const namesOf = (operations: readonly Operation[], field: TextField, max = MAX_NAMES): string[] =>
  [...new Set(operations.flatMap((one) => one[field] ?? []))].sort().slice(0, max);

function mapOf(operations: readonly Operation[], field: MapField, max: number): Record<string, string> {
  const found = new Map<string, string>();
  for (const one of operations)
    for (const [name, value] of Object.entries(one[field] ?? {})) if (!found.has(name)) found.set(name, value);
  return Object.fromEntries([...found].sort(([a], [b]) => (a < b ? -1 : 1)).slice(0, max));
}

/** Counts in the order of USAGE_BUCKETS, by bucket. */
const byBucket = (counts: readonly (number | null)[]): Pick<TurnRecord, UsageBucket> =>
  Object.fromEntries(USAGE_BUCKETS.map((bucket, i) => [bucket, counts[i] ?? null])) as Pick<TurnRecord, UsageBucket>;

const endOf = ({ at, durationMs = 0 }: Operation): number => at + durationMs;

function firstTokenOf(inTime: readonly Operation[], start: number): number | null {
  const answering = inTime.filter(({ isAnswer }) => isAnswer).sort((a, b) => endOf(b) - endOf(a) || (a.id < b.id ? -1 : 1))[0];
  return answering?.firstTokenMs === undefined ? null : Math.max(0, answering.at + answering.firstTokenMs - start);
}

/**
 * The conversation that a turn continues: as the first call of a model has it that was given one, else the first of all; what was said in the
 * end is what the last of its calls with the same history says.
 */
function conversationOf(inTime: readonly Operation[]): string[] {
  const calls = inTime.filter(({ conversation, isDuplicate }) => conversation && !isDuplicate);
  const first = calls.find(({ conversation }) => conversation?.[1] !== '') ?? calls[0];
  const [root = '', before = ''] = first?.conversation ?? [];
  const same = calls.filter(({ conversation }) => conversation?.[0] === root && conversation[1] === before);
  const last = same.sort((a, b) => endOf(b) - endOf(a) || (a.id < b.id ? -1 : 1))[0];
  return [...(last?.conversation ?? [])];
}

/** When the first operation of a turn started, ms since the epoch. */
export const startOf = ({ detailed }: TurnState): number => Math.min(...[...detailed.values()].map(({ at }) => at));
/** When its last operation ended, ms since the epoch. */
export const finishOf = ({ detailed }: TurnState): number => Math.max(...[...detailed.values()].map(endOf));

/** The turn that its events make. Depends on the set of events alone, never on their order or their batches. */
export function turnOf(state: TurnState, about: AboutTurn): Omit<TurnRecord, 'waste'> {
  const operations = [...state.detailed.values()].sort(speaksBefore);
  const inTime = [...operations].sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
  const work = operations.filter(({ kind }) => kind !== 'log');
  const start = startOf(state);
  const root = operations[0]?.rootRank === undefined ? undefined : operations[0];
  const repeated = repeatedCalls(operations);
  const totals = state.totalsOfOthers.events > 0 ? structuredClone(state.totalsOfOthers) : noTotals();
  for (const operation of operations) addToTotals(totals, operation, repeated.get(operation));
  const contexts = operations.flatMap((one) =>
    one.usage && !repeated.has(one) ? (tokensIn(byBucket(one.usage), INPUT_BUCKETS) ?? []) : [],
  );
  const usage = byBucket(totals.usage);
  const input = tokensIn(usage, INPUT_BUCKETS);
  const [session, user] = [said(operations, 'session'), said(operations, 'user')];
  const repeats = repeatsIn(inTime.filter((one) => !repeated.has(one)));
  return {
    tenant: about.tenant,
    turn_id: about.turnId,
    revision: eventsIn(state),
    trace_id: about.traceId,
    session_id: session,
    user_id: user,
    turn_number: inTime.find(({ turnNumber, rootRank }) => turnNumber !== undefined && rootRank !== undefined)?.turnNumber ??
      inTime.find(({ turnNumber }) => turnNumber !== undefined)?.turnNumber ?? null,
    name: (work[0] ?? operations[0])?.name ?? '',
    ts: isoTime(start),
    first_minute: isoTime(about.firstMinute),
    received_at: operations.reduce((last, { receivedAt }) => (receivedAt > last ? receivedAt : last), ''),
    expires_on: about.expiresOn,
    duration_ms: root?.durationMs ?? Math.max(0, Math.round((Math.max(...work.map(endOf), start) - start) * 1_000) / 1_000),
    has_root: root !== undefined,
    status: root?.status ?? 'unset',
    error_type: root?.errorType ?? '',
    outcome: about.outcome,
    outcome_event_id: about.outcomeEventId,
    outcome_reason: about.outcomeReason,
    intent: about.intent,
    intent_matched_terms: [...about.intentMatchedTerms],
    language: about.language,
    cues: [...about.cues],
    request_hash: about.requestHash,
    request_simhash: about.requestSimhash,
    conversation_hashes: session === '' && user === '' ? conversationOf(inTime) : [],
    service_name: said(operations, 'service') || 'unknown_service',
    service_version: said(operations, 'version'),
    release: said(operations, 'release'),
    deployment_environment: said(operations, 'environment'),
    region: said(operations, 'region'),
    agents: namesOf(operations, 'agent'),
    models: namesOf(operations, 'model'),
    providers: namesOf(operations, 'provider'),
    tools: namesOf(operations, 'tool', MAX_TOOLS),
    prompt_versions: namesOf(operations, 'prompt'),
    feature_flags: mapOf(operations, 'flags', MAX_FLAGS),
    dimensions: mapOf(operations, 'dimensions', MAX_DIMENSIONS),
    calls: sorted(totals.calls),
    errors: sorted(totals.errors),
    error_fingerprints: namesOf(operations.filter(isFailed), 'errorFingerprint'),
    log_template_ids: namesOf(operations, 'templateId', MAX_TEMPLATES),
    first_failed_span_id: firstFailed(operations)?.spanId ?? '',
    retries: repeats.retries,
    repeated_call: repeats.call,
    repeated_call_count: repeats.count,
    ...usage,
    cost_nano_usd: totals.costNano,
    unpriced_calls: totals.unpriced,
    max_context_tokens: contexts.length > 0 ? Math.max(...contexts) : null,
    cache_read_share: input === null || input === 0 ? null : Math.round(((usage.usage_cache_read ?? 0) / input) * 1e6) / 1e6,
    time_to_first_token_ms: firstTokenOf(inTime, start),
    self_time_ms: selfTimes(operations),
    edges: edgesIn(operations, bySpan(operations)),
    directive_ids: [...new Set(operations.flatMap(({ directives }) => directives ?? []))].sort().slice(0, MAX_NAMES),
    input_preview: beginningOf(state.request?.value ?? '', PREVIEW),
    output_preview: beginningOf(state.answer?.value ?? '', PREVIEW),
    sampling_weight: operations[0]?.weight ?? 1,
    backfill: operations.every(({ isBackfill }) => isBackfill),
    undetailed_events: state.others.size,
  }; // prettier-ignore
}

const sorted = (counts: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)));
