import { INPUT_BUCKETS, OUTPUT_BUCKETS, type SessionRecord, tokensIn, type TurnRecord } from '@telltale/contracts';
import { isoTime } from '@telltale/kernel';

const MAX_INTENTS = 16;
const MAX_LANGUAGES = 4;
const MAX_MODELS = 16;
const MAX_NAMES = 16;
const MAX_FLAGS = 64;
const MAX_DIMENSIONS = 40;

type Counts = Readonly<Record<string, number>>;

/** What turns of one session are compared by; flags and dimensions are `<name>=<value>`. */
export interface SessionSetting {
  readonly versions: readonly string[];
  readonly promptVersions: readonly string[];
  readonly regions: readonly string[];
  readonly flags: readonly string[];
  readonly dimensions: readonly string[];
}
/** Of turns of which an earlier release kept none. */
export const NO_SETTING: SessionSetting = { versions: [], promptVersions: [], regions: [], flags: [], dimensions: [] };

/** What one turn, or several of one session, add to it. */
export interface SessionPart {
  readonly turns: number;
  readonly failedTurns: number;
  readonly events: number;
  readonly calls: Counts;
  readonly errors: number;
  readonly outcomes: Counts;
  readonly intents: readonly string[];
  readonly languages: readonly string[];
  readonly models: readonly string[];
  /** What it was answered with, and where. */
  readonly setting: SessionSetting;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costNano: number | null;
  readonly unpriced: number;
  readonly retries: number;
  /** Of the turn that started first. Keys are `<start>/<turn id>`. */
  readonly first: { readonly key: string; readonly service: string; readonly environment: string; readonly preview: string; readonly weight: number };
  /** The first that is known, by the same keys. */
  readonly user: { readonly key: string; readonly name: string };
  readonly last: { readonly key: string; readonly outcome: string };
  /** First start and last end, ms since the epoch. */
  readonly from: number;
  readonly to: number;
  readonly isBackfill: boolean;
} // prettier-ignore

