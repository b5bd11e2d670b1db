import { setFlagsFromString } from 'node:v8';

/**
 * Has V8 allocate every object young; call it before the first batch. By itself it allocates old what an expression made once it has seen such
 * objects survive a collection. An object of a batch that is old by chance keeps everything it points to until old space is collected, so that
 * each small collection copies whole batches: 62 µs an event in the enricher instead of 50, in about two of three runs.
 */
export function allocateYoung(): void {
  setFlagsFromString('--no-allocation-site-pretenuring');
}
