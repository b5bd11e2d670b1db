import { gunzipSync } from 'node:zlib';
import { newTestClock } from './clock.fixture';
import { createDelivery, type DeliverySettings } from './delivery';
import { createLosses } from './losses';
import { newTestTransport, settled } from './transport.fixture';
import { eventually } from './gateway.fixture';
import { type Call } from './transport';

const linesOf = ({ body = Buffer.alloc(0), headers }: Call): string[] =>
  (headers?.['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString('utf8').split('\n').filter(Boolean);

function newTestDelivery(settings: Partial<DeliverySettings> = {}) {
  const clock = newTestClock();
  const transport = newTestTransport();
  const losses = createLosses();
  const problems: string[] = [];
  const delivery = createDelivery(
    { queueItems: 1_000, queueBytes: 1_000_000, flushIntervalMs: 1_000, requestTimeoutMs: 5_000, ...settings },
    {
      transport,
      clock,
      losses,
      reportOf: (counts) => JSON.stringify({ lost: counts }),
      onProblem: (text) => problems.push(text),
    },
  );
  const push = (...lines: (string | null)[]): void => {
    for (const line of lines) delivery.push({ serialize: () => line }, 2, 100);
  };
  const pass = async (ms: number): Promise<void> => {
    clock.advance(ms);
    await settled();
  };
  return { delivery, clock, transport, losses, problems, push, pass, sent: () => transport.calls.map(linesOf) };
}

describe('delivery', () => {
  it('gathers records for a while and sends them in one request, in order', async () => {
    const { push, pass, sent, transport } = newTestDelivery();
    push('a', 'b');
    await pass(999);
    expect(sent()).toEqual([]);
    await pass(1);
    expect(sent()).toEqual([['a', 'b']]);
    expect(transport.calls[0]).toMatchObject({ method: 'POST', path: '/v1/events', headers: { 'content-type': 'application/x-ndjson' }, timeoutMs: 5_000 }); // prettier-ignore
  });

  it('sends at once when a batch is full, and compresses it', async () => {
    const { push, pass, transport, sent } = newTestDelivery();
    push(...Array.from({ length: 600 }, (_, n) => `line ${n}`));
    await pass(0);
    await eventually(() => transport.calls.length === 2);
    expect(sent().map(({ length }) => length)).toEqual([500, 100]);
    expect(transport.calls[0]?.headers?.['content-encoding']).toBe('gzip');
  });

  it('waits ever longer for a gateway that fails, and loses nothing', async () => {
    const { push, pass, transport, sent, delivery, losses } = newTestDelivery();
    transport.replies.push(new Error('refused'), { status: 500 }, { status: 401 });
    push('a');
    await pass(1_000);
    // Half of each wait is by chance: of 500, 1,000 and 2,000 ms three quarters here.
    for (const [ms, requests] of [
      [374, 1],
      [1, 2],
      [749, 2],
      [1, 3],
      [1_499, 3],
      [1, 4],
    ] as const) {
      // prettier-ignore
      await pass(ms);
      expect(sent()).toHaveLength(requests);
    }
    expect([delivery.sent, delivery.pending, losses.total]).toEqual([1, 0, {}]);
  });

  it('waits as long as the gateway says', async () => {
    const { push, pass, transport, sent } = newTestDelivery();
    transport.replies.push({ status: 429, headers: { 'retry-after': '7' } });
    push('a');
    await pass(1_000);
    await pass(6_999);
    expect(sent()).toHaveLength(1);
    await pass(1);
    expect(sent()).toEqual([['a'], ['a']]);
  });

  it('sends halves of what is too large, and loses what is too large alone', async () => {
    const { push, pass, transport, sent, losses } = newTestDelivery();
    transport.replies.push({ status: 413 }, { status: 413 }, { status: 413 });
    push('a', 'b', 'c');
    await pass(1_000);
    expect(sent()).toEqual([['a', 'b', 'c'], ['a', 'b'], ['a'], ['b'], ['c']]);
    expect(losses.total).toEqual({ too_large: 1 });
  });

  it('counts what the gateway refuses, in whole or in part, and reports it with the next', async () => {
    const { push, pass, transport, sent, losses, problems } = newTestDelivery();
    transport.replies.push({ status: 400 }, { body: '{"accepted":1,"rejected":1}' });
    push('a');
    await pass(1_000);
    push('b', 'c');
    await pass(1_000);
    expect(losses.total).toEqual({ refused: 2 });
    push('d');
    await pass(10_000);
    expect(sent()).toEqual([['a'], ['b', 'c', '{"lost":{"refused":1}}'], ['d', '{"lost":{"refused":1}}']]);
    expect(problems).toEqual(['the gateway refused 1 events with 400', 'the gateway refused 1 of 3 events']);
  });

  it('is bounded while it waits, and counts what had no room', async () => {
    const { push, pass, transport, losses, delivery } = newTestDelivery({ queueItems: 3 });
    transport.replies.push(new Error('away'));
    push('a');
    await pass(1_000);
    push('b', 'c', 'd', 'e', 'f');
    expect([delivery.pending, losses.total]).toEqual([4, { queue_full: 2 }]);
  });

  it('goes on after what cannot be serialized', async () => {
    const { push, pass, sent } = newTestDelivery();
    push(null, null);
    await pass(1_000);
    expect(sent()).toEqual([]);
    push(null, 'a');
    await pass(1_000);
    expect(sent()).toEqual([['a']]);
  });

  it('flushes in the time given, or says that it did not', async () => {
    const { push, transport, delivery, clock } = newTestDelivery();
    push('a');
    expect(await delivery.flush(1_000)).toBe(true);
    transport.replies.push(...Array.from({ length: 50 }, () => new Error('away')));
    push('b');
    const flushed = delivery.flush(50);
    await settled();
    clock.advance(100);
    expect(await flushed).toBe(false);
    expect(delivery.pending).toBe(1);
  });

  it('does not wait long for a gateway while it is flushed', async () => {
    const { push, pass, transport, delivery, sent } = newTestDelivery();
    transport.replies.push({ status: 429, headers: { 'retry-after': '300' } });
    push('a');
    await pass(1_000);
    const flushed = delivery.flush(2_000);
    await settled();
    expect([await flushed, sent()]).toEqual([true, [['a'], ['a']]]);
  });

  it('counts what is left when it is closed, and later', async () => {
    const { push, pass, transport, delivery, losses } = newTestDelivery();
    transport.replies.push(new Error('away'));
    push('a');
    await pass(1_000);
    push('b');
    delivery.close();
    await settled();
    push('c');
    expect(losses.total).toEqual({ shutdown: 3 });
  });
});
