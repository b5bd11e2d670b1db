import { createQueue } from './queue';

function newTestQueue(maxItems: number, maxBytes = 1_000) {
  const lost: string[] = [];
  return { queue: createQueue<string>(maxItems, maxBytes, (item) => lost.push(item)), lost };
}

describe('a queue', () => {
  it('gives items in the order they came, whatever their severity', () => {
    const { queue } = newTestQueue(10);
    queue.push('a', 2, 1);
    queue.push('b', 4, 1);
    queue.push('c', 1, 1);
    expect([queue.take(2, 100), queue.take(2, 100), queue.size, queue.bytes]).toEqual([['a', 'b'], ['c'], 0, 0]);
  });

  it('loses the oldest of the lowest severity first', () => {
    const { queue, lost } = newTestQueue(3);
    queue.push('error', 4, 1);
    queue.push('debug 1', 1, 1);
    queue.push('debug 2', 1, 1);
    queue.push('info', 2, 1);
    queue.push('warn', 3, 1);
    expect([lost, queue.take(9, 100)]).toEqual([
      ['debug 1', 'debug 2'],
      ['error', 'info', 'warn'],
    ]);
  });

  it('loses what comes, where all that waits is worse', () => {
    const { queue, lost } = newTestQueue(2);
    queue.push('error', 4, 1);
    queue.push('warn', 3, 1);
    expect([queue.push('info', 2, 1), lost, queue.size]).toEqual([false, ['info'], 2]);
  });

  it('is bounded in bytes, and one item larger than that is lost alone', () => {
    const { queue, lost } = newTestQueue(10, 100);
    queue.push('a', 2, 60);
    queue.push('b', 2, 60);
    queue.push('large', 5, 101);
    expect([lost, queue.bytes]).toEqual([['a', 'large'], 60]);
  });

  it('gives as much as fits, and at least one', () => {
    const { queue } = newTestQueue(10);
    for (const item of ['a', 'b', 'c']) queue.push(item, 2, 40);
    expect([queue.take(9, 80), queue.take(9, 1)]).toEqual([['a', 'b'], ['c']]);
  });

  it('keeps order and count over many items', () => {
    const { queue } = newTestQueue(10_000, 1e9);
    for (let n = 0; n < 5_000; n++) queue.push(String(n), n % 6, 1);
    const taken: string[] = [];
    while (queue.size > 0) taken.push(...queue.take(7, 100));
    expect(taken).toEqual(Array.from({ length: 5_000 }, (_, n) => String(n)));
  });
});
