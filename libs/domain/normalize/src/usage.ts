import { type EventRecord } from '@telltale/contracts';

/** Token counts as providers tell them: totals, and parts that a total holds or that stand beside it. Null: not said. */
export interface TokenCounts {
  /** All input; whether it holds what a cache served is said by `cacheBeside`, or seen. */
  input: number | null;
  cacheRead: number | null;
  /** Written to a cache for 5 minutes, or for a time not said. */
  cacheWrite: number | null;
  cacheWrite1h?: number | null;
  inputAudio?: number | null;
  inputImage?: number | null;
  /** Of `cacheRead`, what was audio or images. */
  cacheReadAudio?: number | null;
  cacheReadImage?: number | null;
  /** All output; whether it holds the reasoning is said by `reasoningBeside`, or seen. */
  output: number | null;
  reasoning: number | null;
  outputAudio?: number | null;
  outputImage?: number | null;
  /** Input, output and their parts together, when the provider tells it: it decides whether parts stand beside. */
  total?: number | null;
}

/** What a provider's form of usage says of parts and wholes; where it says nothing, the counts decide. */
export interface UsageConvention {
  /** Anthropic and Bedrock: cache tokens are added to the input, not part of it. */
  cacheBeside?: boolean;
  /** Gemini: thoughts are added to the output, not part of it. */
  reasoningBeside?: boolean;
}

type Common = 'usage_input_uncached' | 'usage_cache_read' | 'usage_cache_write' | 'usage_output' | 'usage_reasoning';
type Rare = 'usage_cache_write_1h' | 'usage_input_audio' | 'usage_input_image' | 'usage_output_audio' | 'usage_output_image';
/** Buckets that share no token. The rare ones are there when something was said of them. */
export type UsageBuckets = Pick<EventRecord, Common> & Partial<Pick<EventRecord, Rare>>;

/** Whether parts are beside a whole: said so, or they do not fit into it, or the grand total only adds up that way. */
const isBeside = (said: boolean | undefined, whole: number, parts: number, rest: number, total: number | null): boolean =>
  said ?? (parts > whole || (parts > 0 && total !== null && total === whole + parts + rest));

interface Share {
  readonly rest: number;
  readonly audio: number;
  readonly image: number;
}

/** Takes audio, then images, out of what there is, so that no token is counted twice and none is lost. */
function shareOf(whole: number, audio: number, image: number): Share {
  const ofAudio = Math.min(whole, Math.max(0, audio));
  const ofImage = Math.min(whole - ofAudio, Math.max(0, image));
  return { rest: whole - ofAudio - ofImage, audio: ofAudio, image: ofImage };
}

/**
 * Buckets that share no token and together are what was used, so that they can be summed and priced one by one. A cache larger
 * than the input cannot be a part of it: then the producer counts it beside, and the input stays whole, where a clamped
 * remainder would bill it at 0 (langchain-ai/langsmith-sdk#2519). What is not said stays null.
 */
export function disjointUsage(counts: TokenCounts & UsageConvention): UsageBuckets {
  const { input, cacheRead, cacheWrite, cacheWrite1h = null, output, reasoning, total = null } = counts;
  const cached = (cacheRead ?? 0) + (cacheWrite ?? 0) + (cacheWrite1h ?? 0);
  const { inputAudio = null, inputImage = null, outputAudio = null, outputImage = null } = counts;
  const cacheIsBeside = isBeside(counts.cacheBeside, input ?? 0, cached, output ?? 0, total);
  // Parts of which nothing is said are never beside: a total that fits both ways means that the whole holds them.
  const thought = reasoning ?? 0;
  const inputWhole = (input ?? 0) + (cacheIsBeside ? cached : 0);
  const thoughtIsBeside = isBeside(counts.reasoningBeside, output ?? 0, thought, inputWhole, total);
  const uncached = Math.max(0, inputWhole - cached);
  const spoken = Math.max(0, (output ?? 0) - (thoughtIsBeside ? 0 : thought));
  const asked = shareOf(
    uncached,
    (inputAudio ?? 0) - (counts.cacheReadAudio ?? 0),
    (inputImage ?? 0) - (counts.cacheReadImage ?? 0),
  );
  const answered = shareOf(spoken, outputAudio ?? 0, outputImage ?? 0);
  return {
    usage_input_uncached: input === null ? null : asked.rest,
    usage_cache_read: cacheRead,
    usage_cache_write: cacheWrite,
    usage_output: output === null ? null : answered.rest,
    usage_reasoning: reasoning,
    ...(cacheWrite1h === null ? {} : { usage_cache_write_1h: cacheWrite1h }),
    ...(inputAudio === null || input === null ? {} : { usage_input_audio: asked.audio }),
    ...(inputImage === null || input === null ? {} : { usage_input_image: asked.image }),
    ...(outputAudio === null || output === null ? {} : { usage_output_audio: answered.audio }),
    ...(outputImage === null || output === null ? {} : { usage_output_image: answered.image }),
  };
}