const sum = (counts: Counts): number => Object.values(counts).reduce((all, count) => all + count, 0);
const pairsOf = (map: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(map).map(([name, value]) => `${name}=${value}`);
const listOf = (...names: readonly string[]): readonly string[] => names.filter((name) => name !== '');

/** What a turn adds to its session. */
export function sessionPartOf(turn: TurnRecord): SessionPart {
  const key = `${turn.ts}/${turn.turn_id}`;
  const from = Date.parse(turn.ts);
  return {
    turns: 1,
    failedTurns: turn.status === 'error' ? 1 : 0,
    events: turn.revision,
    calls: turn.calls,
    errors: sum(turn.errors),
    outcomes: { [turn.outcome]: 1 },
    intents: listOf(turn.intent),
    languages: listOf(turn.language),
    models: turn.models,
    setting: {
      versions: listOf(turn.service_version),
      promptVersions: turn.prompt_versions,
      regions: listOf(turn.region),
      flags: pairsOf(turn.feature_flags),
      dimensions: pairsOf(turn.dimensions),
    },
    inputTokens: tokensIn(turn, INPUT_BUCKETS) ?? 0,
    outputTokens: tokensIn(turn, OUTPUT_BUCKETS) ?? 0,
    costNano: turn.cost_nano_usd,
    unpriced: turn.unpriced_calls,
    retries: turn.retries,
    first: {
      key,
      service: turn.service_name,
      environment: turn.deployment_environment,
      preview: turn.input_preview,
      weight: turn.sampling_weight,
    },
    user: { key: turn.user_id === '' ? '' : key, name: turn.user_id },
    last: { key, outcome: turn.outcome },
    from,
    to: from + turn.duration_ms,
    isBackfill: turn.backfill,
  };
}

function addCounts(a: Counts, b: Counts): Counts {
  const sums = new Map(Object.entries(a));
  for (const [name, count] of Object.entries(b)) sums.set(name, (sums.get(name) ?? 0) + count);
  return Object.fromEntries([...sums].sort(([x], [y]) => (x < y ? -1 : 1)));
}
const union = (a: readonly string[], b: readonly string[], max: number): readonly string[] =>
  [...new Set([...a, ...b])].sort().slice(0, max);
const earlier = <T extends { readonly key: string }>(a: T, b: T): T => (b.key < a.key ? b : a);
const known = (a: SessionPart['user'], b: SessionPart['user']): SessionPart['user'] =>
  a.key === '' ? b : b.key === '' ? a : earlier(a, b);

const joinSettings = (a: SessionSetting, b: SessionSetting): SessionSetting => ({
  versions: union(a.versions, b.versions, MAX_NAMES),
  promptVersions: union(a.promptVersions, b.promptVersions, MAX_NAMES),
  regions: union(a.regions, b.regions, MAX_NAMES),
  flags: union(a.flags, b.flags, MAX_FLAGS),
  dimensions: union(a.dimensions, b.dimensions, MAX_DIMENSIONS),
});

/** Parts of different turns as one: associative and commutative. */
export function joinSessionParts(a: SessionPart, b: SessionPart): SessionPart {
  return {
    turns: a.turns + b.turns,
    failedTurns: a.failedTurns + b.failedTurns,
    events: a.events + b.events,
    calls: addCounts(a.calls, b.calls),
    errors: a.errors + b.errors,
    outcomes: addCounts(a.outcomes, b.outcomes),
    intents: union(a.intents, b.intents, MAX_INTENTS),
    languages: union(a.languages, b.languages, MAX_LANGUAGES),
    models: union(a.models, b.models, MAX_MODELS),
    setting: joinSettings(a.setting, b.setting),
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    costNano: a.costNano === null ? b.costNano : a.costNano + (b.costNano ?? 0),
    unpriced: a.unpriced + b.unpriced,
    retries: a.retries + b.retries,
    first: earlier(a.first, b.first),
    user: known(a.user, b.user),
    last: a.last.key < b.last.key ? b.last : a.last,
    from: Math.min(a.from, b.from),
    to: Math.max(a.to, b.to),
    isBackfill: a.isBackfill && b.isBackfill,
  };
}

/** What of a session its turns do not say by themselves. */
export type AboutSession = Pick<
  SessionRecord,
  'tenant' | 'session_id' | 'revision' | 'derived' | 'trace_ids' | 'first_minute' | 'expires_on'
>;
/** How it went, as its turns say in their order. */
export type SessionJourney = Pick<
  SessionRecord,
  | 'waiting_ms' | 'longest_wait_ms' | 'friction' | 'friction_reasons' | 'friction_signs' | 'abandoned_because'
  | 'path_intents' | 'path_outcomes' | 'path_friction'
>; // prettier-ignore
/** Of a session whose turns do not all say. */
export const NO_JOURNEY: SessionJourney = {
  waiting_ms: 0, longest_wait_ms: 0, friction: null, friction_reasons: {}, friction_signs: {}, abandoned_because: '', path_intents: [], path_outcomes: [], path_friction: [],
}; // prettier-ignore

/** The session that the parts of its turns make. */
export function sessionOf(part: SessionPart, about: AboutSession, journey: SessionJourney): SessionRecord {
  const { setting } = part;
  return {
    ...about,
    ...journey,
    merged_into: '',
    user_id: part.user.name,
    service_name: part.first.service,
    deployment_environment: part.first.environment,
    started_at: isoTime(part.from),
    ended_at: isoTime(part.to),
    turns: part.turns,
    events: part.events,
    calls: part.calls,
    errors: part.errors,
    failed_turns: part.failedTurns,
    outcomes: part.outcomes,
    intents: [...part.intents],
    languages: [...part.languages],
    models: [...part.models],
    versions: [...setting.versions],
    prompt_versions: [...setting.promptVersions],
    regions: [...setting.regions],
    feature_flags: [...setting.flags],
    dimensions: [...setting.dimensions],
    last_outcome: part.last.outcome,
    input_tokens: part.inputTokens,
    output_tokens: part.outputTokens,
    cost_nano_usd: part.costNano,
    unpriced_calls: part.unpriced,
    retries: part.retries,
    input_preview: part.first.preview,
    sampling_weight: part.first.weight,
    backfill: part.isBackfill,
  };
}

/** A session that is part of another one now. */
export const mergedSession = (about: AboutSession, mergedInto: string, at: number): SessionRecord => ({
  ...about,
  ...NO_JOURNEY,
  merged_into: mergedInto,
  user_id: '',
  service_name: '',
  deployment_environment: '',
  started_at: isoTime(at),
  ended_at: isoTime(at),
  turns: 0,
  events: 0,
  calls: {},
  errors: 0,
  failed_turns: 0,
  outcomes: {},
  intents: [],
  languages: [],
  models: [],
  versions: [],
  prompt_versions: [],
  regions: [],
  feature_flags: [],
  dimensions: [],
  last_outcome: '',
  input_tokens: 0,
  output_tokens: 0,
  cost_nano_usd: null,
  unpriced_calls: 0,
  retries: 0,
  input_preview: '',
  sampling_weight: 1,
  backfill: false,
});
