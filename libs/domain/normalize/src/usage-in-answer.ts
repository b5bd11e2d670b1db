import { type OtlpValue } from '@telltale/contracts';
import { isRecord } from '@telltale/kernel';
import { parseJson } from './parse-json';
import { type Reading } from './reading';
import { readUsage } from './usage-payload';

/** Where a provider's whole answer has its usage. */
const NAMES = ['usage', 'usageMetadata', 'usage_metadata'] as const;

function usageIn(answer: OtlpValue): unknown {
  if (typeof answer === 'string' && !answer.includes('"usage')) return null;
  const plain = parseJson(answer);
  return isRecord(plain) ? NAMES.map((name) => plain[name]).find(isRecord) : null;
}

/**
 * Instrumentations that keep a provider's whole answer name its totals and some of its parts; what they do not name is read from the
 * answer, where its totals are those that were named.
 */
export function completeUsage(reading: Reading): void {
  const { reasoningTokens, cacheReadTokens, inputTokens, outputTokens, output } = reading;
  if (inputTokens === null || outputTokens === null || (reasoningTokens !== null && cacheReadTokens !== null)) return;
  const usage = readUsage(usageIn(output));
  if (!usage) return;
  const input = (usage.input ?? 0) + (usage.cacheBeside ? (usage.cacheRead ?? 0) + (usage.cacheWrite ?? 0) : 0);
  const said = (usage.output ?? 0) + (usage.reasoningBeside ? (usage.reasoning ?? 0) : 0);
  if (input === inputTokens && cacheReadTokens === null) reading.cacheReadTokens = usage.cacheRead;
  if (said === outputTokens && reasoningTokens === null) reading.reasoningTokens = usage.reasoning;
}
