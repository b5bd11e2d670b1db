import { type OtlpValue } from '@telltale/contracts';
import { isRecord } from '@telltale/kernel';
import { parseJson } from './parse-json';
import { type Reading } from './reading';
import { readUsage } from './usage-payload';

/** Where a provider's whole answer has its usage. */
const NAMES = ['usage', 'usageMetadata', 'usage_metadata'] as const;

/** A provider's whole answer, where an instrumentation keeps it: it is known by its usage. */
function answerIn(output: OtlpValue): { readonly id: unknown; readonly usage: unknown } | null {
  if (typeof output === 'string' && !output.includes('"usage')) return null;
  const plain = parseJson(output);
  const usage = isRecord(plain) ? NAMES.map((name) => plain[name]).find(isRecord) : undefined;
  return isRecord(plain) && usage ? { id: plain['id'], usage } : null;
}

/**
 * Instrumentations that keep a provider's whole answer name its totals and some of its parts; what they do not name is read from the
 * answer: parts of tokens, where its totals are those that were named, and its id.
 */
export function completeFromAnswer(reading: Reading, attributes: Record<string, unknown>): void {
  const answer = answerIn(reading.output);
  if (!answer) return;
  if (typeof answer.id === 'string') attributes['gen_ai.response.id'] ??= answer.id;
  const { inputTokens, outputTokens } = reading;
  const usage = readUsage(answer.usage);
  if (!usage || inputTokens === null || outputTokens === null) return;
  const input = (usage.input ?? 0) + (usage.cacheBeside ? (usage.cacheRead ?? 0) + (usage.cacheWrite ?? 0) : 0);
  const said = (usage.output ?? 0) + (usage.reasoningBeside ? (usage.reasoning ?? 0) : 0);
  if (input === inputTokens) reading.cacheReadTokens ??= usage.cacheRead;
  if (said === outputTokens) reading.reasoningTokens ??= usage.reasoning;
}
