import { literal } from './panel-sql';

/** A dimension of turns or events: what it is called, the column, and which rows have it. */
export interface Axis {
  readonly of: 'turns' | 'events';
  readonly words: string;
  readonly column: string;
  readonly only?: string;
  /** Name of the filter of Explore. */
  readonly field: string;
}

const MODEL = 'if(response_model = \'\', request_model, response_model)'; // prettier-ignore
const IS_MODEL = "kind IN ('llm', 'embedding')";

const AXES: Readonly<Record<string, Axis>> = {
  service: { of: 'turns', words: 'service', column: 'service_name', field: 'service_name' },
  intent: { of: 'turns', words: 'intent', column: 'intent', field: 'intent' },
  language: { of: 'turns', words: 'language', column: 'language', only: "language != 'und'", field: 'language' },
  region: { of: 'turns', words: 'region', column: 'region', field: 'region' },
  version: { of: 'turns', words: 'version', column: 'service_version', field: 'service_version' },
  release: { of: 'turns', words: 'release', column: 'release', field: 'release' },
  environment: { of: 'turns', words: 'environment', column: 'deployment_environment', field: 'deployment_environment' },
  tool: { of: 'events', words: 'tool', column: 'tool_name', only: "kind = 'tool'", field: 'tool_name' },
  model: { of: 'events', words: 'model', column: MODEL, only: IS_MODEL, field: 'response_model' },
  provider: { of: 'events', words: 'provider', column: 'provider', only: IS_MODEL, field: 'provider' },
  prompt: { of: 'events', words: 'prompt version', column: "if(prompt_version = '', '', concat(prompt_name, '@', prompt_version))", only: IS_MODEL, field: 'prompt_version' },
  agent: { of: 'events', words: 'agent', column: 'agent_name', only: "kind = 'agent'", field: 'agent_name' },
  retrieval: { of: 'events', words: 'retrieval', column: 'name', only: "kind = 'retrieval'", field: 'name' },
  guardrail: { of: 'events', words: 'guardrail', column: 'name', only: "kind = 'guardrail'", field: 'name' },
  decision: { of: 'events', words: 'decision', column: 'decision_chosen', field: 'decision_chosen' },
  score: { of: 'events', words: 'score', column: 'score_name', field: 'score_name' },
}; // prettier-ignore

const FLAG = 'flag:';
const ATTRIBUTE = 'attribute:';

/** The axis of a name, and of a flag or an attribute that the tenant named as dimension. */
export function axisOf(name: string): Axis | null {
  if (name.startsWith(FLAG)) return mapped('feature_flags', 'flag', 'flag', name.slice(FLAG.length));
  if (name.startsWith(ATTRIBUTE)) return mapped('dimensions', '', 'dimension', name.slice(ATTRIBUTE.length));
  return AXES[name] ?? null;
}
const mapped = (map: string, what: string, field: string, key: string): Axis => ({
  of: 'turns',
  words: `${what} ${key}`.trim(),
  column: `${map}[${literal(key)}]`,
  field: `${field}.${key}`,
});

/** Rows that have a value of it. */
export const hasValue = ({ column, only }: Axis): string => `${only === undefined ? '' : `${only} AND `}${column} != ''`;

const pairsOf = (of: Axis['of']): string =>
  Object.entries(AXES)
    .filter(([, axis]) => axis.of === of)
    .map(([name, { column, only }]) => `('${name}', ${only === undefined ? `toString(${column})` : `if(${only}, toString(${column}), '')`})`)
    .join(', '); // prettier-ignore
const ofMap = (map: string, prefix: string): string =>
  `arrayMap((k, v) -> (concat('${prefix}', toString(k)), v), mapKeys(${map}), mapValues(${map}))`;

/** The values of a row as pairs of dimension and value. */
export const TURN_PAIRS = `arrayConcat([${pairsOf('turns')}], ${ofMap('feature_flags', FLAG)}, ${ofMap('dimensions', ATTRIBUTE)})`;
export const EVENT_PAIRS = `[${pairsOf('events')}]`;
