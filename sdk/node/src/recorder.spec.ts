import { createClient } from './client';
import { eventually, newTestDirective, newTestSdk, type SentEvent, type TestSdk } from './gateway.fixture';

let sdk: TestSdk;
afterEach(() => sdk.close());
const only = { control: false } as const;
const reported = (events: readonly SentEvent[]): string[] =>
  events.map(({ kind, name, body, from_ring: ring }) => `${body ?? `${kind} ${name}`}${ring ? ' (ring)' : ''}`);

describe('what was not sent of a turn', () => {
  it('comes before the error that it led to, in order, as it was then', async () => {
    sdk = await newTestSdk(only);
    const { client } = sdk;
    const state = { step: 1 };
    client.turn({ name: 'chat' }, () => {
      client.log.debug('one', state);
      state.step = 2;
      client.log.trace('two', state);
      client.log.info('sent');
      client.log.error('broken');
      client.log.debug('after');
    });
    const events = await sdk.sent();
    expect(reported(events)).toEqual(['sent', 'one (ring)', 'two (ring)', 'broken', 'after (ring)', 'turn chat']);
    expect(events.slice(1, 3).map(({ attributes }) => attributes)).toEqual([{ step: 1 }, { step: 2 }]);
    expect(new Set(events.map(({ trace_id: id }) => id)).size).toBe(1);
  });

  it('comes before a tool that failed, and once for each failure', async () => {
    sdk = await newTestSdk(only);
    const { client } = sdk;
    const fails = client.tool('fails', () => {
      client.log.debug('inside');
      throw new Error('no');
    });
    client.turn({ name: 'chat' }, () => {
      expect(fails).toThrow('no');
      client.log.debug('between');
      expect(fails).toThrow('no');
    });
    expect(reported(await sdk.sent())).toEqual(['inside (ring)', 'tool fails', 'between (ring)', 'inside (ring)', 'tool fails', 'turn chat']); // prettier-ignore
  });

  it('is gone at the end of a turn in which nothing went wrong', async () => {
    sdk = await newTestSdk(only);
    const { client } = sdk;
    client.turn({ name: 'fine' }, () => client.log.debug('unused'));
    client.turn({ name: 'next' }, () => client.log.error('broken'));
    expect(reported(await sdk.sent())).toEqual(['turn fine', 'broken', 'turn next']);
  });

  it('is not what another turn holds at the same time', async () => {
    sdk = await newTestSdk(only);
    const { client } = sdk;
    let go: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (go = resolve));
    const turn = (name: string, end: () => void): Promise<void> =>
      client.turn({ name }, async () => {
        client.log.debug(`in ${name}`);
        await gate;
        end();
      });
    const both = [turn('a', () => undefined), turn('b', () => client.log.error('broken'))];
    go();
    await Promise.all(both);
    expect(reported(await sdk.sent()).filter((one) => one.includes('ring'))).toEqual(['in b (ring)']);
  });

  it('says how much of it was let go', async () => {
    sdk = await newTestSdk({ ...only, ringBytes: 2_000 });
    const { client } = sdk;
    client.turn({ name: 'chat' }, () => {
      for (let n = 0; n < 20; n++) client.log.debug(`line ${n}`);
      client.log.error('broken');
    });
    const events = await sdk.sent();
    expect(reported(events)).toEqual(['dropped=13 (ring)', ...Array.from({ length: 7 }, (_, n) => `line ${13 + n} (ring)`), 'broken', 'turn chat']); // prettier-ignore
    expect(events[0]?.attributes).toEqual({ dropped: 13, logger: 'telltale.ring' });
  });

  it('comes when a turn takes long', async () => {
    sdk = await newTestSdk({ ...only, slowTurnMs: 30 });
    const { client } = sdk;
    await client.turn({ name: 'chat' }, async () => {
      client.log.debug('early');
      await eventually(() => sdk.gateway.events.length === 1);
      client.log.debug('late');
    });
    expect(reported(await sdk.sent())).toEqual(['early (ring)', 'late (ring)', 'turn chat']);
  });

  it('comes when someone is not content', async () => {
    sdk = await newTestSdk(only);
    const { client } = sdk;
    client.turn({ name: 'chat' }, ({ traceId }) => {
      client.log.debug('early');
      client.feedback({ name: 'thumbs', value: 1 });
      client.feedback({ name: 'thumbs', label: 'thumbs_down', trace_id: traceId });
    });
    expect(reported(await sdk.sent())).toEqual(['feedback thumbs', 'early (ring)', 'feedback thumbs', 'turn chat']);
  });

  it('comes when someone is not content with a turn that has ended', async () => {
    sdk = await newTestSdk({ ...only, keep: 1e-6 });
    const { client } = sdk;
    const traces = ['liked', 'disliked'].map((name) =>
      client.session('s1', () =>
        client.turn({ name }, ({ traceId }) => {
          client.log.info(`first of ${name}`);
          client.log.debug(`then of ${name}`);
          client.tool('search', () => client.log.info(`last of ${name}`))();
          return traceId;
        }),
      ),
    );
    const before = (await sdk.sent()).length;
    client.feedback({ name: 'thumbs', value: 1, trace_id: traces[0] ?? '' });
    client.feedback({ name: 'thumbs', value: -1, trace_id: traces[1] ?? '' });
    client.feedback({ name: 'thumbs', value: -1, trace_id: traces[1] ?? '' });
    const late = (await sdk.sent()).slice(before).filter(({ kind }) => kind !== 'feedback');
    // The call of the first turn was sent as the sample of its kind, so that of the second was held.
    expect(reported(late)).toEqual(['first of disliked (ring)', 'then of disliked (ring)', 'last of disliked (ring)', 'tool search (ring)']); // prettier-ignore
    expect(late.map(({ sampling_weight: weight = 1 }) => weight)).toEqual([0, 1, 0, 0]);
    expect(new Set(late.map(({ trace_id: trace, session_id: session }) => `${trace} ${session}`))).toEqual(new Set([`${traces[1]} s1`])); // prettier-ignore
  });

  it('comes when a directive asks for it, of the turns that match, once', async () => {
    sdk = await newTestSdk();
    const { client } = sdk;
    let go: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (go = resolve));
    const flush = newTestDirective({ target: { tool_name: 'search' }, set: { flush: true, content: 'full' } });
    const other = client.turn({ name: 'other' }, async () => {
      client.log.debug('elsewhere');
      await gate;
    });
    await client.turn({ name: 'chat' }, async () => {
      client.log.debug('before');
      client.tool('search', () => client.log.debug('within'))();
      await sdk.direct(flush);
      await eventually(() => sdk.gateway.events.length >= 3);
      client.tool('search', () => client.log.debug('again'))();
      await sdk.direct(flush);
    });
    go();
    await other;
    expect(reported(await sdk.sent())).toEqual(['tool search', 'before (ring)', 'within (ring)', 'tool search', 'turn chat', 'turn other']); // prettier-ignore
  });
});

