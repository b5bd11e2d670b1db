import { FencedError, type Clock, TransientError } from '@telltale/kernel';
import { type BatchContext } from './task-processor';
import { type Span, type Trace } from '../ports/tracer';
import { newTestBroker, newTestRunner, newTestStore, newTestTopology, record, TOPIC } from './task-runner.fixture';

/** Every read of the monotonic clock is a second later; the epoch of the wall clock is a million seconds before. */
const newTestClock = (): Clock => {
  let ms = 0;
  return { now: () => 1e9 + ms, monotonic: () => (ms += 1_000), sleep: () => Promise.resolve() };
};
function newTestTracer() {
  const traces: Trace[] = [];
  return { traces, tracer: { record: (trace: Trace) => void traces.push(trace) } };
}
const shape = ({ name, parts = [] }: Span): unknown => (parts.length > 0 ? { [name]: parts.map(shape) } : name);
const lasts = ({ from, to }: Span): number => to - from;

describe('the trace of a batch', () => {
  it('has the phases of the batch and the inserts of its tables, one within the other', async () => {
    const { tracer, traces } = newTestTracer();
    const log = newTestBroker([record(0), record(1)]);
    const tables = new Map([['alerts', ['{"a":1}', '{"a":2}']], ['events', ['{"b":1}']]]); // prettier-ignore
    const topology = newTestTopology({ rows: tables, counts: { events: 2 } });
    await newTestRunner(log, newTestStore(), { tracer, clock: newTestClock(), topology });
    const [batch] = traces;
    expect(traces.map(shape)).toEqual([
      { batch: ['fetch', 'transact', 'process', { insert: ['insert alerts', 'insert events'] }, 'transact'] },
    ]);
    expect(batch).toMatchObject({
      service: 'scorer',
      kind: 'consumer',
      isUnusual: false,
      attributes: {
        'messaging.consumer.group.name': 'telltale.scorer',
        'messaging.destination.partition.id': '0',
        'messaging.batch.message_count': 2,
        'telltale.batch.offsets': [`${TOPIC}=0-2`],
        'telltale.batch.outcome': 'committed',
        'telltale.batch.events': 2,
        'telltale.batch.rows': 3,
        'telltale.batch.outputs': 0,
        'telltale.batch.dead_letters': 0,
        'telltale.batch.retries': 0,
      },
    });
    const within = (outer: Span, inner: Span): boolean =>
      inner.from >= outer.from && inner.to <= outer.to && inner.to > inner.from;
    const isNested = (span: Span): boolean => (span.parts ?? []).every((part) => within(span, part) && isNested(part));
    expect(traces.map(isNested)).toEqual([true]);
    expect(batch?.from).toBeGreaterThan(1e9);
  });

  it('has the steps of the pipeline within its process, each as long as it took over all items', async () => {
    const { tracer, traces } = newTestTracer();
    const clock = newTestClock();
    const inner = newTestTopology();
    const topology = {
      ...inner,
      createTask: (...given: Parameters<typeof inner.createTask>) => {
        const task = inner.createTask(...given);
        return {
          ...task,
          process(...[records, ctx]: Parameters<typeof task.process>) {
            ctx.timer?.started();
            for (const step of ['decode', 'price', 'decode', 'price']) ctx.timer?.passed(step);
            return task.process(records, ctx);
          },
        };
      },
    };
    await newTestRunner(newTestBroker([record(0)]), newTestStore(), { tracer, clock, topology });
    const process = traces[0]?.parts?.find(({ name }) => name === 'process');
    expect(process?.parts?.map((step) => [step.name, lasts(step)])).toEqual([['decode', 2_000], ['price', 2_000]]); // prettier-ignore
    expect(process?.parts?.[1]?.from).toBe(process?.parts?.[0]?.to);
  });

  it('leaves idle rounds out', async () => {
    const { tracer, traces } = newTestTracer();
    await newTestRunner(newTestBroker([]), newTestStore(), { tracer, idleRounds: 5 });
    expect(traces).toEqual([]);
  });

  it('is one a batch, also where the intent of a batch came with the one before', async () => {
    const { tracer, traces } = newTestTracer();
    const log = newTestBroker(Array.from({ length: 12 }, (_, i) => record(i)));
    await newTestRunner(log, newTestStore(), { tracer });
    expect(traces.map(({ attributes }) => attributes?.['telltale.batch.offsets'])).toEqual(
      [[0, 4], [4, 8], [8, 12]].map(([from, end]) => [`${TOPIC}=${from}-${end}`]), // prettier-ignore
    );
    expect(traces.map(({ parts = [] }) => parts[0]?.name)).toEqual(['fetch', 'process', 'process']);
  });

  it('says of a batch that was tried again that it is unusual, and is no error', async () => {
    const { tracer, traces } = newTestTracer();
    const sink = newTestStore();
    sink.failNext(new TransientError('unavailable', 'hunter2'), new TransientError('unavailable', 'hunter2'));
    await newTestRunner(newTestBroker([record(0)]), sink, { tracer });
    expect(traces).toMatchObject([
      { isUnusual: true, attributes: { 'telltale.batch.retries': 2, 'telltale.batch.outcome': 'committed' } },
    ]);
    expect(traces[0]?.error).toBeUndefined();
    expect(JSON.stringify(traces)).not.toContain('hunter2');
  });

  it.each([
    ['failed', new RangeError('hunter2'), 'RangeError'],
    ['fenced', new FencedError('hunter2'), 'fenced'],
  ])('of a batch that %s has the class of the error, and nothing of its message', async (outcome, error, said) => {
    const { tracer, traces } = newTestTracer();
    const log = newTestBroker([record(0)]);
    const failing = newTestStore();
    failing.failNext(error);
    const ended = await newTestRunner(log, failing, { tracer }).catch((thrown: unknown) => thrown);
    expect(ended).toBe(outcome === 'failed' ? error : undefined);
    expect(traces).toMatchObject([
      { error: said, attributes: { 'telltale.batch.outcome': outcome, 'messaging.batch.message_count': 1 } },
    ]);
    expect(JSON.stringify(traces)).not.toContain('hunter2');
  });

  it('is not made without a tracer: batches have no timer, and the clock is read no more often', async () => {
    const contexts: BatchContext[] = [];
    const readsOf = async (tracer: ReturnType<typeof newTestTracer>['tracer'] | null): Promise<number> => {
      let reads = 0;
      const clock: Clock = { ...newTestClock(), monotonic: () => ++reads };
      const inner = newTestTopology();
      const topology = {
        ...inner,
        createTask: (...given: Parameters<typeof inner.createTask>) => {
          const task = inner.createTask(...given);
          return { ...task, process: (...[records, ctx]: Parameters<typeof task.process>) => (contexts.push(ctx), task.process(records, ctx)) }; // prettier-ignore
        },
      };
      await newTestRunner(newTestBroker([record(0)]), newTestStore(), { tracer, clock, topology });
      return reads;
    };
    const [off, on] = [await readsOf(null), await readsOf(newTestTracer().tracer)];
    expect(contexts.map((ctx) => 'timer' in ctx)).toEqual([false, true]);
    expect(on).toBeGreaterThan(off);
  });
});
