import {
  attributesOf,
  DUPLICATE_OF,
  type EventRecord,
  promptVersionOf,
  responseIdIn,
  sampleBlocks,
  SCOPE_NAME,
  USAGE_BUCKETS,
} from '@telltale/contracts';
import { hashId } from '@telltale/kernel';
import { DIMENSION_PREFIX, type TurnEvent } from './turn-event';
import { lastWords, userMessagesIn } from './words';

/** What an event of each of these kinds says is about a turn or a session, and no part of the work. */
const ABOUT_TURNS: ReadonlySet<EventRecord['kind']> = new Set(['feedback', 'evaluator', 'session']);
const NO_CALLS: ReadonlySet<EventRecord['kind']> = new Set(['turn', 'log']);
const MAX_NAME = 120;
const MAX_DIMENSION = 100;

/** What one event adds to its turn. Fields that are absent were empty: many are, and a turn keeps up to a thousand. */
export interface Operation {
  readonly id: string;
  readonly kind: EventRecord['kind'];
  readonly name: string;
  /** When it started, ms since the epoch. */
  readonly at: number;
  /** How well it stands for the turn itself, 0 the best; absent where it does not. */
  readonly rootRank?: number;
  readonly durationMs?: number;
  readonly status?: EventRecord['status'];
  readonly spanId?: string;
  readonly parentSpanId?: string;
  readonly errorType?: string;
  readonly errorFingerprint?: string;
  readonly session?: string;
  readonly user?: string;
  readonly service?: string;
  readonly version?: string;
  readonly release?: string;
  readonly environment?: string;
  readonly region?: string;
  readonly agent?: string;
  readonly provider?: string;
  readonly model?: string;
  readonly tool?: string;
  readonly prompt?: string;
  readonly templateId?: string;
  /** Same call with the same arguments, same value. */
  readonly callHash?: string;
  readonly attempt?: number;
  /** Same result of a tool, or same words of a model or of the turn, same value. */
  readonly resultHash?: string;
  /** Of results of tools. */
  readonly resultChars?: number;
  /** It ended at its limit of output tokens. */
  readonly isCut?: true;
  /** Its arguments are masked, or only what was new in its prompt is known: two with the same hash may be different calls. */
  readonly hasUnsureHash?: true;
  /** Some of the hashes of the blocks of its prompt; see `sampleBlocks`. */
  readonly blocks?: string;
  /** In the order of USAGE_BUCKETS. */
  readonly usage?: readonly (number | null)[];
  readonly isEstimated?: true;
  readonly costNano?: number;
  /** A call of a tool that is paid for; calls of models always are. */
  readonly isPaidTool?: true;
  readonly firstTokenMs?: number;
  /** Of calls of models: what reported it, and the id of its answer. */
  readonly scope?: string;
  readonly responseId?: string;
  /** Another instrumentation reports it, too, and that report counts. */
  readonly isDuplicate?: true;
  /** A call of a model that asked for no tool. */
  readonly isAnswer?: true;
  /** Hashes of the conversation that it continues: of its first request, of what was said before this turn, and of that with the answer. */
  readonly conversation?: readonly string[];
  readonly turnNumber?: number;
  readonly flags?: Readonly<Record<string, string>>;
  readonly dimensions?: Readonly<Record<string, string>>;
  readonly directives?: readonly string[];
  readonly weight?: number;
  readonly isBackfill?: true;
  readonly receivedAt: string;
}

/** Whether an event is part of a turn: it names one, or is one. */
export const isOfTurn = ({ kind, trace_id: trace }: TurnEvent): boolean =>
  (kind === 'turn' || trace !== '') && !ABOUT_TURNS.has(kind);

/** The turn an event is of: its trace; a turn event without one is a turn of its own. */
export const turnIdOf = ({ trace_id: trace, id }: Pick<TurnEvent, 'trace_id' | 'id'>): string => trace || id;

export const isCall = ({ kind }: Pick<Operation, 'kind'>): boolean => !NO_CALLS.has(kind);
type Payable = Pick<Operation, 'kind'> & { readonly isPaidTool?: boolean };
export const isPaid = ({ kind, isPaidTool = false }: Payable): boolean => kind === 'llm' || kind === 'embedding' || isPaidTool;
export const isFailed = ({ status }: Pick<Operation, 'status'>): boolean => status === 'error';
/** `<kind> <name>`: what self time, edges and repeated calls are named by. */
export const labelOf = ({ kind, name }: Pick<Operation, 'kind' | 'name'>): string => `${kind} ${name}`;

/** The turn's own event is its root; else the span without a parent. Other producers leave parents out, so there it says nothing. */
function rootRankOf({ kind, parent_span_id: parent, ingest_format: format }: TurnEvent): number | undefined {
  if (kind === 'turn') return parent === '' ? 0 : 2;
  return kind !== 'log' && format === 'otlp-traces' && parent === '' ? 1 : undefined;
}

const CUT: ReadonlySet<string> = new Set(['length', 'max_tokens', 'MAX_TOKENS', 'max_output_tokens']);
const RESULT_CHARS = 12;
/** A format in which a call of a model holds what is new to it, not all it was given. */
const ONLY_NEW_INPUT = 'openai-chat';

