import { type Clock, isTransient } from '@telltale/kernel';
import { realpathSync } from 'node:fs';
import { createGroups, type Groups } from './groups';
import { closeToOthers, prepareLogFolder } from './log-file';
import { openStorage, type Storage, type StorageOptions } from './storage';

export interface SharedStorage {
  readonly storage: Storage;
  readonly groups: Groups;
  release(): Promise<void>;
}

const open = new Map<string, { storage: Storage; groups: Groups; holders: number; pruner: NodeJS.Timeout }>();
const PRUNE_EVERY_MS = 60_000;

/** Whether this process has the log in a folder (its real path) open. */
export const isOpenHere = (path: string): boolean => open.has(path);

/** Handles on the same folder in one process share one environment, its groups and its wake-ups. */
export function acquireStorage(path: string, clock: Clock, options: StorageOptions = {}): SharedStorage {
  prepareLogFolder(path);
  const key = realpathSync(path);
  let entry = open.get(key);
  if (!entry) {
    const storage = openStorage(key, clock, options);
    closeToOthers(key);
    const pruner = setInterval(() => {
      // Whatever failed now is retried on the next run.
      storage.prune().catch((error: unknown) => {
        if (!isTransient(error)) throw error;
      });
    }, PRUNE_EVERY_MS);
    pruner.unref();
    open.set(key, (entry = { storage, groups: createGroups(), holders: 0, pruner }));
  }
  const held = entry;
  held.holders++;
  let released = false;
  return {
    storage: held.storage,
    groups: held.groups,
    async release() {
      if (released) return;
      released = true;
      if (--held.holders > 0) return;
      clearInterval(held.pruner);
      open.delete(key);
      await held.storage.close();
    },
  };
}
