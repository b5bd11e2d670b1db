import { eventually, newTestSdk, type TestSdk } from './gateway.fixture';
import { extract, inject, withContext } from './propagation';

let sdk: TestSdk;
afterEach(() => sdk.close());
const only = { control: false } as const;

describe('a turn', () => {
  it('is sent with what was called in it, each under its caller', async () => {
    sdk = await newTestSdk(only);
    const { client } = sdk;
    const search = client.tool('search', (query: { q: string }) => [query.q]);
    const answer = await client.session({ id: 's1', user_id: 'mia' }, () =>
      client.turn({ name: 'chat', input: 'hello' }, async () => {
        await client.llmCall({ provider: 'openai', model: 'gpt-5', input: [{ role: 'user' }] }, async (call) => {
          call.set({ response_model: 'gpt-5-1', usage: { input_tokens: 3, output_tokens: 4 } });
          call.setOutput('searching');
          client.log.info('asked', { n: 1 });
        });
        return search({ q: 'x' }).join();
      }),
    );
    expect(answer).toBe('x');
    const [log, llm, tool, turn] = await sdk.sent();
    expect(turn).toMatchObject({
      kind: 'turn', name: 'chat', status: 'ok', session_id: 's1', user_id: 'mia', input: 'hello', output: 'x', service_name: 'shop', verbosity_level: 'normal',
      trace_id: expect.stringMatching(/^[0-9a-f]{32}$/) as string, span_id: expect.stringMatching(/^[0-9a-f]{16}$/) as string,
    }); // prettier-ignore
    const within = { trace_id: turn?.trace_id, parent_span_id: turn?.span_id, session_id: 's1' };
    expect(llm).toMatchObject({ ...within, kind: 'llm', name: 'chat gpt-5', request_model: 'gpt-5', response_model: 'gpt-5-1', provider: 'openai', usage: { input_tokens: 3, output_tokens: 4 }, output: 'searching' }); // prettier-ignore
    expect(tool).toMatchObject({ ...within, kind: 'tool', name: 'search', tool: { name: 'search', arguments: { q: 'x' }, result: ['x'] } }); // prettier-ignore
    expect(log).toMatchObject({ kind: 'log', severity: 'info', body: 'asked', trace_id: turn?.trace_id, span_id: llm?.span_id, attributes: { n: 1 } }); // prettier-ignore
  });

  it('fails as the application does, and the application sees its own error', async () => {
    sdk = await newTestSdk(only);
    const { client } = sdk;
    const failure = new TypeError('no such thing');
    const thrown = await client
      .turn({ name: 'chat' }, () => client.toolCall({ name: 'search', call_id: 'c1' }, () => Promise.reject(failure)))
      .catch((error: unknown) => error);
    expect(thrown).toBe(failure);
    const events = await sdk.sent();
    expect(events.map(({ kind, status, error }) => [kind, status, error?.type, error?.message])).toEqual([
      ['tool', 'error', 'TypeError', 'no such thing'],
      ['turn', 'error', 'TypeError', 'no such thing'],
    ]);
  });

  it('is one of a trace: another within it is an agent', async () => {
    sdk = await newTestSdk(only);
    const { client } = sdk;
    client.turn({ name: 'outer' }, () => client.turn({ name: 'inner' }, () => 1));
    expect((await sdk.sent()).map(({ kind, name }) => `${kind} ${name}`)).toEqual(['agent inner', 'turn outer']);
  });

  it('is sent as it was when it was seen, whatever becomes of it later', async () => {
    sdk = await newTestSdk(only);
    const { client } = sdk;
    const input = { messages: ['first'] };
    client.turn({ name: 'chat', input }, () => void input.messages.push('second'));
    expect((await sdk.sent())[0]?.input).toEqual({ messages: ['first'] });
  });

  it('goes on in the service that it calls', async () => {
    sdk = await newTestSdk(only);
    const { client } = sdk;
    const headers = client.session('s 1', () => client.turn({ name: 'front' }, () => inject({ Baggage: 'a=b,session.id=old' })));
    expect(headers).toEqual({ traceparent: expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/) as string, baggage: 'a=b,session.id=s%201' }); // prettier-ignore
    withContext(extract({ TraceParent: headers['traceparent'], baggage: headers['baggage'] }), () =>
      client.turn({ name: 'back' }, () => 1),
    );
    const [front, back] = await sdk.sent();
    expect(back).toMatchObject({ kind: 'agent', trace_id: front?.trace_id, parent_span_id: front?.span_id, session_id: 's 1' });
  });
});

