import { EVENT_KINDS, EVENT_STATUSES, type EventRecord, VERBOSITY_LEVELS } from '@telltale/contracts';
import { isRecord } from '@telltale/kernel';
import { type EventDraft, safeKey } from './draft';
import { readTime } from './read-time';
import { disjointUsage, type TokenCounts } from './usage';

/** Takes one field into the draft; answers what is wrong with it, or null. Written by hand: zod costs ten times as much here. */
export type TakeField = (draft: EventDraft, value: unknown) => string | null;

type KeysOf<V> = { [K in keyof EventRecord]: V extends EventRecord[K] ? K : never }[keyof EventRecord];
type TextField = Exclude<KeysOf<string>, 'kind' | 'status' | 'ingest_format' | 'verbosity_level'>;

const MUST_BE_TEXT = 'must be text';
const AMOUNT = 'must be a number, 0 or more';
const COUNT = 'must be a whole number of tokens, 0 or more';
const TEXTS = 'must be a list of texts';

const isAmount = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value) && value >= 0;
const isTexts = (value: unknown): value is string[] => Array.isArray(value) && value.every((item) => typeof item === 'string');

const text =
  (field: TextField): TakeField =>
  ({ event }, value) => {
    if (typeof value !== 'string') return MUST_BE_TEXT;
    event[field] = value;
    return null;
  };

const amount =
  (field: 'duration_ms' | 'time_to_first_token_ms'): TakeField =>
  ({ event }, value) => {
    if (!isAmount(value)) return `${AMOUNT} (milliseconds)`;
    event[field] = value;
    return null;
  };

const wholeNumber =
  (field: 'request_max_tokens' | 'attempt', least: number): TakeField =>
  ({ event }, value) => {
    if (!isAmount(value) || !Number.isSafeInteger(value) || value < least) return `must be a whole number, ${least} or more`;
    event[field] = value;
    return null;
  };

const oneOf =
  <T extends string>(allowed: readonly T[], set: (event: EventRecord, value: T) => void): TakeField =>
  ({ event }, value) => {
    const found = allowed.find((one) => one === value);
    if (found === undefined) return `must be one of ${allowed.join(', ')}`;
    set(event, found);
    return null;
  };

const anything =
  (field: 'input' | 'output'): TakeField =>
  ({ content }, value) => {
    content[field] = value;
    return null;
  };

type Part = { readonly [key: string]: (draft: EventDraft, value: unknown) => string | null };

/** An object with known fields; what else it holds becomes attributes `<name>.<field>`. */
const object =
  (name: string, parts: Part, required: readonly string[] = []): TakeField =>
  (draft, value) => {
    if (!isRecord(value)) return 'must be an object';
    for (const key of required) if (value[key] === undefined) return `.${key} is missing: add it`;
    for (const key of Object.keys(value)) {
      const part = value[key];
      if (part === undefined) continue;
      const take = Object.hasOwn(parts, key) ? parts[key] : undefined;
      if (!take) draft.content.attributes[`${name}.${key}`] = part;
      else {
        const wrong = take(draft, part);
        if (wrong !== null) return `.${key} ${wrong}`;
      }
    }
    return null;
  };

const texts =
  (field: 'decision_options' | 'finish_reasons' | 'requested_tool_call_ids' | 'directive_ids'): TakeField =>
  ({ event }, value) => {
    if (!isTexts(value)) return TEXTS;
    event[field] = value;
    return null;
  };

const USAGE: Readonly<Record<string, keyof TokenCounts>> = {
  input_tokens: 'input',
  cache_read_tokens: 'cacheRead',
  cache_write_tokens: 'cacheWrite',
  output_tokens: 'output',
  reasoning_tokens: 'reasoning',
  cache_write_1h_tokens: 'cacheWrite1h',
  input_audio_tokens: 'inputAudio',
  input_image_tokens: 'inputImage',
  output_audio_tokens: 'outputAudio',
  output_image_tokens: 'outputImage',
};

const usage: TakeField = (draft, value) => {
  if (!isRecord(value)) return 'must be an object';
  const counts: TokenCounts = { input: null, cacheRead: null, cacheWrite: null, output: null, reasoning: null };
  for (const key of Object.keys(value)) {
    const count = value[key];
    const name = Object.hasOwn(USAGE, key) ? USAGE[key] : undefined;
    if (!name) draft.content.attributes[`usage.${key}`] = count;
    else if (count !== undefined) {
      if (!isAmount(count) || !Number.isSafeInteger(count)) return `.${key} ${COUNT}`;
      counts[name] = count;
    }
  }
  Object.assign(draft.event, disjointUsage(counts));
  return null;
};

