import { type RootDatabase } from 'lmdb';

interface Waiting {
  run(): void;
  done(): void;
  fail(error: unknown): void;
}

/**
 * Runs actions in write transactions, one at a time: actions that arrive during a flush share the next transaction. LMDB accepts concurrent
 * transactions, but when a commit fails, it rejects some promises that nobody can catch, which ends the process. `failureOf` classifies a
 * failed commit; every action of that commit rejects with it, and nothing of them is written.
 */
export function createGroupCommit(root: RootDatabase, failureOf: (error: unknown) => Promise<unknown>) {
  let waiting: Waiting[] = [];
  let writing: Promise<void> | null = null;

  async function commit(): Promise<void> {
    let taken: Waiting[] = [];
    try {
      await root.transaction(() => {
        taken = waiting;
        waiting = [];
        for (const { run } of taken) run();
      });
      for (const { done } of taken) done();
    } catch (error) {
      const failure = await failureOf(error);
      // When the transaction could not begin, nothing was taken yet; the waiting actions fail too.
      if (taken.length === 0) taken = waiting.splice(0);
      for (const { fail } of taken) fail(failure);
    }
  }

  async function commitAll(): Promise<void> {
    while (waiting.length > 0) await commit();
    writing = null;
  }

  return {
    write<T>(action: () => T): Promise<T> {
      return new Promise<T>((resolve, reject) => {
        let settle: () => void = () => undefined;
        waiting.push({
          run() {
            try {
              const result = action();
              settle = () => resolve(result);
            } catch (error) {
              settle = () => reject(error as Error);
            }
          },
          done: () => settle(),
          fail: reject,
        });
        writing ??= commitAll();
      });
    },
    /** Resolves when no write is in progress. */
    idle: () => writing ?? Promise.resolve(),
  };
}
