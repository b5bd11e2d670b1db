import { EVENT_KINDS, EVENT_STATUSES, TURN_OUTCOMES, VERBOSITY_LEVELS } from '@telltale/contracts';

/** A field that rows are filtered and grouped by. */
export interface Dimension {
  readonly name: string;
  readonly about: string;
  readonly type: 'text' | 'boolean' | 'time';
  /** All values there are; absent where they are free. */
  readonly values?: readonly string[];
  /** few: hundreds of values at most, safe to group by alone; many: names single things, to filter by or to group with a limit. */
  readonly cardinality: 'few' | 'many';
  /** It is in events_core, too, which is faster to read. */
  readonly in_core: boolean;
}

type Extra = Partial<Pick<Dimension, 'type' | 'values' | 'in_core'>>;
const field =
  (cardinality: Dimension['cardinality']) =>
  (name: string, about: string, extra: Extra = {}): Dimension => ({ name, about, type: 'text', cardinality, in_core: true, ...extra }); // prettier-ignore
const few = field('few');
const many = field('many');
const WIDE = { in_core: false } as const;

export const DIMENSIONS: readonly Dimension[] = [
  many('ts', 'When it started', { type: 'time' }),
  many('received_at', 'When it arrived', { type: 'time', ...WIDE }),
  few('kind', 'Kind of event', { values: EVENT_KINDS }),
  few('name', 'Name of the operation'),
  few('status', 'How it ended', { values: EVENT_STATUSES }),
  few('error_type', 'Class or code of the error'),
  many('error_fingerprint', 'Same fault, same value'),
  few('service_name', 'The observed program'),
  few('service_version', 'Version of the observed program'),
  few('deployment_environment', 'Where it runs'),
  few('release', 'Release of the agent', WIDE),
  few('agent_name', 'Name of the agent', WIDE),
  few('provider', 'Provider of the model'),
  few('request_model', 'Model that was requested'),
  few('response_model', 'Model that responded'),
  few('service_tier', 'Tier of the price: batch, flex, priority; empty for the standard price', WIDE),
  few('usage_estimated', 'Usage was counted from the content, for the provider reported none', { type: 'boolean', ...WIDE }),
  few('price_version', 'Price table the cost comes from', WIDE),
  few('tool_name', 'Name of the tool'),
  few('decision_chosen', 'What the agent chose'),
  few('prompt_name', 'Name of the prompt template', WIDE),
  few('prompt_version', 'Version of the prompt template'),
  few('score_name', 'What was evaluated'),
  few('score_label', 'The score as a word, such as pass or fail'),
  few('severity', 'Severity of a log line', { values: ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] }),
  few('log_template', 'The log line without its variable parts', WIDE),
  many('log_template_id', 'Id of the log template'),
  few('language', 'Language of the request, ISO 639-1; turns only'),
  few('intent', 'What the request wants; turns only'),
  few('turn_outcome', 'How the turn ended; turns only', { values: TURN_OUTCOMES }),
  few('turn_outcome_reason', 'How an event shows the outcome; turns only', WIDE),
  few('verbosity_level', 'Level in force when it was produced', { values: VERBOSITY_LEVELS, ...WIDE }),
  few('ingest_format', 'What the producer sent it as', { values: ['native', 'otlp-traces', 'otlp-logs', 'openai-chat'], ...WIDE }), // prettier-ignore
  few('backfill', 'Its own time lies long before its arrival', { type: 'boolean' }),
  many('session_id', 'The conversation'),
  many('trace_id', 'The turn'),
  many('user_id', 'Pseudonym of the user'),
  many('prompt_hash', 'Same model and same input, same value'),
  many('tool_call_hash', 'Same tool and same arguments, same value'),
];
