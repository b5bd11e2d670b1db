import { type Limits } from './directive';

/** Counts down what a directive allows: a second's records and a minute's bytes at most at once. */
export interface TokenBucket {
  /** Whether one more record of so many bytes may pass. */
  hasRoom(mono: number, bytes: number): boolean;
  take(bytes: number): void;
}

export function createTokenBucket({ records_per_s: perSecond, bytes_per_min: perMinute }: Limits, mono: number): TokenBucket {
  const mostRecords = perSecond === undefined ? Infinity : perSecond > 0 ? Math.max(1, perSecond) : 0;
  const mostBytes = perMinute ?? Infinity;
  let records = mostRecords;
  let bytes = mostBytes;
  let last = mono;
  const isUnlimited = perSecond === undefined && perMinute === undefined;

  return {
    hasRoom(at, size) {
      if (isUnlimited) return true;
      const passed = Math.max(0, at - last);
      last = at;
      if (perSecond !== undefined) records = Math.min(mostRecords, records + (passed * perSecond) / 1_000);
      if (perMinute !== undefined) bytes = Math.min(mostBytes, bytes + (passed * perMinute) / 60_000);
      return records >= 1 && bytes >= size;
    },
    take(size) {
      if (isUnlimited) return;
      records -= 1;
      bytes -= size;
    },
  };
}
