interface Waiting {
  readonly start: () => void;
}

/**
 * Runs what it is given `most` at a time, in order: the queries of a tenant are answered one by one, and of those that wait beyond a few the
 * server refuses the rest. What is aborted while it waits never starts.
 */
export function createQueue(most: number): <T>(work: () => Promise<T>, signal: AbortSignal) => Promise<T> {
  let running = 0;
  let waiting: Waiting[] = [];

  function next(): void {
    const first = running < most ? waiting.shift() : undefined;
    if (!first) return;
    running++;
    first.start();
  }

  return <T>(work: () => Promise<T>, signal: AbortSignal) =>
    new Promise<T>((resolve, reject) => {
      const aborted = (): Error => new DOMException('it is not wanted any more', 'AbortError');
      if (signal.aborted) return reject(aborted());
      const own: Waiting = {
        start() {
          signal.removeEventListener('abort', leave);
          const end = (): void => {
            running--;
            next();
          };
          work().then(resolve, reject).finally(end);
        },
      };
      function leave(): void {
        waiting = waiting.filter((one) => one !== own);
        reject(aborted());
      }
      signal.addEventListener('abort', leave, { once: true });
      waiting.push(own);
      next();
    });
}
