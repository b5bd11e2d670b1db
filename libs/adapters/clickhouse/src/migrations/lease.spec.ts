import { TransientError } from '@telltale/kernel';
import { acquireLease, type HeldLease, type Lease, type LeaseStore } from './lease';

/** Leases in memory, on a clock that the test controls; `gate` blocks the next call of a method until the test releases it. */
function newTestStore() {
  const leases = new Map<number, Lease>();
  const clock = { nowMs: 1_000 };
  const gates = new Map<keyof LeaseStore, Promise<void>>();
  const passed = async (method: keyof LeaseStore): Promise<void> => {
    const gate = gates.get(method);
    gates.delete(method);
    await gate;
  };
  const store: LeaseStore = {
    async newest() {
      await passed('newest');
      return { nowMs: clock.nowMs, lease: leases.get(Math.max(...leases.keys())) ?? null };
    },
    async create(lease) {
      await passed('create');
      if (leases.has(lease.number)) return false;
      leases.set(lease.number, lease);
      return true;
    },
    async update(lease) {
      await passed('update');
      if (leases.has(lease.number)) leases.set(lease.number, lease);
    },
    async remove(number) {
      await passed('remove');
      leases.delete(number);
    },
  };
  function gate(method: keyof LeaseStore): () => void {
    let open = (): void => undefined;
    gates.set(method, new Promise((resolve) => (open = resolve)));
    return () => open();
  }
  const take = (holder: string): Promise<HeldLease> =>
    acquireLease(store, { holder, ttlMs: 100, isDead: (other) => other === 'dead' });
  return { store, clock, leases, gate, take };
}

describe('the lease for migrations', () => {
  it('is taken by one of 14 concurrent processes', async () => {
    const { take, leases } = newTestStore();
    const taken = await Promise.allSettled(Array.from({ length: 14 }, (_, i) => take(`p${i}`)));
    expect(taken.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const refused = taken.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
    expect(refused.map((reason) => reason instanceof TransientError)).toEqual(Array<boolean>(13).fill(true));
    expect(leases.size).toBe(1);
  });

  it('reports its holder and its remaining time', async () => {
    const { take } = newTestStore();
    await take('host:1');
    await expect(take('host:2')).rejects.toThrow('migrations are being applied by host:1; its lease runs out in 1 s');
  });

  it('can be taken as soon as it is released', async () => {
    const { take } = newTestStore();
    await (await take('a')).release();
    await expect(take('b')).resolves.toBeDefined();
  });

  it('is taken over when its holder did not renew it in time; the old holder can no longer renew it', async () => {
    const { take, clock } = newTestStore();
    const first = await take('a');
    clock.nowMs += 90;
    await first.renew();
    clock.nowMs += 90;
    await expect(take('b')).rejects.toBeInstanceOf(TransientError);
    clock.nowMs += 20;
    const second = await take('b');
    await expect(first.renew()).rejects.toThrow('another process has taken over the migrations');
    await first.release();
    await expect(second.renew()).resolves.toBeUndefined();
    await expect(take('c')).rejects.toBeInstanceOf(TransientError);
  });

  it('is taken over at once from a holder that cannot be running', async () => {
    const { take } = newTestStore();
    await take('dead');
    await expect(take('b')).resolves.toBeDefined();
  });

  it('is not taken by a process that was paused after it saw it free, however many processes have held it since', async () => {
    const { take, clock, gate, leases } = newTestStore();
    await take('a');
    clock.nowMs += 101;
    const goOn = gate('create');
    const paused = take('paused');
    await (await take('b')).release();
    const current = await take('c');
    goOn();
    await expect(paused).rejects.toThrow('applied by c');
    await expect(current.renew()).resolves.toBeUndefined();
    expect([...leases.values()].map(({ holder }) => holder)).toEqual(['c']);
  });
});
