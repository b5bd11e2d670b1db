export interface Tried {
  readonly receiver: string;
  readonly reason: string;
  readonly status: 'delivered' | 'retrying' | 'failed';
  readonly at: string;
  readonly error: string;
}

export interface Health {
  readonly tone: 'good' | 'warn' | 'bad';
  readonly words: string;
  readonly last: Tried | undefined;
}

/** How a receiver does, by its tries, the newest first. One that never delivered is not well, however quiet it is. */
export function healthOf(tries: readonly Tried[]): Health {
  const [last] = tries;
  const delivered = tries.filter(({ status }) => status === 'delivered');
  if (!last) return { tone: 'warn', words: 'Never tried: send a test', last };
  if (delivered.length === 0) return { tone: 'bad', words: 'Never delivered', last };
  if (last.status === 'failed') return { tone: 'bad', words: 'Fails', last };
  if (last.status === 'retrying') return { tone: 'warn', words: 'Is tried again', last };
  if (delivered.every(({ reason }) => reason === 'test')) return { tone: 'good', words: 'Took a test; no alert yet', last };
  return { tone: 'good', words: 'Delivers', last };
}