describe('a directive', () => {
  it('raises what is sent of its slice, with its name on it, and tells what it did', async () => {
    sdk = await newTestSdk({ content: 'none' });
    const { client, gateway } = sdk;
    await sdk.direct(newTestDirective({ target: { tool_name: 'search' }, set: { min_severity: 'debug', content: 'full' } }));
    client.turn({ name: 'chat', input: 'hidden' }, () => {
      client.log.debug('not here');
      client.tool('search', (q: string) => {
        client.log.debug('looking');
        return q.length;
      })('x');
    });
    const [line, tool, turn] = await sdk.sent();
    expect(line).toMatchObject({ body: 'looking', verbosity_level: 'debug', directive_ids: ['d1'] });
    expect(tool).toMatchObject({ tool: { arguments: 'x', result: 1 }, verbosity_level: 'debug', directive_ids: ['d1'] });
    expect(turn).toMatchObject({ kind: 'turn', verbosity_level: 'metadata' });
    expect(turn).not.toHaveProperty('input');
    await client.shutdown();
    const last = gateway.acks.at(-1);
    expect(last).toMatchObject({ status: 'applied', error: '', set_hash: 'hash-2', service_name: 'shop', sdk: { name: 'telltale-node' } }); // prettier-ignore
    expect(last?.directives).toEqual([{ id: 'd1', hits: 2, drops: 0, bytes: JSON.stringify(line).length + JSON.stringify(tool).length }]); // prettier-ignore
    expect(last?.suppressed.records).toBe(1);
  });

  it('lowers content to its length, and turns to a share that says what it stands for', async () => {
    sdk = await newTestSdk();
    const { client } = sdk;
    await sdk.direct(newTestDirective({ class: 'restrict', set: { content: 'metadata', keep: 0.5 } }));
    for (let n = 0; n < 40; n++) client.turn({ name: 'chat', input: 'hello' }, () => 'hi');
    const events = await sdk.sent();
    expect(events.length).toBeLessThan(35);
    expect(events.at(-1)).toMatchObject({ verbosity_level: 'metadata', attributes: { 'input.length': 5, 'output.length': 2 } });
    expect(events.at(-1)).not.toHaveProperty('output');
    const weights = new Set(events.slice(1).map(({ sampling_weight: weight }) => weight));
    expect([...weights]).toEqual([2]);
  });

  it('that cannot be read leaves the set that was in force, and is reported as failed', async () => {
    sdk = await newTestSdk();
    const { client, gateway } = sdk;
    await sdk.direct(newTestDirective());
    gateway.say([newTestDirective({ set: { keep: 5 } })]);
    await eventually(() => gateway.acks.some(({ status }) => status === 'failed'));
    expect(gateway.acks.at(-1)).toMatchObject({ set_hash: 'hash-3', error: 'directives[0].set.keep must be a number over 0 and at most 1' }); // prettier-ignore
    client.log.debug('still');
    expect(reported(await sdk.sent())).toEqual(['still']);
  });

  it('comes by asking where the gateway has no room for streams', async () => {
    sdk = await newTestSdk({ control: false });
    const { gateway } = sdk;
    gateway.streamStatus = 503;
    gateway.say([newTestDirective()]);
    const other = createClient({ url: gateway.url, service: 'shop', flushIntervalMs: 20, onMessage: null }, {});
    await eventually(() => other.stats().directives === 'hash-2');
    other.log.debug('heard');
    await other.flush(1_000);
    await other.shutdown(200);
    expect(reported(gateway.events)).toEqual(['heard']);
  });

  it('is heard of again after the stream was cut', async () => {
    sdk = await newTestSdk();
    const { gateway, client } = sdk;
    gateway.cut();
    await eventually(() => gateway.streams === 0);
    gateway.say([newTestDirective()]);
    await eventually(() => client.stats().directives === 'hash-2');
    client.log.debug('heard');
    expect(reported(await sdk.sent())).toEqual(['heard']);
  });
});
