import { decodeTracesJson } from '@telltale/adapter-otlp';
import { eventRecord } from '@telltale/contracts';
import { type LogRecord, type TokenCountInput, type TokenCounter } from '@telltale/streaming';
import { TransientError } from '@telltale/kernel';
import fc from 'fast-check';
import { native, newTestEnricher, record, T, testOptions } from './enrich.fixture';
import { createTextBatch } from './token-count-batch';

/** A token a character, so that a count says what was counted. */
function newFakeCounter() {
  const asked: TokenCountInput[][] = [];
  const counter: TokenCounter = {
    count(texts) {
      asked.push([...texts]);
      return Promise.resolve(texts.map(({ text }) => text.length));
    },
  };
  return { asked, counter };
}
const failing = (error: Error): TokenCounter => ({ count: () => Promise.reject(error) });

const traces = { decode: (body: Buffer) => decodeTracesJson(body.toString()), pick: (body: Buffer) => body };
const otlp = { ...testOptions().otlp, traces: { protobuf: traces, json: traces } };
function newEnricher(tokenCounter: TokenCounter = newFakeCounter().counter) {
  const enricher = newTestEnricher({ tokenCounter, otlp });
  const eventsOf = async (...records: LogRecord[]) => enricher.events(await enricher.runLater(records));
  return { ...enricher, eventsOf };
}

const withoutUsage = (of: Record<string, unknown> = {}) =>
  native({ provider: 'openai', request_model: 'gpt-4o', input: [{ role: 'user', content: 'hi' }], output: 'hello', ...of });
const usage = { input_tokens: 9, output_tokens: 1 };
/** Text, role, 3 of the message, 3 of the answer that begins. */
const HI = 2 + 4 + 3 + 3;

describe('missing usage', () => {
  it('is counted from what was said, marked, and priced', async () => {
    const [event] = await newEnricher().eventsOf(record(withoutUsage()));
    expect(event).toMatchObject({ usage_input_uncached: HI, usage_output: 5, usage_reasoning: null, usage_estimated: true });
    expect(event!.cost_nano_usd).toBe(HI * 2_500 + 5 * 10_000);
    expect(eventRecord.parse(event)).toEqual(event);
  });

  it.each([
    ['all of it', usage],
    ['its input', { input_tokens: 9 }],
    ['its output', { output_tokens: 1 }],
    ['its cache', { cache_read_tokens: 4 }],
    ['its thoughts', { reasoning_tokens: 4 }],
  ])('is not: where a call tells %s, that is trusted', async (_, reported) => {
    const { asked, counter } = newFakeCounter();
    const [event] = await newEnricher(counter).eventsOf(record(withoutUsage({ usage: reported })));
    expect([event!.usage_estimated, asked]).toEqual([false, []]);
    expect([event!.usage_input_uncached, event!.usage_output]).toEqual([
      'input_tokens' in reported ? 9 : null,
      'output_tokens' in reported ? reported.output_tokens : null,
    ]);
  });

  it.each([
    ['an agent, whose calls have their own', withoutUsage({ kind: 'agent' })],
    ['a turn', withoutUsage({ kind: 'turn' })],
    ['a tool', withoutUsage({ kind: 'tool', tool: { name: 'x', arguments: 'y', result: 'z' } })],
    ['a call that shows nothing', withoutUsage({ input: '', output: '' })],
    ['a call that failed without an answer', withoutUsage({ status: 'error', output: '' })],
  ])('stays unknown of %s', async (_, sent) => {
    const { asked, counter } = newFakeCounter();
    const [event] = await newEnricher(counter).eventsOf(record(sent));
    expect(event).toMatchObject({ usage_input_uncached: null, usage_output: null, usage_estimated: false });
    expect(asked.flat()).toEqual([]);
  });

  it('is counted of a call that failed in the middle of its answer', async () => {
    const [event] = await newEnricher().eventsOf(record(withoutUsage({ status: 'error' })));
    expect(event).toMatchObject({ usage_output: 5, usage_estimated: true });
  });

  it('leaves unknown the side that was not shown', async () => {
    const events = await newEnricher().eventsOf(
      record(withoutUsage({ output: '' })),
      record(withoutUsage({ input: '', name: 'b' })),
    );
    expect(events.map((event) => [event.usage_input_uncached, event.usage_output])).toEqual([[HI, null], [null, 5]]); // prettier-ignore
  });

  it('is the bare texts of what is embedded, by the older vocabulary', async () => {
    const { asked, counter } = newFakeCounter();
    const sent = native({ kind: 'embedding', request_model: 'text-embedding-3-small', input: ['abc', 'de'] });
    const [event] = await newEnricher(counter).eventsOf(record(sent));
    expect(event).toMatchObject({ usage_input_uncached: 5, usage_output: null, usage_estimated: true });
    expect(new Set(asked.flat().map(({ encoding }) => encoding))).toEqual(new Set(['cl100k_base']));
  });

  it('counts thoughts apart from the answer', async () => {
    const output = [
      {
        role: 'assistant',
        parts: [
          { type: 'reasoning', content: 'hmm' },
          { type: 'text', content: 'yes!' },
        ],
      },
    ];
    const [event] = await newEnricher().eventsOf(record(withoutUsage({ output })));
    expect(event).toMatchObject({ usage_output: 4, usage_reasoning: 3 });
  });

  it('is of the words as they came, of which none is kept', async () => {
    const { runLater, events } = newEnricher();
    const effects = await runLater([record(withoutUsage({ output: 'write to mia.li@example.com' }))]);
    expect(events(effects)[0]).toMatchObject({ usage_output: 'write to mia.li@example.com'.length });
    expect(JSON.stringify([effects.outputs, [...effects.rows], [...effects.state]])).not.toContain('mia.li');
  });

  it('grows with a conversation, of which each call hears all that was said before', async () => {
    const chat = {
      id: 's', model: 'gpt-4o', provider: 'openai',
      messages: [
        { role: 'system', content: 'be' }, { role: 'user', content: 'one' }, { role: 'assistant', content: 'two' },
        { role: 'user', content: 'three' }, { role: 'assistant', content: 'four' },
      ],
    }; // prettier-ignore
    const events = await newEnricher().eventsOf(record(chat, { headers: { 'tt-format': 'openai-chat' } }));
    const calls = events.filter(({ kind }) => kind === 'llm').map((event) => [event.usage_input_uncached, event.usage_output]);
    const first = 3 + ('be'.length + 'system'.length + 3) + ('one'.length + 'user'.length + 3);
    const second = first + ('two'.length + 'assistant'.length + 3) + ('three'.length + 'user'.length + 3);
    expect(calls).toEqual([[first, 3], [second, 4]]); // prettier-ignore
  });

  it('has in it the tools a model could choose', async () => {
    const definitions = JSON.stringify([{ type: 'function', function: { name: 'find' } }]);
    const [without] = await newEnricher().eventsOf(spansOf({ id: 'a' }));
    const [with_] = await newEnricher().eventsOf(spansOf({ id: 'a', attributes: { 'gen_ai.tool.definitions': definitions } }));
    expect(Number(with_!.usage_input_uncached)).toBeGreaterThan(Number(without!.usage_input_uncached));
  });
});

