import { type TokenCountInput, type TokenEncoding } from '@telltale/streaming';
import { type clearMergeCache, type countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import type WorkerThreads from 'node:worker_threads';

export interface Encoder {
  readonly countTokens: typeof countTokens;
  readonly clearMergeCache: typeof clearMergeCache;
}
/** Path of each vocabulary's module. */
export type EncoderPaths = Readonly<Record<TokenEncoding, string>>;
export interface Request {
  readonly texts: readonly TokenCountInput[];
}

/**
 * The program of the worker. It is started from its own source text, so that it runs the same in a bundle, in jest and from TypeScript
 * without a file to locate; it must not use anything from outside except `load`.
 */
export function countWorker(load: (module: string) => unknown): void {
  const { parentPort, workerData } = load('node:worker_threads') as typeof WorkerThreads;
  const encoders = new Map<TokenEncoding, Encoder>();
  // Merging the bytes of one word takes time quadratic in its length, so longer runs are cut. No real word is that long, and a cut adds at most one token.
  const longRun = /[\p{L}\p{M}]{100}|[^\s\p{L}\p{N}]{100}|\s{100}/gu;
  // A text that looks like a special token of the model is ordinary text.
  const asText = { allowedSpecial: new Set<string>(), disallowedSpecial: new Set<string>() };

  const encoderOf = (encoding: TokenEncoding): Encoder => {
    let encoder = encoders.get(encoding);
    if (!encoder) {
      encoder = load((workerData as EncoderPaths)[encoding]) as Encoder;
      encoders.set(encoding, encoder);
    }
    return encoder;
  };
  const count = ({ text, encoding }: TokenCountInput): number => {
    const encoder = encoderOf(encoding);
    let tokens = 0;
    let from = 0;
    for (const { 0: run, index } of text.matchAll(longRun)) {
      tokens += encoder.countTokens(text.slice(from, index + run.length), asText);
      from = index + run.length;
    }
    return tokens + encoder.countTokens(text.slice(from), asText);
  };
  parentPort?.on('message', ({ texts }: Request) => {
    parentPort.postMessage(texts.map(count));
    // The cache contains words of unredacted text.
    for (const encoder of encoders.values()) encoder.clearMergeCache();
  });
}
