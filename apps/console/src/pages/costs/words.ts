import { type Operations } from '@telltale/api-client';

type Explanation = Operations['explainSpend']['answer'];
export type Part = keyof Explanation['parts'];

/** What each part of a change of spend is, in the order of the product that spend is. */
export const PART_NAMES: Readonly<Record<Part, string>> = {
  sessions: 'Traffic',
  turns_per_session: 'Turns in a session',
  calls_per_turn: 'Calls in a turn',
  retries: 'Retries',
  model_mix: 'Mix of models',
  input_tokens_per_call: 'Length of inputs',
  cache_share: 'Input read from a cache',
  output_tokens_per_call: 'Length of outputs',
  price: 'Price of tokens',
};
export const PARTS = Object.keys(PART_NAMES) as readonly Part[];

type Rule = NonNullable<Operations['getWaste']['params']['rule']>;
export const RULE_NAMES: Readonly<Record<Rule, string>> = {
  retry_storm: 'The same call was tried again and again',
  loop: 'The agent went in circles',
  idle_agent_polling: 'The agent polled what did not change',
  repeated_tool_call: 'A tool was called again with the same arguments',
  repeated_llm_call: 'The same prompt was asked again',
  embedding_repeated: 'The same text was embedded again',
  output_cap: 'Answers were cut and asked for again',
  output_unused: 'An answer was made and not used',
  failed_turn: 'Calls of turns that failed',
  tool_result_oversized: 'A large result of a tool was read again',
  cache_prefix_broken: 'Prompts break off from the cache',
  context_growth: 'The context grows and grows',
  cache_write_unread: 'A cache was written that nobody read',
  reasoning_without_gain: 'Reasoning that improves nothing',
  model_too_large: 'A cheaper model answers as well',
};

/** The name of what stands in no group, and of all values beyond those that are shown. */
export const nameOf = (value: string, isOther = false): string => (isOther ? 'all others' : value || '(none)');

/** What calls cost; unknown, and not nothing, where none of them has a price. */
export const costOf = ({ cost_nano_usd: nano, calls, unpriced_calls: unpriced }: { readonly cost_nano_usd: number; readonly calls: number; readonly unpriced_calls: number }): number | null =>
  nano === 0 && calls > 0 && unpriced >= calls ? null : nano; // prettier-ignore

const DAY_MS = 86_400_000;
const MONTH_DAYS = 30;
/** What an amount of a period comes to in thirty days at the same rate. */
export const monthlyOf = (nano: number, from: number, to: number): number =>
  to > from ? Math.round((nano * MONTH_DAYS * DAY_MS) / (to - from)) : 0;

/** A change with its sign: +$3.20. */
export const signed = (text: string): string => (text.startsWith('-') || text === '$0' ? text : `+${text}`);
