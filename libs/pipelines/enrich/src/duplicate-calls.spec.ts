import { decodeTracesJson } from '@telltale/adapter-otlp';
import { type EventRecord } from '@telltale/contracts';
import { type LogRecord } from '@telltale/streaming';
import { testData } from '@telltale/testkit';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { newTestEnricher, record, T, testOptions } from './enrich.fixture';

const json = { decode: (body: Buffer) => decodeTracesJson(String(body)), pick: (body: Buffer) => body };
const otlp = { ...testOptions().otlp, traces: { protobuf: json, json } };

interface SpanOf {
  readonly id: string;
  readonly parent?: string;
  readonly scope: string;
  readonly response?: string;
  readonly from?: number;
  readonly to?: number;
}
const id = (name: string): string => Buffer.from(name.padEnd(8)).toString('hex');

/** Calls of one model with 100 tokens in and 20 out, in one export. */
const exportOf = (...spans: readonly SpanOf[]): LogRecord => {
  const scopeSpans = spans.map(({ id: name, parent = 'root', scope, response, from = -500, to = 0 }) => ({
    scope: { name: scope },
    spans: [
      {
        traceId: 'ab'.repeat(16), spanId: id(name), parentSpanId: id(parent), name, startTimeUnixNano: `${T + from}000000`, endTimeUnixNano: `${T + to}000000`,
        attributes: Object.entries({
          'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'openai', 'gen_ai.request.model': 'gpt-4o', 'gen_ai.usage.input_tokens': 100, 'gen_ai.usage.output_tokens': 20,
          ...(response === undefined ? {} : { 'gen_ai.response.id': response }),
        }).map(([key, value]) => ({ key, value: typeof value === 'number' ? { intValue: value } : { stringValue: value } })),
      },
    ],
  })); // prettier-ignore
  return record({ resourceSpans: [{ scopeSpans }] }, { headers: { 'tt-format': 'otlp-traces', 'tt-encoding': 'json' } });
};
const COST = 100 * 2_500 + 20 * 10_000;

describe('a call that two instrumentations report in one export', () => {
  it.each<[string, readonly SpanOf[], string]>([
    ['right beneath each other', [{ id: 'outer', scope: 'agents' }, { id: 'inner', parent: 'outer', scope: 'openai', from: -490, to: -5 }], 'inner'],
    ['side by side, with one answer', [{ id: 'a', scope: 'agents', response: 'r' }, { id: 'b', scope: 'openai', response: 'r', from: -450, to: -50 }], 'b'],
    ['side by side, at the same time', [{ id: 'a', scope: 'agents' }, { id: 'b', scope: 'openai', from: -498, to: -2 }], 'b'],
  ])('counts once: %s', (_, spans, kept) => {
    const { run, events, measures } = newTestEnricher({ otlp });
    const effects = run([exportOf(...spans)]);
    const found = events(effects);
    expect(found.map(({ kind }) => kind).sort()).toEqual(['chain', 'llm']);
    const [call] = found.filter(({ kind }) => kind === 'llm');
    const [duplicate] = found.filter(({ kind }) => kind === 'chain');
    expect(call).toMatchObject({ name: kept, cost_nano_usd: COST, usage_input_uncached: 100, usage_output: 20 });
    expect(duplicate).toMatchObject({ usage_input_uncached: null, usage_output: null, cost_nano_usd: null });
    expect(duplicate?.attributes).toMatchObject({ 'telltale.duplicate_of.id': id(kept), 'rollup.usage.input_tokens': '100', 'rollup.usage.output_tokens': '20' });
    expect(effects.counts?.['calls_without_usage']).toBeUndefined();
    expect(measures(effects).filter(({ metric }) => metric.startsWith('llm.')).map(({ metric, sum }) => [metric, sum])).toEqual([['llm.cost', COST], ['llm.tokens', 120]]);
  }); // prettier-ignore

  const kinds = (found: readonly EventRecord[]): string[] => found.map(({ kind }) => kind);
  it.each<[string, readonly SpanOf[]]>([
    ['of one instrumentation', [{ id: 'a', scope: 'openai' }, { id: 'b', scope: 'openai' }]],
    ['with different answers', [{ id: 'a', scope: 'agents', response: 'r' }, { id: 'b', scope: 'openai', response: 'q' }]],
    ['one after the other', [{ id: 'a', scope: 'agents' }, { id: 'b', scope: 'openai', from: 100, to: 600 }]],
    ['beneath each other at different times', [{ id: 'a', scope: 'agents' }, { id: 'b', parent: 'a', scope: 'openai', from: 100, to: 600 }]],
  ])('are two: %s', (_, spans) => {
    const { run, events } = newTestEnricher({ otlp });
    expect(kinds(events(run([exportOf(...spans)])))).toEqual(['llm', 'llm']);
  }); // prettier-ignore

  it('are two events where they come in different batches: only their turn counts them once', () => {
    const { run, events } = newTestEnricher({ otlp });
    const first = events(run([exportOf({ id: 'inner', parent: 'outer', scope: 'openai' })]));
    const second = events(run([exportOf({ id: 'outer', scope: 'agents' })], T + 1_000));
    expect(kinds([...first, ...second])).toEqual(['llm', 'llm']);
  });
});

const { path, itData, leftOut } = testData('spans', 'sdk-runs');
itData(`calls that one instrumentation reports, as real SDKs send them, all count${leftOut}`, () => {
  for (const file of readdirSync(path).filter((name) => name.startsWith('spans-'))) {
    const body = readFileSync(join(path, file), 'utf8');
    const now = Number(/"endTimeUnixNano":\s*"(\d+)\d{6}"/.exec(body)?.[1]) + 60_000;
    const { run, events } = newTestEnricher({ otlp });
    const found = events(run([record(body, { headers: { 'tt-format': 'otlp-traces', 'tt-encoding': 'json' }, timestampMs: now })], now));
    expect([file, found.length > 0, found.filter(({ attributes }) => 'telltale.duplicate_of.id' in attributes)]).toEqual([file, true, []]);
  }
}); // prettier-ignore
