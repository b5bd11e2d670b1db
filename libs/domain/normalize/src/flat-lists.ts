import { type OtlpValue } from '@telltale/contracts';

/** Levels of a flattened name that are read; deeper ones stay attributes. */
const MAX_LEVELS = 16;
const INDEX = /^\d{1,6}$/;

type Branch = Map<string, Branch | OtlpValue>;

/** Collects names such as `llm.input_messages.0.message.role` back into the list they came from. */
export interface FlatLists {
  /** False when the name is of no list; `rest` is what follows the list's name. */
  add(list: string, rest: string, value: OtlpValue): boolean;
  /** The lists found, by name. Indexes order them; holes close. */
  values(): Map<string, OtlpValue>;
}

function valueOf(branch: Branch): OtlpValue {
  const entries = [...branch].map(([key, value]): [string, OtlpValue] => [key, value instanceof Map ? valueOf(value) : value]);
  if (entries.every(([key]) => INDEX.test(key)))
    return entries.sort(([a], [b]) => Number(a) - Number(b)).map(([, value]) => value);
  return Object.fromEntries(entries);
}

export function createFlatLists(): FlatLists {
  const lists = new Map<string, Branch>();
  return {
    add(list, rest, value) {
      const path = rest.split('.');
      const last = path.pop();
      if (last === undefined || path.length > MAX_LEVELS || rest.includes('__proto__')) return false;
      let branch = lists.get(list) ?? new Map<string, Branch | OtlpValue>();
      lists.set(list, branch);
      for (const key of path) {
        const below = branch.get(key);
        const next = below instanceof Map ? below : new Map<string, Branch | OtlpValue>();
        // A value where others have a branch: it is kept beside them under no name.
        if (below !== undefined && !(below instanceof Map)) next.set('', below);
        branch.set(key, next);
        branch = next;
      }
      const there = branch.get(last);
      if (there instanceof Map) there.set('', value);
      else branch.set(last, value);
      return true;
    },
    values: () => new Map([...lists].map(([name, branch]) => [name, valueOf(branch)])),
  };
}