describe('reported usage that the words disprove', () => {
  const words = 'word '.repeat(800);
  const reported = (input_tokens: number, output_tokens: number, output: unknown, more: object = {}) =>
    withoutUsage({ usage: { input_tokens, output_tokens, ...more }, output });
  const usageOf = async (sent: ReturnType<typeof native>) => {
    const [event] = await newEnricher().eventsOf(record(sent));
    return [event!.usage_input_uncached, event!.usage_output, event!.usage_reasoning, event!.usage_estimated];
  };

  it.each([
    ['a stream that was cut, which leaves one token', reported(9, 1, words), [9, words.length, null, true]],
    ['0 and 0 beside 800 words', reported(0, 0, words), [HI, words.length, null, true]],
    ['0 of output beside one word', reported(9, 0, 'yes'), [9, 3, null, true]],
    ['a few tokens beside many words', reported(9, 4, [{ role: 'assistant', content: words }]), [9, words.length, null, true]],
    ['thoughts without a count', reported(9, 1, [{ role: 'assistant', parts: [{ type: 'reasoning', content: words }, { type: 'text', content: 'yes' }] }]), [9, 3, words.length, true]],
  ])('is a floor, and the count is marked as an estimate: %s', async (_, sent, expected) => {
    expect(await usageOf(sent)).toEqual(expected);
  }); // prettier-ignore

  it.each([
    ['a short answer of one token', reported(9, 1, 'yes'), [9, 1, null, false]],
    ['an answer of as many words as it may be', reported(9, 4, 'word '.repeat(6)), [9, 4, null, false]],
    ['an answer of more tokens than a placeholder has, whatever its length', reported(9, 17, words), [9, 17, null, false]],
    ['no output, where nothing was said', reported(9, 0, ''), [9, 0, null, false]],
    ['input that came from a cache', reported(0, 40, words, { cache_read_tokens: 7 }), [0, 40, null, false]],
    ['JSON of which nobody knows how much the model wrote', reported(9, 1, { raw: words }), [9, 1, null, false]],
    ['what a gateway answered from its cache', { ...reported(0, 0, words), attributes: { cache_hit: true } }, [0, 0, null, false]],
    ['an agent, which repeats its calls', { ...reported(0, 1, words), kind: 'agent' }, [0, 1, null, false]],
  ])('stays where it may be true: %s', async (_, sent, expected) => {
    expect(await usageOf(sent)).toEqual(expected);
  }); // prettier-ignore

  it('is counted, and priced as what was estimated', async () => {
    const { runLater, events } = newEnricher();
    const effects = await runLater([record(reported(9, 1, words)), record(reported(9, 1, 'yes'))]);
    expect(effects.counts).toMatchObject({ usage_disproved: 1 });
    expect(effects.counts).not.toHaveProperty('usage_estimated');
    expect(events(effects).map(({ cost_nano_usd }) => cost_nano_usd)).toEqual([9 * 2_500 + words.length * 10_000, 9 * 2_500 + 10_000]); // prettier-ignore
  });

  it('stays as it was reported where nothing can be counted', async () => {
    const [event] = await newEnricher(failing(new TransientError('unavailable', 'the worker ended'))).eventsOf(record(reported(9, 1, words))); // prettier-ignore
    expect(event).toMatchObject({ usage_output: 1, usage_estimated: false });
  });

  it('is never lowered', () =>
    fc.assert(
      fc.asyncProperty(fc.nat({ max: 20 }), fc.nat({ max: 20 }), fc.string({ maxLength: 300 }), async (input, output, text) => {
        const [uncached, said] = await usageOf(reported(input, output, text));
        expect(Number(uncached)).toBeGreaterThanOrEqual(input);
        expect(Number(said)).toBeGreaterThanOrEqual(output);
      }),
      { numRuns: 100 },
    ));

  it('of an outer call does not count beside the inner one that reported truly', async () => {
    const inner = { 'gen_ai.usage.input_tokens': 7, 'gen_ai.usage.output_tokens': 200 };
    const outer = { 'gen_ai.usage.input_tokens': 7, 'gen_ai.usage.output_tokens': 1, 'gen_ai.output.messages': JSON.stringify([{ role: 'assistant', content: words }]) }; // prettier-ignore
    const events = await newEnricher().eventsOf(spansOf({ id: 'o', attributes: outer }, { id: 'i', parent: 'o', attributes: inner })); // prettier-ignore
    expect(events.filter(({ kind }) => kind === 'llm').map((event) => [event.usage_output, event.usage_estimated])).toEqual([[200, false]]); // prettier-ignore
  });
});

