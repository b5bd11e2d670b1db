import { createSlots, NoRoom } from './slots';

const never = new AbortController().signal;
/** Queries that last until they are ended by name, and what began in which order. */
function newTestSlots() {
  const slots = createSlots({ running: 2, waiting: 4, perTenant: 1 });
  const began: string[] = [];
  const ends = new Map<string, () => void>();
  const ask = (name: string, signal = never): Promise<string> =>
    slots.run(name.charAt(0), signal, async () => {
      began.push(name);
      await new Promise<void>((resolve) => ends.set(name, resolve));
      return name;
    });
  const end = async (name: string, asked: Promise<string>): Promise<void> => {
    ends.get(name)?.();
    await asked;
  };
  return { ask, end, began };
}

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
    await expect(slots.run('a', never, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect(slots.run('a', never, () => Promise.resolve(1))).resolves.toBe(1);
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
});
