import { type RootDatabase } from 'lmdb';

interface Waiting {
  run(): void;
  done(): void;
  fail(error: unknown): void;
}

/**
 * Runs actions in write transactions, one transaction at a time: what arrives while one is flushed shares the next. LMDB would take several
 * at once, but then some of the promises that it rejects when a commit fails are nobody's, and end the process.
 * `failureOf` says what a failed commit means; it is thrown to all whose actions were in it, and nothing of them is written.
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
      // A transaction that could not begin has taken nothing yet; who waits then has failed, too.
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
    /** Resolves when nothing is being written any more. */
    idle: () => writing ?? Promise.resolve(),
  };
}
