import { newTestClock } from './clock.fixture';
import { startControl } from './control';
import { newTestDirective } from './gateway.fixture';
import { type Answer } from './transport';
import { newTestTransport, settled } from './transport.fixture';

const setOf = (hash: string, ...directives: object[]): string =>
  JSON.stringify({ now: '2026-03-02T12:00:01.000Z', set_hash: hash, directives });
const eventOf = (data: string): string => `event: directives\nid: x\ndata: ${data}\n\n`;

function newTestControl() {
  const clock = newTestClock();
  const transport = newTestTransport();
  const heard: string[] = [];
  const control = startControl({
    transport,
    clock,
    requestTimeoutMs: 5_000,
    apply: ({ hash }) => heard.push(hash),
    refuse: ({ hash, message }) => heard.push(`${hash}: ${message}`),
    onProblem: () => undefined,
  });
  const pass = async (ms: number): Promise<void> => {
    clock.advance(ms);
    await settled();
  };
  /** A reply that comes after `ms`. */
  const answerLate = (ms: number, reply: Partial<Answer>): Promise<Partial<Answer>> =>
    new Promise((resolve) => clock.after(ms, () => resolve(reply)));
  return { control, clock, transport, heard, pass, answerLate };
}

describe('the directives', () => {
  it('come by a stream, however it is cut into pieces', () => {
    const { transport, heard } = newTestControl();
    const text = `: alive\r\n\r\n${eventOf(setOf('h1'))}event: other\ndata: {}\n\n${eventOf(setOf('h2'))}`;
    for (const sign of text) transport.streams[0]?.hear(sign);
    expect(heard).toEqual(['h1', 'h2']);
  });

  it('that cannot be read are refused by hash and field, and the next are heard', () => {
    const { transport, heard } = newTestControl();
    transport.streams[0]?.hear(eventOf(setOf('h1', newTestDirective({ class: 'x' }))) + eventOf('{') + eventOf(setOf('h2')));
    expect(heard).toEqual(['h1: directives[0].class must be boost or restrict', ': answer is not JSON', 'h2']);
  });

  it('are asked for again ever later, sooner again only after data came', async () => {
    const { transport, pass } = newTestControl();
    transport.streams[0]?.end();
    await settled();
    await pass(749);
    expect(transport.streams).toHaveLength(1);
    await pass(1);
    expect(transport.streams).toHaveLength(2);
    // Open, but without data: the wait grows.
    transport.streams[1]?.hear(': alive\n\n');
    transport.streams[1]?.end();
    await settled();
    await pass(1_499);
    expect(transport.streams).toHaveLength(2);
    await pass(1);
    transport.streams[2]?.hear(eventOf(setOf('h1')));
    transport.streams[2]?.end(new Error('cut'));
    await settled();
    await pass(750);
    expect(transport.streams).toHaveLength(4);
  });

  it('are waited for where the gateway gives no stream, and polled where it does not wait', async () => {
    const { transport, heard, pass, answerLate } = newTestControl();
    transport.replies.push(
      { body: setOf('h1') },
      answerLate(3_000, { body: setOf('h2') }),
      { status: 304 },
      { body: setOf('h3') },
    );
    transport.streams[0]?.end({ status: 503 });
    await settled();
    await pass(200);
    await pass(3_000);
    expect(heard).toEqual(['h1', 'h2']);
    await pass(200);
    await pass(10_000);
    expect(heard).toEqual(['h1', 'h2', 'h3']);
    expect(transport.calls.map(({ path, timeoutMs }) => [path, timeoutMs])).toEqual([
      ['/v1/control', 5_000],
      ['/v1/control?wait=25s', 40_000],
      ['/v1/control?wait=25s', 40_000],
      ['/v1/control', 5_000],
    ]);
  });

  it('are polled slowly where a set names no hash', async () => {
    const { transport, pass } = newTestControl();
    transport.replies.push({ body: '{' }, { body: '{' });
    transport.streams[0]?.end({ status: 503 });
    await settled();
    await pass(9_000);
    expect(transport.calls).toHaveLength(1);
    await pass(1_000);
    expect(transport.calls.map(({ path }) => path)).toEqual(['/v1/control', '/v1/control']);
  });

  it('are polled by what is known where the gateway has no room, then streamed again', async () => {
    const { transport, heard, pass } = newTestControl();
    transport.replies.push({ body: setOf('h1') }, { status: 304 }, { body: setOf('h2') });
    transport.streams[0]?.end({ status: 429 });
    await settled();
    await pass(10_000);
    await pass(10_000);
    expect(heard).toEqual(['h1', 'h2']);
    expect(transport.calls.map(({ path, headers }) => [path, headers])).toEqual([
      ['/v1/control', {}],
      ['/v1/control', { 'if-none-match': '"h1"' }],
      ['/v1/control', { 'if-none-match': '"h1"' }],
    ]);
    for (let minute = 0; minute < 10; minute++) await pass(12_000);
    expect(transport.streams).toHaveLength(2);
  });

  it('are polled where no stream gets through', async () => {
    const { transport, heard, pass } = newTestControl();
    transport.replies.push({ body: setOf('h1') }, new Promise(() => undefined));
    for (const wait of [1_000, 2_000, 4_000]) {
      transport.streams.at(-1)?.end(new Error('nothing came in 45000 ms'));
      await settled();
      await pass(wait);
    }
    expect(heard).toEqual(['h1']);
  });

  it('of a stream that would fill the memory are given up', async () => {
    const { transport } = newTestControl();
    transport.streams[0]?.hear(`data: ${'x'.repeat(9 * 1024 * 1024)}`);
    await settled();
    expect(transport.streams[0]?.isAborted).toBe(true);
  });

  it('are not asked for any more once it is closed', async () => {
    const { control, transport, clock, pass } = newTestControl();
    control.close();
    await pass(600_000);
    expect([transport.streams.length, transport.calls.length, clock.timers]).toEqual([1, 0, 0]);
  });
});
