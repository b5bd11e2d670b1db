import { TransientError } from '@telltale/kernel';

export interface Lease {
  /** Leases are numbered upwards; only the highest number is valid. */
  readonly number: number;
  readonly holder: string;
  /** By the clock of the store; 0 after release. */
  readonly untilMs: number;
}

/** Stores leases. Of several concurrent `create` calls with one number, one succeeds. */
export interface LeaseStore {
  newest(): Promise<{ readonly nowMs: number; readonly lease: Lease | null }>;
  /** False when a lease with this number exists. */
  create(lease: Lease): Promise<boolean>;
  update(lease: Lease): Promise<void>;
  remove(number: number): Promise<void>;
}

export interface HeldLease {
  /** Extends the lease. TransientError when another process has taken over. */
  renew(): Promise<void>;
  /** Releases the lease, so that the next process can take it at once. */
  release(): Promise<void>;
}

export interface LeaseOptions {
  readonly holder: string;
  readonly ttlMs: number;
  /** True for holders that cannot be running, whose lease can be taken over before it expires. */
  readonly isDead: (holder: string) => boolean;
}

/**
 * Takes the lease, or throws TransientError while another process holds it. Each lease has the next number, and the highest one is never
 * removed: a process that was paused for long may create an old number again, but then finds a higher one and gives up.
 */
export async function acquireLease(store: LeaseStore, { holder, ttlMs, isDead }: LeaseOptions): Promise<HeldLease> {
  const { nowMs, lease: former } = await store.newest();
  if (former && former.untilMs > nowMs && !isDead(former.holder)) throw heldBy(former, nowMs);

  const number = (former?.number ?? 0) + 1;
  const isMine = await store.create({ number, holder, untilMs: nowMs + ttlMs });
  const { nowMs: checkedMs, lease: newest } = await store.newest();
  if (!isMine || newest?.number !== number) {
    if (isMine) await store.remove(number);
    throw newest ? heldBy(newest, checkedMs) : new TransientError('unavailable', 'the lease for migrations is changing hands');
  }
  if (former) await store.remove(former.number);

  return {
    async renew() {
      const { nowMs: renewedMs, lease } = await store.newest();
      if (lease?.number !== number) throw new TransientError('unavailable', 'another process has taken over the migrations');
      await store.update({ number, holder, untilMs: renewedMs + ttlMs });
    },
    release: () => store.update({ number, holder, untilMs: 0 }),
  };
}

const heldBy = ({ holder, untilMs }: Lease, nowMs: number): TransientError =>
  new TransientError(
    'unavailable',
    `migrations are being applied by ${holder}; its lease runs out in ${Math.max(0, Math.ceil((untilMs - nowMs) / 1000))} s`,
  );
