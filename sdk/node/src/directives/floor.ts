/** So that nothing vanishes: one record of each logger or operation in 10 s is kept, whatever `keep` says. */
export interface Floor {
  /** Of a record that `keep` would drop: the weight to keep it with, or null to drop it. */
  drop(key: string, weight: number, mono: number): number | null;
  /** Of a record that `keep` keeps: it stands for those that were dropped. */
  keep(key: string, mono: number): void;
}

const WINDOW_MS = 10_000;
const MAX_KEYS = 2_000;

export function createFloor(): Floor {
  const keys = new Map<string, { keptAt: number; dropped: number }>();

  function stateOf(key: string): { keptAt: number; dropped: number } {
    let state = keys.get(key);
    if (state === undefined) {
      const [oldest] = keys.keys();
      if (keys.size >= MAX_KEYS && oldest !== undefined) keys.delete(oldest);
      state = { keptAt: -Infinity, dropped: 0 };
      keys.set(key, state);
    }
    return state;
  }

  return {
    drop(key, weight, mono) {
      const state = stateOf(key);
      if (mono - state.keptAt < WINDOW_MS) {
        state.dropped += weight;
        return null;
      }
      const all = state.dropped + weight;
      state.dropped = 0;
      state.keptAt = mono;
      return all;
    },
    keep(key, mono) {
      const state = stateOf(key);
      state.dropped = 0;
      state.keptAt = mono;
    },
  };
}
