import { InMemorySpanExporter, type ReadableSpan, type SpanExporter } from '@opentelemetry/sdk-trace';
import { type Clock } from '@telltale/kernel';
import { silentLogger } from '@telltale/testkit';
import { setImmediate } from 'node:timers/promises';
import { createTracer } from './otlp-tracer';
import { newTestTrace } from './traces.fixture';

/** `pass`: the time of the next export has come. */
function newTestTracer(exporter: SpanExporter, over: { ratio?: number; draws?: number[]; maxQueuedSpans?: number } = {}) {
  const sleepers = new Set<() => void>();
  const clock: Clock = {
    now: () => 0,
    monotonic: () => 0,
    sleep: (_ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        sleepers.add(resolve);
        signal?.addEventListener('abort', () => resolve(), { once: true });
      }),
  };
  const counts: Record<string, number> = {};
  const draws = over.draws ?? [];
  const tracer = createTracer(exporter, {
    serviceName: 'telltale',
    instance: 'host:1',
    ratio: over.ratio ?? 1,
    maxQueuedSpans: over.maxQueuedSpans ?? 100,
    clock,
    random: () => draws.shift() ?? 0.5,
    metrics: {
      count: (_name, { outcome = '' }, by = 1) => void (counts[outcome] = (counts[outcome] ?? 0) + by),
      observe: () => undefined,
      set: () => undefined,
    },
    logger: silentLogger,
  });
  async function pass(): Promise<void> {
    await setImmediate();
    for (const wake of [...sleepers]) wake();
    sleepers.clear();
    await setImmediate();
  }
  return { tracer, counts, pass };
}
/** One that answers when it is asked to. */
function newSlowExporter() {
  const exports: { readonly spans: readonly ReadableSpan[]; readonly answer: () => void }[] = [];
  const exporter: SpanExporter = {
    export: (spans, done) => void exports.push({ spans, answer: () => done({ code: 0 }) }),
    shutdown: () => Promise.resolve(),
  };
  return { exporter, exports };
}

describe('a tracer', () => {
  it('keeps its ratio, and whatever the ratio each trace with an error or anything unusual', async () => {
    const exporter = new InMemorySpanExporter();
    const { tracer, pass } = newTestTracer(exporter, { ratio: 0.1, draws: [0.09, 0.1, 0.99] });
    for (const name of ['kept', 'left', 'left']) tracer.record(newTestTrace({ name, parts: [] }));
    tracer.record(newTestTrace({ name: 'failed', parts: [], error: 'RangeError' }));
    tracer.record(newTestTrace({ name: 'retried', parts: [], isUnusual: true }));
    await pass();
    const found = exporter
      .getFinishedSpans()
      .map(({ name, status, attributes }) => [name, status.code, attributes['error.type']]);
    expect(found).toEqual([['kept', 0, undefined], ['failed', 2, 'RangeError'], ['retried', 0, undefined]]); // prettier-ignore
  });

  it('drops whole traces that its queue has no room for, counts their spans, and has room again after an export', async () => {
    const { exporter, exports } = newSlowExporter();
    const { tracer, counts, pass } = newTestTracer(exporter, { maxQueuedSpans: 10 });
    for (let i = 0; i < 5; i++) tracer.record(newTestTrace());
    expect(counts).toEqual({ queue_full: 12 });
    await pass();
    // What is on its way takes its room until it is answered.
    tracer.record(newTestTrace());
    expect([exports.length, counts]).toEqual([1, { queue_full: 16 }]);
    expect(new Set(exports[0]?.spans.map((span) => span.spanContext().traceId)).size).toBe(2);
    exports[0]?.answer();
    await pass();
    tracer.record(newTestTrace());
    expect(counts).toEqual({ queue_full: 16, exported: 8 });
  });

  it('has one export at a time, of a bounded number of spans', async () => {
    const { exporter, exports } = newSlowExporter();
    const { tracer, pass } = newTestTracer(exporter, { maxQueuedSpans: 10_000 });
    for (let i = 0; i < 200; i++) tracer.record(newTestTrace());
    await pass();
    await pass();
    expect(exports.map(({ spans }) => spans.length)).toEqual([512]);
    exports[0]?.answer();
    await pass();
    expect(exports.map(({ spans }) => spans.length)).toEqual([512, 288]);
  });

  it('neither throws nor stops where the exporter throws', async () => {
    let fails = true;
    const taken: string[] = [];
    const exporter: SpanExporter = {
      export(spans, done) {
        if (fails) throw new RangeError('hunter2');
        taken.push(...spans.map(({ name }) => name));
        done({ code: 0 });
      },
      shutdown: () => Promise.resolve(),
    };
    const { tracer, counts, pass } = newTestTracer(exporter);
    tracer.record(newTestTrace({ parts: [] }));
    await pass();
    fails = false;
    tracer.record(newTestTrace({ name: 'next', parts: [] }));
    await pass();
    expect([counts, taken]).toEqual([{ export_failed: 1, exported: 1 }, ['next']]);
  });

  it('exports what is left when it is closed', async () => {
    const { exporter, exports } = newSlowExporter();
    const { tracer, counts } = newTestTracer(exporter);
    tracer.record(newTestTrace());
    const closed = tracer.close();
    await setImmediate();
    exports[0]?.answer();
    await closed;
    expect(counts).toEqual({ exported: 4 });
  });

  it('gives up what is left when the time for it is over', async () => {
    const { exporter } = newSlowExporter();
    const { tracer, counts, pass } = newTestTracer(exporter);
    tracer.record(newTestTrace());
    const closed = tracer.close();
    await pass();
    await closed;
    expect(counts).toEqual({ export_failed: 4 });
  });
});
