import { setMaxListeners } from 'node:events';
import { createSlots, NoRoom } from './slots';

const never = new AbortController().signal;
setMaxListeners(0, never);
/** Queries that last until they are ended by name, and what began in which order. */
function newTestSlots() {
  const slots = createSlots({ running: 2, waiting: 4, perTenant: 1 });
  const began: string[] = [];
  const ends = new Map<string, () => void>();
  const work =
    (name: string) =>
    async (signal: AbortSignal): Promise<string> => {
      began.push(name);
      await new Promise<void>((resolve, reject) => {
        ends.set(name, resolve);
        signal.addEventListener('abort', () => reject(new Error(`${name} was ended`)));
      });
      return name;
    };
  const ask = (name: string, signal = never): Promise<string> => slots.run({ tenant: name.charAt(0), signal }, work(name));
  /** One that may yield its place. */
  const askAsGuest = (name: string, signal = never): Promise<string> =>
    slots.run({ tenant: name.charAt(0), signal, mayYield: true }, work(name));
  const end = async (name: string, asked: Promise<string>): Promise<void> => {
    ends.get(name)?.();
    await asked;
  };
  return { ask, askAsGuest, end, began };
}

/** Until all that can go on has. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('turns of queries', () => {
  it('runs few at a time, and of a tenant one', async () => {
    const { ask, end, began } = newTestSlots();
    const [a1, , b1] = [ask('a1'), ask('a2'), ask('b1'), ask('c1')];
    await Promise.resolve();
    expect(began).toEqual(['a1', 'b1']);
    await end('b1', b1 ?? a1);
    expect(began).toEqual(['a1', 'b1', 'c1']);
    await end('a1', a1);
    expect(began).toEqual(['a1', 'b1', 'c1', 'a2']);
  });

  it('frees the place of a query that fails', async () => {
    const slots = createSlots({ running: 1, waiting: 1, perTenant: 1 });
    await expect(slots.run({ tenant: 'a', signal: never }, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect(slots.run({ tenant: 'a', signal: never }, () => Promise.resolve(1))).resolves.toBe(1);
  });

  it('refuses beyond the waiting places, but a tenant with many gives one up to a tenant with none', async () => {
    const { ask, end, began } = newTestSlots();
    const a1 = ask('a1');
    const waiting = ['a2', 'a3', 'a4', 'a5'].map((name) => ask(name).catch((error: unknown) => error));
    await expect(ask('a6')).rejects.toBeInstanceOf(NoRoom);
    const b1 = ask('b1');
    const b2 = ask('b2');
    expect(await waiting[3]).toBeInstanceOf(NoRoom);
    await end('b1', b1);
    expect(began).toEqual(['a1', 'b1', 'b2']);
    await end('b2', b2);
    await end('a1', a1);
    expect(began).toEqual(['a1', 'b1', 'b2', 'a2']);
  });

  it('gives up the place of a client that goes away while waiting', async () => {
    const { ask, end, began } = newTestSlots();
    const gone = new AbortController();
    const a1 = ask('a1');
    const a2 = ask('a2', gone.signal);
    const a3 = ask('a3');
    gone.abort();
    await expect(a2).rejects.toBeInstanceOf(NoRoom);
    await end('a1', a1);
    expect(began).toEqual(['a1', 'a3']);
    await end('a3', a3);
  });

  it('lets a query that may yield use an empty place, and begins it again once another tenant has had it', async () => {
    const { ask, askAsGuest, end, began } = newTestSlots();
    const a1 = askAsGuest('a1');
    const a2 = askAsGuest('a2');
    const a3 = askAsGuest('a3');
    await settled();
    expect(began).toEqual(['a1', 'a2']);
    const b1 = ask('b1');
    await settled();
    expect(began).toEqual(['a1', 'a2', 'b1']);
    await end('b1', b1);
    await settled();
    expect(began).toEqual(['a1', 'a2', 'b1', 'a2']);
    await end('a1', a1);
    await settled();
    expect(began.slice(4)).toEqual(['a3']);
    expect(await Promise.all([end('a2', a2), end('a3', a3)])).toEqual([undefined, undefined]);
  });

  it('counts a guest as its tenant’s share once that is free: it yields to nobody then', async () => {
    const { ask, askAsGuest, end, began } = newTestSlots();
    const a1 = askAsGuest('a1');
    const a2 = askAsGuest('a2');
    await settled();
    await end('a1', a1);
    const [b1, c1] = [ask('b1'), ask('c1')];
    await settled();
    expect(began).toEqual(['a1', 'a2', 'b1']);
    await end('a2', a2);
    await settled();
    expect(began).toEqual(['a1', 'a2', 'b1', 'c1']);
    await end('b1', b1);
    await end('c1', c1);
  });

  it('ends a guest whose client goes away, and does not begin it again', async () => {
    const { ask, askAsGuest, end, began } = newTestSlots();
    const gone = new AbortController();
    const a1 = askAsGuest('a1');
    const a2 = askAsGuest('a2', gone.signal);
    await settled();
    gone.abort();
    await expect(a2).rejects.toThrow('a2 was ended');
    const b1 = ask('b1');
    await settled();
    expect(began).toEqual(['a1', 'a2', 'b1']);
    await end('a1', a1);
    await end('b1', b1);
  });

  it('starts each tenant that has come in place of one guest, however many queries it sends', async () => {
    const slots = createSlots({ running: 3, waiting: 9, perTenant: 1 });
    const began: string[] = [];
    const ends: (() => void)[] = [];
    const ask = (tenant: string): Promise<void> =>
      slots.run({ tenant, signal: never, mayYield: true }, (signal) => {
        began.push(tenant);
        return new Promise((resolve, reject) => (ends.push(resolve), signal.addEventListener('abort', reject)));
      });
    const all = ['a', 'a', 'a', 'b', 'b'].map(ask);
    await settled();
    // The third of a was to yield before it had begun.
    expect(began).toEqual(['a', 'a', 'b']);
    while (began.length < 5) {
      ends.splice(0).forEach((end) => end());
      await settled();
    }
    ends.splice(0).forEach((end) => end());
    await Promise.all(all);
  });
});
