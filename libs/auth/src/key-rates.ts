import { type Clock } from '@telltale/kernel';
import { type Logger, type Metrics } from '@telltale/streaming';
import { type Grant } from './key-store';

/** What one key may take of one process; 0: as much as it likes. */
interface RateLimits {
  readonly requestsPerSecond: number;
  /** Of bodies: those that come in, or those that go out, as the service counts them. */
  readonly bytesPerSecond: number;
}
type RateLimit = 'requests' | 'bytes';

type RateVerdict =
  | { readonly ok: true }
  | {
      readonly ok: false;
      readonly limit: RateLimit;
      readonly retryAfterMs: number;
      readonly message: string;
      readonly fix: string;
    };

/** Token buckets of API keys. Each key has its own, so that none waits for another. */
export interface KeyRates {
  /** Takes one request off the key's buckets, where neither is empty. */
  take(grant: Grant): RateVerdict;
  /**
   * Takes bytes off, once they are known. A bucket may go below zero, so that a body that is larger than the bucket passes, and what
   * follows it waits until it is paid.
   */
  charge(grant: Grant, bytes: number): void;
  /** Keys with a bucket now. */
  readonly size: number;
}

interface Tokens {
  perSecond: number;
  level: number;
}
interface Buckets {
  readonly requests: Tokens;
  readonly bytes: Tokens;
  at: number;
  warnedAt: number;
}

/** A bucket holds this many seconds of its rate: SDKs flush in bursts. */
const BURST_SECONDS = 10;
/** Beyond it the buckets that were not asked for the longest time go; such a key begins with full ones. */
const MAX_KEYS = 10_000;
const WARN_EVERY_MS = 60_000;

const capacityOf = ({ perSecond }: Tokens): number => perSecond * BURST_SECONDS;
const isFull = (tokens: Tokens): boolean => tokens.level >= capacityOf(tokens);
const filled = (tokens: Tokens, seconds: number): void => {
  tokens.level = Math.min(capacityOf(tokens), tokens.level + seconds * tokens.perSecond);
};
/** Under another rate the bucket keeps the share that it was full of. */
const withRate = (tokens: Tokens, perSecond: number): void => {
  if (tokens.perSecond === perSecond) return;
  tokens.level = tokens.perSecond === 0 ? perSecond * BURST_SECONDS : (tokens.level / tokens.perSecond) * perSecond;
  tokens.perSecond = perSecond;
};
const full = (perSecond: number): Tokens => ({ perSecond, level: perSecond * BURST_SECONDS });

interface KeyRatesDeps {
  readonly service: string;
  /** Of keys whose setting names none. */
  readonly limits: RateLimits;
  /** Variables that set them, for the message. */
  readonly variables: Readonly<Record<RateLimit, string>>;
  readonly clock: Pick<Clock, 'monotonic'>;
  readonly metrics: Pick<Metrics, 'count'>;
  readonly logger: Pick<Logger, 'warn'>;
}

export function createKeyRates({ service, limits, variables, clock, metrics, logger }: KeyRatesDeps): KeyRates {
  /** In the order in which they were last asked. */
  const all = new Map<string, Buckets>();

  /** A full bucket says no more than no bucket. */
  function forget(now: number): void {
    for (const [key, buckets] of all) {
      const seconds = (now - buckets.at) / 1_000;
      const refill = ({ level, perSecond }: Tokens): Tokens => ({ perSecond, level: level + seconds * perSecond });
      const isIdle = isFull(refill(buckets.requests)) && isFull(refill(buckets.bytes)) && now - buckets.warnedAt >= WARN_EVERY_MS;
      if (!isIdle && all.size < MAX_KEYS) return;
      all.delete(key);
    }
  }

  /** Null where the key has no limit. */
  function bucketsOf({ tenant, name, limits: own }: Grant): Buckets | null {
    const requests = own?.requestsPerSecond ?? limits.requestsPerSecond;
    const bytes = own?.bytesPerSecond ?? limits.bytesPerSecond;
    const key = `${tenant}/${name}`;
    const now = clock.monotonic();
    const buckets = all.get(key) ?? { requests: full(requests), bytes: full(bytes), at: now, warnedAt: -WARN_EVERY_MS };
    all.delete(key);
    if (requests === 0 && bytes === 0) return null;
    for (const tokens of [buckets.requests, buckets.bytes]) filled(tokens, (now - buckets.at) / 1_000);
    withRate(buckets.requests, requests);
    withRate(buckets.bytes, bytes);
    buckets.at = now;
    forget(now);
    all.set(key, buckets);
    return buckets;
  }

  function refused(grant: Grant, limit: RateLimit, buckets: Buckets): RateVerdict {
    const { perSecond, level } = buckets[limit];
    const missing = limit === 'requests' ? 1 - level : -level;
    const seconds = Math.max(1, Math.ceil(missing / perSecond));
    metrics.count('telltale_rate_limited_requests_total', { service, limit });
    const now = clock.monotonic();
    if (now - buckets.warnedAt >= WARN_EVERY_MS) {
      buckets.warnedAt = now;
      const { tenant, name } = grant;
      logger.warn('key_rate_limited', {
        tenant,
        key: name,
        limit,
        per_second: perSecond,
        runbook: 'docs/runbooks/gateway-refuses.md',
      });
    }
    return {
      ok: false,
      limit,
      retryAfterMs: seconds * 1_000,
      message: `the API key ${grant.name} is over its limit of ${perSecond} ${limit} per second`,
      fix: `wait ${seconds} s and send less, or have max_${limit}_per_second of this api_key raised (or ${variables[limit]})`,
    };
  }

  return {
    take(grant) {
      const buckets = bucketsOf(grant);
      if (!buckets) return { ok: true };
      const { requests, bytes } = buckets;
      if (requests.perSecond > 0 && requests.level < 1) return refused(grant, 'requests', buckets);
      if (bytes.perSecond > 0 && bytes.level <= 0) return refused(grant, 'bytes', buckets);
      if (requests.perSecond > 0) requests.level -= 1;
      return { ok: true };
    },
    charge(grant, bytes) {
      const buckets = bucketsOf(grant);
      if (buckets && buckets.bytes.perSecond > 0) buckets.bytes.level -= bytes;
    },
    get size() {
      return all.size;
    },
  };
}