describe('what else an application says', () => {
  it('is a decision, feedback, and a report', async () => {
    sdk = await newTestSdk(only);
    const { client } = sdk;
    client.turn({ name: 'chat' }, () => {
      client.decision({ options: ['a', 'b'], chosen: 'a', why: 'cheaper' });
      client.feedback({ name: 'thumbs', value: 1, comment: 'good' });
      client.report('fallback used', { model: 'small' });
    });
    const [decision, feedback, report, turn] = await sdk.sent();
    expect(decision).toMatchObject({
      decision: { options: ['a', 'b'], chosen: 'a', why: 'cheaper' },
      parent_span_id: turn?.span_id,
    });
    expect(feedback).toMatchObject({ kind: 'feedback', score: { name: 'thumbs', value: 1 }, trace_id: turn?.trace_id, attributes: { comment: 'good' } }); // prettier-ignore
    expect(report).toMatchObject({ kind: 'log', severity: 'warn', body: 'fallback used', attributes: { model: 'small', category: 'fallback used', logger: 'report' } }); // prettier-ignore
  });

  it('is nothing while it is muted', async () => {
    sdk = await newTestSdk(only);
    const { client } = sdk;
    client.mute(() => client.turn({ name: 'chat' }, () => client.log.error('no')));
    expect(await sdk.sent()).toEqual([]);
  });

  it('says of an error what it was', async () => {
    sdk = await newTestSdk(only);
    sdk.client.log.error('failed', new RangeError('far'));
    sdk.client.logger('shop.db').warn('slow', { err: new RangeError('near'), ms: 3 });
    const [first, second] = await sdk.sent();
    expect(first).toMatchObject({ body: 'failed', error: { type: 'RangeError', message: 'far' } });
    expect(second).toMatchObject({ error: { message: 'near' }, attributes: { ms: 3, logger: 'shop.db' } });
  });
});

describe('an application', () => {
  it('is reported the settings in force once, without the key', async () => {
    sdk = await newTestSdk({ ...only, apiKey: 'tt_very_private', region: 'moon' });
    expect(sdk.messages).toEqual([expect.stringMatching(/^telltale: 0\.1\.0: url=http:\/\/127\.0\.0\.1:\d+ key=set service=shop minSeverity=info/)]); // prettier-ignore
    expect(sdk.messages.join()).not.toContain('tt_very_private');
    expect(sdk.messages.join()).not.toContain('moon');
  });

  it('runs the same when it is disabled', async () => {
    sdk = await newTestSdk({ disabled: true });
    const { client } = sdk;
    expect(client.session('s', () => client.turn({ name: 't' }, ({ traceId }) => traceId))).toBe('');
    expect(client.tool('double', (n: number) => 2 * n)(4)).toBe(8);
    client.log.error('nothing');
    expect(sdk.gateway.requests).toEqual([]);
    expect(sdk.messages).toEqual(['telltale: 0.1.0: disabled']);
  });

  it('never sees what goes wrong here', async () => {
    sdk = await newTestSdk({
      ...only,
      beforeSend: (event) => {
        if (event.body === 'bad') throw new Error('in the hook');
        return event.body === 'unwanted' ? null : { ...event, region: 'moon' };
      },
    });
    const { client } = sdk;
    const hostile: Record<string, unknown> = { get fails() { throw new Error('read'); }, big: 10n, at: new Date(0) }; // prettier-ignore
    hostile['self'] = hostile;
    client.log.info('odd', hostile);
    client.log.info(Symbol('x') as unknown as string);
    client.log.info('bad');
    client.log.info('unwanted');
    const events = await sdk.sent();
    expect(events[0]).toMatchObject({ region: 'moon', attributes: { fails: '[unreadable]', big: '10', at: '1970-01-01T00:00:00.000Z', self: '[circular]' } }); // prettier-ignore
    expect(events[1]?.body).toBe('Symbol(x)');
    expect(events[2]).toMatchObject({
      severity: 'warn',
      body: '1 records were lost',
      attributes: { 'lost.before_send_failed': 1 },
    });
    expect(client.stats().lost).toEqual({ before_send_failed: 1 });
  });

  it('has secrets and addresses masked before they are sent', async () => {
    sdk = await newTestSdk(only);
    sdk.client.turn({ name: 'chat', user_id: 'mia@example.com', input: { password: 'hunter22' } }, () => {
      sdk.client.log.info('mail to mia@example.com', { apiKey: 'k', n: 1 });
      return 'ask mia@example.com';
    });
    const [log, turn] = await sdk.sent();
    expect(log).toMatchObject({ body: 'mail to [EMAIL]', attributes: { apiKey: '[SECRET]', n: 1 }, user_id: 'mia@example.com' });
    expect(turn).toMatchObject({ input: { password: '[SECRET]' }, output: 'ask [EMAIL]' });
  });

  it('gets its records to a gateway that comes back', async () => {
    sdk = await newTestSdk(only);
    sdk.gateway.nextAnswers.push(
      { status: 503, headers: { 'retry-after': '0' } },
      { status: 429, headers: { 'retry-after': '0' } },
    );
    sdk.client.log.info('patient');
    // The gateway has an event before the client has its answer.
    await eventually(() => sdk.client.stats().sent === 1);
    expect(sdk.client.stats()).toMatchObject({ sent: 1, pending: 0, lost: {} });
    const ids = new Set(sdk.gateway.events.map(({ id }) => id));
    expect(ids.size).toBe(1);
  });
});