/** As redaction leaves them: what is behind two of them may differ. */
const MASKED = /\[(?:[A-Z][A-Z_]+|redaction failed)\]/;
/** Whether two calls with the same hash may still be different ones. */
const hasUnsureHash = ({
  kind,
  ingest_format: format,
  input,
  tool_arguments: args,
  prompt_block_hashes: blocks,
}: TurnEvent): boolean =>
  kind === 'tool' || kind === 'mcp'
    ? MASKED.test(args)
    : (kind === 'llm' && format === ONLY_NEW_INPUT) || (blocks.length === 0 && MASKED.test(input));

function resultHashOf(event: TurnEvent, isRoot: boolean): string {
  const { kind, output, tool_result: result } = event;
  const text =
    kind === 'tool' || kind === 'mcp' ? result || output : kind === 'llm' || isRoot ? lastWords(output, 'assistant') : '';
  return text === '' ? '' : hashId(RESULT_CHARS, text);
}

const SAID_NUMBER = 'telltale.turn_number';
function turnNumberOf({ kind, attributes, input, ingest_format: format }: TurnEvent): number | undefined {
  const said = Number(attributes[SAID_NUMBER]);
  if (Number.isInteger(said) && said >= 0 && attributes[SAID_NUMBER] !== '') return said;
  // A conversation in the form of OpenAI's says what is new to the model, not all it was given.
  return kind === 'llm' && format !== ONLY_NEW_INPUT ? userMessagesIn(input) || undefined : undefined;
}

function dimensionsOf(event: TurnEvent, named: readonly string[]): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [name, value] of Object.entries(attributesOf(event))) {
    if (name.startsWith(DIMENSION_PREFIX)) found[name.slice(DIMENSION_PREFIX.length)] = value.slice(0, MAX_DIMENSION);
    else if (named.includes(name)) found[name] = value.slice(0, MAX_DIMENSION);
  }
  return found;
}

function isAbsent(value: unknown): boolean {
  if (typeof value !== 'object' || value === null)
    return value === '' || value === null || value === undefined || value === false || value === 'unset';
  for (const name in value) if ((value as Record<string, unknown>)[name] !== null) return false;
  return true;
}

/** What an event, redacted, adds to its turn. `dimensions`: names of attributes that its tenant groups turns by. */
export function operationOf(event: TurnEvent, dimensions: readonly string[]): Operation {
  const { kind } = event;
  const isModelCall = kind === 'llm' || kind === 'embedding' || kind === 'rerank';
  const isPaidTool = kind === 'tool' && event.price_version !== '';
  const isPaidCall = isPaid({ kind, isPaidTool });
  const attributes = attributesOf(event);
  const rootRank = rootRankOf(event);
  const isBadLog = kind === 'log' && (event.severity === 'error' || event.severity === 'fatal');
  const all: { [Field in keyof Operation]-?: Operation[Field] | string | boolean | number | null | undefined } = {
    id: event.id,
    kind,
    name: event.name.slice(0, MAX_NAME),
    at: Date.parse(event.ts),
    rootRank,
    durationMs: event.duration_ms,
    status: isBadLog ? 'error' : event.status,
    spanId: kind === 'log' ? '' : event.span_id,
    parentSpanId: kind === 'log' ? '' : event.parent_span_id,
    errorType: event.error_type,
    errorFingerprint: event.error_fingerprint,
    session: event.session_id,
    user: event.user_id,
    service: event.service_name === 'unknown_service' ? '' : event.service_name,
    version: event.service_version,
    release: event.release,
    environment: event.deployment_environment,
    region: event.region,
    agent: event.agent_name,
    provider: event.provider,
    model: isModelCall ? event.response_model || event.request_model : '',
    tool: event.tool_name,
    prompt: promptVersionOf(event),
    templateId: event.log_template_id,
    callHash: event.tool_call_hash || event.prompt_hash,
    attempt: event.attempt,
    resultHash: resultHashOf(event, rootRank !== undefined),
    resultChars: kind === 'tool' || kind === 'mcp' ? event.tool_result.length || null : null,
    isCut: kind === 'llm' && event.finish_reasons.some((reason) => CUT.has(reason)),
    blocks: event.ingest_format === ONLY_NEW_INPUT ? '' : sampleBlocks(event.prompt_block_hashes),
    hasUnsureHash: hasUnsureHash(event),
    usage: isPaidCall ? USAGE_BUCKETS.map((bucket) => event[bucket]) : null,
    isEstimated: event.usage_estimated,
    costNano: isPaidCall ? event.cost_nano_usd : null,
    isPaidTool,
    firstTokenMs: event.time_to_first_token_ms,
    scope: kind === 'llm' && attributes[SCOPE_NAME],
    responseId: kind === 'llm' && responseIdIn(attributes),
    isDuplicate: attributes[DUPLICATE_OF] !== undefined,
    isAnswer: kind === 'llm' && event.decision_chosen === '' && event.requested_tool_call_ids.length === 0,
    conversation: event.conversation_hashes,
    turnNumber: turnNumberOf(event),
    flags: event.feature_flags,
    dimensions: dimensionsOf(event, dimensions),
    directives: event.directive_ids,
    weight: event.sampling_weight === 1 ? null : event.sampling_weight,
    isBackfill: event.backfill,
    receivedAt: event.received_at,
  };
  const present: Partial<Record<keyof Operation, unknown>> = {};
  let field: keyof Operation;
  for (field in all) if (field === 'name' || !isAbsent(all[field])) present[field] = all[field];
  return present as Operation;
}

/** The order in which operations speak for their turn: its root first, then as they started. Never that of arrival. */
export const speaksBefore = (a: Operation, b: Operation): number =>
  (a.rootRank ?? 3) - (b.rootRank ?? 3) || a.at - b.at || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
