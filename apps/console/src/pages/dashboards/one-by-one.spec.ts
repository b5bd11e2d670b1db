import { createQueue } from './one-by-one';

/** Work that ends when it is told to. */
function newTestWork() {
  const started: string[] = [];
  const ends = new Map<string, () => void>();
  const work = (name: string) => (): Promise<string> => {
    started.push(name);
    return new Promise((resolve) => ends.set(name, () => resolve(name)));
  };
  return { started, work, end: (name: string): void => ends.get(name)?.() };
}
/** Long enough for everything that is settled to be heard of. */
const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
};

describe('a queue', () => {
  it('starts one after the other, in order, and answers each', async () => {
    const { started, work, end } = newTestWork();
    const run = createQueue(1);
    const never = new AbortController().signal;
    const answers = ['a', 'b'].map((name) => run(work(name), never));
    await settled();
    expect(started).toEqual(['a']);
    end('a');
    await settled();
    expect(started).toEqual(['a', 'b']);
    end('b');
    expect(await Promise.all(answers)).toEqual(['a', 'b']);
  });

  it('never starts what is not wanted any more, and goes on with the next', async () => {
    const { started, work, end } = newTestWork();
    const run = createQueue(1);
    const [never, gone] = [new AbortController(), new AbortController()];
    const first = run(work('a'), never.signal);
    const second = run(work('b'), gone.signal);
    const third = run(work('c'), never.signal);
    gone.abort();
    await expect(second).rejects.toMatchObject({ name: 'AbortError' });
    end('a');
    await first;
    await settled();
    expect(started).toEqual(['a', 'c']);
    end('c');
    expect(await third).toBe('c');
    await expect(run(work('d'), gone.signal)).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('goes on after work that failed', async () => {
    const run = createQueue(1);
    const never = new AbortController().signal;
    await expect(run(() => Promise.reject(new Error('no')), never)).rejects.toThrow('no');
    expect(await run(() => Promise.resolve(1), never)).toBe(1);
  });
});