const flags: TakeField = ({ content }, value) => {
  if (!isRecord(value)) return 'must be an object';
  for (const key of Object.keys(value)) {
    const flag = value[key];
    if (typeof flag !== 'string' && typeof flag !== 'boolean' && !(typeof flag === 'number' && Number.isFinite(flag)))
      return 'must hold texts, numbers and booleans only';
    content.feature_flags[safeKey(key)] = flag;
  }
  return null;
};

const attributes: TakeField = ({ content }, value) => {
  if (!isRecord(value)) return 'must be an object';
  for (const key of Object.keys(value)) content.attributes[safeKey(key)] = value[key];
  return null;
};

/** Every field of the contract's `nativeEvent`, in no order. */
export const NATIVE_FIELDS: ReadonlyMap<string, TakeField> = new Map<string, TakeField>([
  ['kind', oneOf(EVENT_KINDS, (event, kind) => (event.kind = kind))],
  [
    'ts',
    (draft, value) => {
      if (typeof value !== 'string' && !(typeof value === 'number' && Number.isFinite(value)))
        return 'must be an ISO 8601 text or a Unix time';
      draft.at = readTime(value);
      return null;
    },
  ],
  [
    'service_name',
    ({ event }, value) => {
      if (typeof value !== 'string' || value === '') return 'must be text that is not empty';
      event.service_name = value;
      return null;
    },
  ],
  ['status', oneOf(EVENT_STATUSES, (event, status) => (event.status = status))],
  ['verbosity_level', oneOf(VERBOSITY_LEVELS, (event, level) => (event.verbosity_level = level))],
  ...(
    [
      'id', 'name', 'session_id', 'trace_id', 'span_id', 'parent_span_id', 'service_version', 'deployment_environment', 'release', 'region', 'instance',
      'user_id', 'agent_name', 'provider', 'request_model', 'response_model', 'prompt_name', 'prompt_version', 'severity', 'requested_by_span_id',
    ] as const
  ).map((field): [string, TakeField] => [field, text(field)]), // prettier-ignore
  ['duration_ms', amount('duration_ms')],
  ['time_to_first_token_ms', amount('time_to_first_token_ms')],
  ['error', object('error', { type: text('error_type'), message: text('error_message'), stack: text('error_stack') })],
  ['usage', usage],
  [
    'tool',
    object(
      'tool',
      {
        name: text('tool_name'),
        call_id: text('tool_call_id'),
        arguments: ({ content }, value) => ((content.tool_arguments = value), null),
        result: ({ content }, value) => ((content.tool_result = value), null),
      },
      ['name'],
    ),
  ],
  [
    'decision',
    object('decision', { options: texts('decision_options'), chosen: text('decision_chosen'), why: text('decision_reason') }),
  ],
  ['input', anything('input')],
  ['output', anything('output')],
  ['finish_reasons', texts('finish_reasons')],
  ['directive_ids', texts('directive_ids')],
  ['request_max_tokens', wholeNumber('request_max_tokens', 0)],
  ['attempt', wholeNumber('attempt', 1)],
  [
    'from_ring',
    ({ event }, value) => {
      if (typeof value !== 'boolean') return 'must be true or false';
      event.from_ring = value;
      return null;
    },
  ],
  ['requested_tool_call_ids', texts('requested_tool_call_ids')],
  ['feature_flags', flags],
  [
    'score',
    object(
      'score',
      {
        name: text('score_name'),
        label: text('score_label'),
        value: ({ event }, value) => {
          if (typeof value !== 'number' || !Number.isFinite(value)) return 'must be a number';
          event.score_value = value;
          return null;
        },
      },
      ['name'],
    ),
  ],
  [
    'body',
    ({ content }, value) => {
      if (typeof value !== 'string') return MUST_BE_TEXT;
      content.body = value;
      return null;
    },
  ],
  ['attributes', attributes],
  [
    'sampling_weight',
    ({ event }, value) => {
      if (!isAmount(value)) return 'must be a number, 0 or more';
      event.sampling_weight = value;
      return null;
    },
  ],
]);
