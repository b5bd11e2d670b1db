import { type EventKind } from '@telltale/contracts';
import { providerOf } from './providers';
import { type Reading } from './reading';
import { type TokenCounts } from './usage';

/** Kinds whose tokens are their own. What others tell is the sum of the calls inside them. */
export const SPENDS: ReadonlySet<EventKind> = new Set(['llm', 'embedding', 'rerank']);

const sum = (...counts: readonly (number | null)[]): number => counts.reduce<number>((all, one) => all + (one ?? 0), 0);

/**
 * The counts a reading holds, as totals that hold their parts. Buckets that share no token are summed up first, unless the producer's
 * own total says that they are totals already (input + output = total, though some input was cached).
 */
export function countsOf(reading: Reading): TokenCounts {
  const { cacheReadTokens: cacheRead, cacheWriteTokens: cacheWrite, reasoningTokens: reasoning } = reading;
  const { plainInputTokens: plainIn, plainOutputTokens: plainOut, totalTokens: total } = reading;
  const areTotals = total !== null && sum(plainIn, plainOut) === total;
  const beside = areTotals ? 0 : sum(cacheRead, cacheWrite, reading.inputAudioTokens, reading.inputImageTokens);
  const besideOut = areTotals ? 0 : sum(reasoning, reading.outputAudioTokens, reading.outputImageTokens);
  const input = plainIn === null ? null : plainIn + beside;
  const output = (plainOut === null ? null : plainOut + besideOut) ?? reading.outputTokens;
  const unsaid = unsaidThoughts(reading, input ?? reading.inputTokens, output);
  return {
    input: input ?? reading.inputTokens,
    cacheRead,
    cacheWrite,
    output: output === null ? null : output + unsaid,
    reasoning: unsaid > 0 ? sum(reasoning, unsaid) : reasoning,
    inputAudio: reading.inputAudioTokens,
    inputImage: reading.inputImageTokens,
    outputAudio: reading.outputAudioTokens,
    outputImage: reading.outputImageTokens,
  };
}

/**
 * Google's APIs count thoughts in the total but not in the candidates, and instrumentations that read only prompt, candidates and total
 * lose them: what the total has more is thought, and billed as output. https://ai.google.dev/gemini-api/docs/thinking
 */
function unsaidThoughts(reading: Reading, input: number | null, output: number | null): number {
  if (!providerOf(reading.provider).startsWith('gcp.') || reading.reasoningTokens !== null) return 0;
  if (reading.totalTokens === null || input === null || output === null) return 0;
  return Math.max(0, reading.totalTokens - input - output);
}

/** Counts that have no field of their own, by the names of the conventions; and all counts of one that only repeats. */
export function keepCounts(reading: Reading, kind: EventKind, attributes: Record<string, unknown>): void {
  const keep = (name: string, count: number | null): void => {
    if (count !== null) attributes[name] = count;
  };
  if (!SPENDS.has(kind)) {
    const { input, cacheRead, cacheWrite, output, reasoning } = countsOf(reading);
    keep('rollup.usage.input_tokens', input);
    keep('rollup.usage.cache_read.input_tokens', cacheRead);
    keep('rollup.usage.cache_write.input_tokens', cacheWrite);
    keep('rollup.usage.output_tokens', output);
    keep('rollup.usage.reasoning.output_tokens', reasoning);
  }
  keep('gen_ai.usage.total_tokens', reading.totalTokens);
  keep('gen_ai.usage.text.input_tokens', reading.inputTextTokens);
  keep('gen_ai.usage.image.input_tokens', reading.inputImageTokens);
  keep('gen_ai.usage.audio.input_tokens', reading.inputAudioTokens);
  keep('gen_ai.usage.text.output_tokens', reading.outputTextTokens);
  keep('gen_ai.usage.image.output_tokens', reading.outputImageTokens);
  keep('gen_ai.usage.audio.output_tokens', reading.outputAudioTokens);
  keep('telltale.reported_cost_usd', reading.reportedCost);
}
