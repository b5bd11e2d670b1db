/** So that there is a sample of everything: one record of each logger or operation in 10 s is sent, whatever `keep` says. */
export interface Floor {
  /** Whether nothing of `key` was sent in the 10 s before; then this is. */
  take(key: string, mono: number): boolean;
  /** Something of `key` is sent. */
  sent(key: string, mono: number): void;
}

const WINDOW_MS = 10_000;
const MAX_KEYS = 2_000;

export function createFloor(): Floor {
  const sentAt = new Map<string, number>();

  function sent(key: string, mono: number): void {
    const [oldest] = sentAt.keys();
    if (sentAt.size >= MAX_KEYS && oldest !== undefined && !sentAt.has(key)) sentAt.delete(oldest);
    sentAt.set(key, mono);
  }

  return {
    sent,
    take(key, mono) {
      if (mono - (sentAt.get(key) ?? -Infinity) < WINDOW_MS) return false;
      sent(key, mono);
      return true;
    },
  };
}
