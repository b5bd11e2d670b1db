import { type WasteRule } from '@telltale/contracts';

/** What to do about each kind of waste. */
export const WASTE_FIXES: Readonly<Record<WasteRule, string>> = {
  retry_storm: 'Limit retries to two with growing pauses, and answer without the call when they fail.',
  loop: 'Stop the agent when a round of calls brings nothing new: keep the calls made with their results, and refuse the third round.',
  idle_agent_polling: 'Wait for a webhook, or poll in code and call the model only when the answer has changed.',
  repeated_tool_call: 'Keep results of calls for the length of a turn and answer the same call from there.',
  repeated_llm_call: 'Keep the answer to a prompt and use it again; look for two parts of the program that ask the same.',
  embedding_repeated: 'Keep embeddings by hash of text and model.',
  output_cap: 'Raise the limit of output tokens of this call, or ask for a shorter answer.',
  output_unused: 'Cancel the other call as soon as one has answered, or do not make it.',
  failed_turn: 'Check what can fail before the expensive calls, and end the turn at the first failure that cannot be repaired.',
  tool_result_oversized: 'Return fewer fields or a page of the result, or put a summary into the context after it was read once.',
  cache_prefix_broken:
    'Put what changes from call to call behind what stays: keep times, ids and the order of tools out of the beginning of the prompt.',
  context_growth: 'Summarize earlier messages, or leave out results of tools that were used.',
  cache_write_unread: 'Do not mark this prompt for caching, or keep the cache longer than the pauses between requests.',
  reasoning_without_gain: 'Turn reasoning off or its effort down for this intent.',
  model_too_large: 'Send this intent to the cheaper model.',
};