interface TestSpan {
  readonly id: string;
  readonly parent?: string;
  readonly attributes?: Readonly<Record<string, string | number>>;
}
/** Calls of a model of one trace, as OTLP. */
function spansOf(...all: TestSpan[]): LogRecord {
  const said = {
    'gen_ai.operation.name': 'chat',
    'gen_ai.request.model': 'gpt-4o',
    'gen_ai.input.messages': '[{"role":"user","content":"hi"}]',
    'gen_ai.output.messages': '[{"role":"assistant","content":"hello"}]',
  };
  const spans = all.map(({ id, parent = 'r', attributes = {} }) => ({
    traceId: 'ab'.repeat(16),
    spanId: id.charCodeAt(0).toString(16).padStart(16, '0'),
    parentSpanId: parent.charCodeAt(0).toString(16).padStart(16, '0'),
    name: id,
    startTimeUnixNano: `${T - 1_000}000000`,
    endTimeUnixNano: `${T}000000`,
    attributes: Object.entries({ ...said, ...attributes }).map(([key, value]) => ({
      key,
      value: typeof value === 'number' ? { intValue: value } : { stringValue: value },
    })),
  }));
  return record(
    { resourceSpans: [{ scopeSpans: [{ spans }] }] },
    { headers: { 'tt-format': 'otlp-traces', 'tt-encoding': 'json' } },
  );
}

describe('a request that two instrumentations saw', () => {
  const reported = { 'gen_ai.usage.input_tokens': 7, 'gen_ai.usage.output_tokens': 2 };
  const outer = { id: 'o' };
  const inner = { id: 'i', parent: 'o' };
  const spent = [HI, 5];
  const nothing = [null, null];
  const reported_ = [7, 2];
  it.each([
    ['neither reported: the inner one is estimated', [outer, inner], [nothing, spent]],
    ['the inner one reported', [outer, { ...inner, attributes: reported }], [nothing, reported_]],
    ['the outer one reported', [{ ...outer, attributes: reported }, inner], [reported_, nothing]],
    ['the inner one shows nothing', [outer, { ...inner, attributes: { 'gen_ai.input.messages': '', 'gen_ai.output.messages': '' } }], [spent, nothing]],
  ])('is counted once: %s', async (_, spans, expected) => {
    const events = (await newEnricher().eventsOf(spansOf(...spans))).filter(({ kind }) => kind !== 'turn');
    expect(events.map((event) => [event.usage_input_uncached, event.usage_output])).toEqual(expected);
    for (const event of events) {
      expect(event.usage_estimated).toBe(event.usage_output === 5);
      const isDuplicate = event.usage_output === null;
      expect([event.kind, 'telltale.duplicate_of.id' in event.attributes]).toEqual(isDuplicate ? ['chain', true] : ['llm', false]);
    }
  }); // prettier-ignore

  it.each([
    ['its outer call is estimated too', {}, [...nothing, false]],
    ['what its outer call reported stays', reported, [...reported_, false]],
  ])('is counted from its inner call, which came first: %s', async (_, attributes, expected) => {
    const { eventsOf } = newEnricher();
    const [first, second] = await eventsOf(spansOf(inner, { ...outer, attributes }));
    expect(first).toMatchObject(
      attributes === reported ? { usage_estimated: false } : { usage_output: 5, usage_estimated: true },
    );
    expect([second!.usage_input_uncached, second!.usage_output, second!.usage_estimated]).toEqual(expected);
    expect(second!.attributes['rollup.usage.output_tokens']).toBeUndefined();
  });
});

