import pino from 'pino';
import { newTestSdk, type TestSdk } from './gateway.fixture';
import transport, { createPinoStream, mixin } from './pino';

let sdk: TestSdk;
afterEach(() => sdk.close());
const only = { control: false } as const;

describe('pino', () => {
  it('writes to it beside another stream; its lines belong to their turn', async () => {
    sdk = await newTestSdk(only);
    const { client } = sdk;
    const elsewhere: string[] = [];
    const logger = pino(
      { name: 'shop', level: 'trace' },
      pino.multistream([
        { level: 'trace', stream: createPinoStream(client) },
        { level: 'trace', stream: { write: (line: string) => elsewhere.push(line) } },
      ]),
    );
    logger.debug('outside');
    client.turn({ name: 'chat' }, () => {
      logger.debug({ n: 1 }, 'before');
      logger.child({ part: 'db' }).info('asked');
      logger.error(new RangeError('far'), 'failed');
    });
    const events = await sdk.sent();
    expect(events.map(({ body, severity, from_ring: ring }) => [body, severity, ring])).toEqual([
      ['asked', 'info', undefined],
      ['before', 'debug', true],
      ['failed', 'error', undefined],
      [undefined, undefined, undefined],
    ]);
    expect(events[0]?.attributes).toEqual({ part: 'db', logger: 'shop' });
    expect(events[1]).toMatchObject({ trace_id: events[3]?.trace_id, attributes: { n: 1 } });
    expect(events[2]?.error).toMatchObject({ type: 'RangeError', message: 'far', stack: expect.stringContaining('RangeError: far') as string }); // prettier-ignore
    expect(elsewhere).toHaveLength(4);
  });

  it('is not parsed where nobody wants the line', async () => {
    sdk = await newTestSdk(only);
    const stream = createPinoStream(sdk.client);
    stream.write('{"level":20,"this is no JSON');
    stream.write('{"level":"debug","nor this');
    stream.write('{"level":30,"broken');
    expect((await sdk.sent()).map(({ body }) => body)).toEqual(['{"level":30,"broken']);
  });

  it('takes levels as numbers between its own, and as words', async () => {
    sdk = await newTestSdk(only);
    const stream = createPinoStream(sdk.client);
    for (const level of [35, 45, 99, '"WARNING"', '"odd"'])
      stream.write(`{"level":${level},"msg":"x","time":"2026-03-02T12:00:01.000Z"}`);
    const events = await sdk.sent();
    expect(events.map(({ severity }) => severity)).toEqual(['info', 'warn', 'fatal', 'warn', 'info']);
    expect(events[0]?.ts).toBe('2026-03-02T12:00:01.000Z');
  });

  it('names the turn in its lines, for a transport', async () => {
    sdk = await newTestSdk(only);
    const ids = sdk.client.session('s1', () => sdk.client.turn({ name: 'chat' }, () => mixin()));
    expect(mixin()).toEqual({});
    const stream = transport({ url: sdk.gateway.url, service: 'shop', onMessage: null, ...only });
    const line = JSON.stringify({ level: 30, msg: 'in a thread', ...ids });
    stream.write(line.slice(0, 9));
    stream.write(`${line.slice(9)}\n{"level":30,"msg":"last"}`);
    await new Promise<void>((resolve) => stream.end(resolve));
    const events = await sdk.sent();
    const turn = events.find(({ kind }) => kind === 'turn');
    expect(events.find(({ body }) => body === 'in a thread')).toMatchObject({ trace_id: turn?.trace_id, span_id: turn?.span_id, session_id: 's1' }); // prettier-ignore
    expect(events.map(({ body }) => body)).toContain('last');
  });
});
