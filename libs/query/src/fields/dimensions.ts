import { EVENT_KINDS, EVENT_STATUSES, TURN_OUTCOMES, VERBOSITY_LEVELS } from '@telltale/contracts';
import { type FieldTable, IN_ALL, IN_EVENTS, IN_TURNS, IN_WIDE_EVENTS } from './tables';

/** A field that rows are filtered and grouped by. */
export interface Dimension {
  readonly name: string;
  readonly about: string;
  readonly type: 'text' | 'boolean' | 'time' | 'number';
  /** All values there are; absent where they are free. */
  readonly values?: readonly string[];
  /** few: hundreds of values at most, safe to group by alone; many: names single things, to filter by or to group with a limit. */
  readonly cardinality: 'few' | 'many';
  /** Tables that have it. */
  readonly tables: readonly FieldTable[];
}

type Extra = Partial<Pick<Dimension, 'type' | 'values'>>;
const field =
  (cardinality: Dimension['cardinality']) =>
  (tables: readonly FieldTable[], name: string, about: string, extra: Extra = {}): Dimension => ({ name, about, type: 'text', cardinality, tables, ...extra }); // prettier-ignore
const few = field('few');
const many = field('many');

export const DIMENSIONS: readonly Dimension[] = [
  many(IN_ALL, 'ts', 'When it started', { type: 'time' }),
  many(['events', 'turns'], 'received_at', 'When it arrived', { type: 'time' }),
  few(IN_EVENTS, 'kind', 'Kind of event', { values: EVENT_KINDS }),
  few(IN_ALL, 'name', 'Name of the operation, or of the root of the turn'),
  few(IN_ALL, 'status', 'How it ended', { values: EVENT_STATUSES }),
  few(IN_ALL, 'error_type', 'Class or code of the error'),
  many(IN_EVENTS, 'error_fingerprint', 'Same fault, same value'),
  few(IN_ALL, 'service_name', 'The observed program'),
  few(IN_ALL, 'service_version', 'Version of the observed program'),
  few(IN_ALL, 'deployment_environment', 'Where it runs'),
  few(IN_ALL, 'release', 'Release of the agent'),
  few(IN_ALL, 'region', 'Region of the cloud'),
  many(IN_EVENTS, 'instance', 'Instance of the observed program'),
  few(IN_EVENTS, 'agent_name', 'Name of the agent'),
  few(IN_EVENTS, 'provider', 'Provider of the model'),
  few(IN_EVENTS, 'request_model', 'Model that was requested'),
  few(IN_EVENTS, 'response_model', 'Model that responded'),
  few(IN_EVENTS, 'service_tier', 'Tier of the price: batch, flex, priority; empty for the standard price'),
  few(IN_EVENTS, 'attempt', '1: the first try of the call', { type: 'number' }),
  few(
    IN_WIDE_EVENTS,
    'usage_estimated',
    'Usage was counted from the content, for the provider reported none or a placeholder that the content disproves',
    {
      type: 'boolean',
    },
  ),
  few(IN_WIDE_EVENTS, 'price_version', 'Price table or setting the cost comes from'),
  few(IN_EVENTS, 'tool_name', 'Name of the tool'),
  few(IN_EVENTS, 'decision_chosen', 'What the agent chose'),
  few(IN_EVENTS, 'prompt_name', 'Name of the prompt template'),
  few(IN_EVENTS, 'prompt_version', 'Version of the prompt template'),
  few(IN_EVENTS, 'score_name', 'What was evaluated'),
  few(IN_EVENTS, 'score_label', 'The score as a word, such as pass or fail'),
  few(IN_EVENTS, 'severity', 'Severity of a log line', { values: ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] }),
  few(IN_WIDE_EVENTS, 'log_template', 'The log line without its variable parts'),
  many(IN_EVENTS, 'log_template_id', 'Id of the log template'),
  few(IN_TURNS, 'language', 'Language of the request, ISO 639-1'),
  few(IN_TURNS, 'intent', 'What the request wants'),
  few(IN_TURNS, 'outcome', 'How the turn ended', { values: TURN_OUTCOMES }),
  few(IN_TURNS, 'outcome_reason', 'How an event shows the outcome'),
  few(IN_TURNS, 'has_root', 'The event of the turn itself has come', { type: 'boolean' }),
  few(IN_TURNS, 'turn_number', 'Which turn of its session', { type: 'number' }),
  few(IN_TURNS, 'repeated_call', 'The call that was made most often with the same arguments; empty when none was repeated'),
  few(IN_EVENTS, 'verbosity_level', 'Level in force when it was produced', { values: VERBOSITY_LEVELS }),
  few(IN_WIDE_EVENTS, 'ingest_format', 'What the producer sent it as', { values: ['native', 'otlp-traces', 'otlp-logs', 'openai-chat'] }), // prettier-ignore
  few(IN_EVENTS, 'from_ring', 'It was held back, and sent after something went wrong', { type: 'boolean' }),
  few(IN_ALL, 'backfill', 'Its own time lies long before its arrival', { type: 'boolean' }),
  many(IN_ALL, 'session_id', 'The conversation'),
  many(IN_ALL, 'trace_id', 'The turn'),
  many(IN_ALL, 'user_id', 'Pseudonym of the user'),
  many(IN_EVENTS, 'prompt_hash', 'Same model and same input, same value'),
  many(IN_EVENTS, 'tool_call_hash', 'Same tool and same arguments, same value'),
  many(IN_TURNS, 'request_hash', 'Same request, same value'),
];
