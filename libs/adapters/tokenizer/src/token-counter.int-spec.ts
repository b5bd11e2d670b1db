import { TransientError } from '@telltale/kernel';
import { Worker } from 'node:worker_threads';
import { createTokenCounter, startCountWorker, type WorkerTokenCounter } from './token-counter';

jest.setTimeout(60_000);
const o200k = (text: string) => ({ text, encoding: 'o200k_base' as const });
const cl100k = (text: string) => ({ text, encoding: 'cl100k_base' as const });
/** A worker that exits on its first batch. */
const startDying = (): Worker =>
  new Worker("require('node:worker_threads').parentPort.once('message', () => process.exit(7))", { eval: true });
const startThrowing = (): Worker =>
  new Worker("require('node:worker_threads').parentPort.once('message', () => { throw new Error('no tables') })", { eval: true });

const open: WorkerTokenCounter[] = [];
const newCounter = (start?: () => Worker): WorkerTokenCounter => {
  const counter = createTokenCounter(start);
  open.push(counter);
  return counter;
};
afterEach(() => Promise.all(open.splice(0).map((counter) => counter.close())));

describe('the token counter', () => {
  // As https://cookbook.openai.com/examples/how_to_count_tokens_with_tiktoken has them.
  it.each([
    [o200k('antidisestablishmentarianism'), 6],
    [cl100k('2 + 2 = 4'), 7],
    [o200k('お誕生日おめでとう'), 8],
    [cl100k('お誕生日おめでとう'), 9],
    [cl100k('tiktoken is great!'), 6],
    [o200k(''), 0],
  ])('counts %j', async (text, tokens) => {
    expect(await newCounter().count([text])).toEqual([tokens]);
  });

  it('returns counts in the order of the texts, also for concurrent calls', async () => {
    const counter = newCounter();
    const [first, second] = await Promise.all([
      counter.count([o200k('hello world'), o200k('hello')]),
      counter.count([o200k('hello'), cl100k('hello world')]),
    ]);
    expect([first, second]).toEqual([[2, 1], [1, 2]]); // prettier-ignore
  });

  it('counts a word of any length as the sum of its cut runs', async () => {
    const counter = newCounter();
    const [whole, piece] = await counter.count([o200k('a'.repeat(200_000)), o200k('a'.repeat(100))]);
    expect(whole).toBe(2_000 * (piece ?? 0));
  });

  it('counts special tokens in text as text, and half a surrogate pair as a character', async () => {
    const [mark, half] = await newCounter().count([o200k('<|endoftext|>'), o200k('\ud83d')]);
    expect(mark).toBeGreaterThan(1);
    expect(half).toBeGreaterThan(0);
  });

  it('starts a worker only when there is something to count', async () => {
    const start = jest.fn(startCountWorker);
    const counter = newCounter(start);
    expect(start).not.toHaveBeenCalled();
    await counter.count([o200k('a')]);
    await counter.count([o200k('b')]);
    expect(start).toHaveBeenCalledTimes(1);
  });

  it.each([
    ['ends', startDying],
    ['fails', startThrowing],
  ])('starts another worker when one %s, and counts all the same', async (_, startBad) => {
    const start = jest.fn(startCountWorker).mockImplementationOnce(startBad);
    const counter = newCounter(start);
    expect(await counter.count([o200k('hello world')])).toEqual([2]);
    expect(start).toHaveBeenCalledTimes(2);
  });

  it('rejects the batch when the second worker dies too, and starts a new one for the next batch', async () => {
    const start = jest.fn(startCountWorker).mockImplementationOnce(startDying).mockImplementationOnce(startDying);
    const counter = newCounter(start);
    const both = [counter.count([o200k('hello world')]), counter.count([o200k('hello')])] as const;
    await expect(both[0]).rejects.toThrow(TransientError);
    expect(await both[1]).toEqual([1]);
  });

  it('counts after an idle worker died', async () => {
    const workers: Worker[] = [];
    const counter = newCounter(() => {
      const worker = startCountWorker();
      workers.push(worker);
      return worker;
    });
    await counter.count([o200k('hello')]);
    await workers[0]?.terminate();
    expect(await counter.count([o200k('hello')])).toEqual([1]);
    expect(workers).toHaveLength(2);
  });

  it('counts nothing once it is closed', async () => {
    const counter = newCounter();
    await counter.count([o200k('hello')]);
    await counter.close();
    await expect(counter.count([o200k('hello')])).rejects.toThrow('closed');
  });
});