describe('a range', () => {
  it('waits for nothing when all calls reported their usage', () => {
    const { counter, asked } = newFakeCounter();
    const { run, events } = newEnricher(counter);
    expect(events(run([record(withoutUsage({ usage })), record(native({ kind: 'log', body: 'x' }))]))).toHaveLength(2);
    expect(asked).toEqual([]);
  });

  it('asks once for all its calls, and once for what they share', async () => {
    const { counter, asked } = newFakeCounter();
    const effects = await newEnricher(counter).runLater([
      record([withoutUsage(), withoutUsage({ output: 'bye' })]),
      record(withoutUsage({ usage })),
    ]);
    expect(asked.map((texts) => texts.map(({ text }) => text))).toEqual([['hi', 'user', 'hello', 'bye']]);
    expect(effects.counts).toMatchObject({ usage_estimated: 2 });
  });

  it('goes on without an estimate when nothing can be counted, and says so', async () => {
    const { runLater, events } = newEnricher(failing(new TransientError('unavailable', 'the worker ended')));
    const effects = await runLater([record(withoutUsage())]);
    expect(events(effects)[0]).toMatchObject({ usage_input_uncached: null, usage_estimated: false, cost_nano_usd: null });
    expect(effects.counts).toMatchObject({ usage_estimation_failed: 1, calls_without_usage: 1 });
  });

  it('ends with an error that is a bug', async () => {
    await expect(newEnricher(failing(new TypeError('oops'))).runLater([record(withoutUsage())])).rejects.toThrow('oops');
  });

  it('takes any content, and is the same again', async () => {
    const chat = fc.record({ role: fc.constantFrom('user', 'tool'), content: fc.jsonValue(), parts: fc.jsonValue() }, { requiredKeys: ['role'] });
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), fc.array(chat), fc.jsonValue(), async (input, output, tools) => {
        const records = [
          record(withoutUsage({ input, output })),
          record({ messages: [...output, { role: 'assistant', content: input }], tools }, { headers: { 'tt-format': 'openai-chat' } }),
        ];
        const [first, second] = [await newEnricher().runLater(records), await newEnricher().runLater(records)];
        expect(first.rejections).toEqual([]);
        expect(JSON.stringify([first.outputs, [...first.rows]])).toBe(JSON.stringify([second.outputs, [...second.rows]]));
      }),
      { numRuns: 300 },
    );
  }); // prettier-ignore
});

describe('the texts of a range', () => {
  const tokensOf = (batch: ReturnType<typeof createTextBatch>) => batch.counted(batch.texts.map(({ text }) => text.length * 2));

  it('are counted by their first part where they are long', () => {
    const batch = createTextBatch(10, 100);
    batch.add('x'.repeat(25), 'o200k_base');
    expect(batch.texts.map(({ text }) => text.length)).toEqual([10]);
    expect([tokensOf(batch)('x'.repeat(25), 'o200k_base'), batch.cut()]).toEqual([50, 1]);
  });

  it('are taken by their length where there are too many', () => {
    const batch = createTextBatch(10, 25);
    const texts = ['a', 'b', 'c'].map((letter) => letter.repeat(10));
    for (const text of texts) batch.add(text, 'o200k_base');
    expect(batch.texts).toHaveLength(2);
    expect(texts.map((text) => tokensOf(batch)(text, 'o200k_base'))).toEqual([20, 20, 3]);
    expect(batch.cut()).toBe(1);
  });

  it('are each counted once a vocabulary', () => {
    const batch = createTextBatch();
    for (const encoding of ['o200k_base', 'cl100k_base', 'o200k_base'] as const) batch.add('a', encoding);
    expect(batch.texts).toEqual([{ text: 'a', encoding: 'o200k_base' }, { text: 'a', encoding: 'cl100k_base' }]); // prettier-ignore
  });
});
