import { isoDay } from '@telltale/kernel';
import { type BatchState } from './batch-state';
import { createStateCodec, createStateSection } from './state-codec';

const DAY_LENGTH = 'yyyy-mm-dd'.length;

/** What each owner, such as a tenant, has had on this task today; bounds it. */
export interface DailyLimiter extends BatchState {
  /** Whether the owner may have `id` today. */
  add(owner: string, id: string): boolean;
}

// Owners may have slashes, so ids must not.
const escaped = (id: string): string => id.replaceAll('%', '%25').replaceAll('/', '%2F');
const unescaped = (id: string): string => id.replaceAll('%2F', '/').replaceAll('%25', '%');

/** A new day starts empty, so that what is gone makes room. `prefix`: of its keys in the state, `<prefix><day>/<owner>/<id>`. */
export function createDailyLimiter(prefix: string, restored: ReadonlyMap<string, Buffer>, most: number): DailyLimiter {
  const section = createStateSection(prefix, createStateCodec<true>(1, { encode: () => '', decode: () => true }));
  let day = '';
  let byOwner = new Map<string, Set<string>>();
  let keys: string[] = [];
  const changes = new Map<string, true | null>();

  const idsOf = (owner: string): Set<string> => {
    const before = byOwner.get(owner);
    if (before) return before;
    const made = new Set<string>();
    byOwner.set(owner, made);
    return made;
  };

  for (const [key] of section.restore(restored)) {
    const slash = key.lastIndexOf('/');
    day = key.slice(0, DAY_LENGTH);
    keys.push(key);
    idsOf(key.slice(DAY_LENGTH + 1, slash)).add(unescaped(key.slice(slash + 1)));
  }

  return {
    startBatch(now) {
      const today = isoDay(now);
      if (today === day) return;
      for (const key of keys) changes.set(key, null);
      day = today;
      byOwner = new Map();
      keys = [];
    },
    add(owner, id) {
      const ids = idsOf(owner);
      if (ids.has(id)) return true;
      if (ids.size >= most) return false;
      ids.add(id);
      const key = `${day}/${owner}/${escaped(id)}`;
      keys.push(key);
      changes.set(key, true);
      return true;
    },
    flush(effects) {
      for (const [key, value] of changes) section.put(effects, key, value);
      changes.clear();
    },
    // A new day can wait for the next event.
    due: () => false,
  };
}
