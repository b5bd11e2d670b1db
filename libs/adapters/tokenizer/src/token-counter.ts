import { type TokenCountInput, type TokenCounter } from '@telltale/streaming';
import { messageOf, TransientError } from '@telltale/kernel';
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import { countWorker, type EncoderPaths, type Request } from './count-worker';

/**
 * Memory limit of the worker. The tables of a vocabulary take about 100 MB; more than this is a leak, which should end the worker and not
 * the process.
 */
const LIMITS = { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 32 };

export interface WorkerTokenCounter extends TokenCounter {
  /** Terminates the worker; current and later calls fail. */
  close(): Promise<void>;
}

const { resolve } = createRequire(__filename);
const pathsOf = (): EncoderPaths => ({
  o200k_base: resolve('gpt-tokenizer/encoding/o200k_base'),
  cl100k_base: resolve('gpt-tokenizer/encoding/cl100k_base'),
});

/** Counts one batch in one worker; rejects when the worker fails. Keeps the process alive meanwhile. */
function ask(worker: Worker, texts: readonly TokenCountInput[]): Promise<readonly number[]> {
  return new Promise<readonly number[]>((answered, failed) => {
    const onExit = (code: number): void => failed(new Error(`the worker ended with code ${code}`));
    const settle = (how: () => void): void => {
      worker.off('message', onMessage).off('error', onError).off('exit', onExit).unref();
      how();
    };
    const onMessage = (tokens: readonly number[]): void => settle(() => answered(tokens));
    const onError = (error: Error): void => settle(() => failed(error));
    worker.on('message', onMessage).on('error', onError).on('exit', onExit).ref();
    worker.postMessage({ texts } satisfies Request);
  });
}

/**
 * Counts with gpt-tokenizer in a worker thread, one batch after the other. The worker starts with the first batch and does not keep the
 * process alive. A worker that dies is restarted once per batch; after that the batch fails with TransientError.
 */
export function createTokenCounter(startWorker = startCountWorker): WorkerTokenCounter {
  let worker: Worker | null = null;
  let isClosed = false;
  let last: Promise<unknown> = Promise.resolve();

  function running(): Worker {
    if (isClosed) throw new Error('the counter is closed');
    if (worker) return worker;
    const started = (worker = startWorker());
    // It may also die while idle.
    const forget = (): void => void (worker === started && (worker = null));
    started.on('error', forget).on('exit', forget).unref();
    return started;
  }

  return {
    count(texts) {
      const counted = last
        .then(() => ask(running(), texts))
        .catch(() => ask(running(), texts))
        .catch((cause: unknown) => {
          throw new TransientError('unavailable', `tokens cannot be counted: ${messageOf(cause)}`, { cause });
        });
      last = counted.catch(() => undefined);
      return counted;
    },
    async close() {
      isClosed = true;
      await worker?.terminate();
    },
  };
}

export const startCountWorker = (): Worker =>
  new Worker(`(${countWorker.toString()})(require)`, { eval: true, workerData: pathsOf(), resourceLimits: LIMITS });
