import { type BatchResult, type Effects } from '@telltale/streaming';

/** Takes over what steps that never wait rejected and dropped. */
export function takeResult(result: BatchResult<unknown> | Promise<BatchResult<unknown>>, effects: Effects): void {
  if (result instanceof Promise) throw new TypeError('a step of this pipeline waits');
  result.rejections.forEach(effects.reject);
  for (const [what, count] of Object.entries(result.dropped)) effects.count(what, count);
}
