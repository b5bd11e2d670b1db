import { AsyncLocalStorage } from 'node:async_hooks';
import { type Context, context, type ContextManager, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { newTestSdk, type TestSdk } from './gateway.fixture';

/** The least that OpenTelemetry's own manager of contexts does. */
class TestContexts implements ContextManager {
  private readonly storage = new AsyncLocalStorage<Context>();
  active = (): Context => this.storage.getStore() ?? ROOT_CONTEXT;
  with: ContextManager['with'] = (active, fn, self, ...args) =>
    this.storage.run(active, () => fn.apply(self as ThisParameterType<typeof fn>, args));
  bind: ContextManager['bind'] = (_, target) => target;
  enable = (): this => this;
  disable = (): this => this;
}

let sdk: TestSdk;
beforeAll(() => void context.setGlobalContextManager(new TestContexts()));
afterAll(() => context.disable());
beforeEach(async () => {
  sdk = await newTestSdk({ control: false });
});
afterEach(() => sdk.close());

const traceId = 'a'.repeat(32);
const span = (spanId: string) => trace.wrapSpanContext({ traceId, spanId, traceFlags: 1 });
const within = <T>(spanId: string, fn: () => T): T => context.with(trace.setSpan(context.active(), span(spanId)), fn);

describe('with OpenTelemetry', () => {
  it('a turn is in the trace that is active, under its span', async () => {
    within('1'.repeat(16), () => sdk.client.turn({ name: 'chat' }, () => sdk.client.log.info('hi')));
    const [log, turn] = await sdk.sent();
    expect(turn).toMatchObject({ kind: 'turn', trace_id: traceId, parent_span_id: '1'.repeat(16) });
    expect(log).toMatchObject({ trace_id: traceId, span_id: turn?.span_id });
  });

  it('its spans within a turn belong to the turn, and what is within them to them', async () => {
    const { client } = sdk;
    const seen = client.turn({ name: 'chat' }, () => {
      const active = trace.getActiveSpan()?.spanContext();
      context.with(
        trace.setSpan(
          context.active(),
          trace.wrapSpanContext({ traceId: active?.traceId ?? '', spanId: '2'.repeat(16), traceFlags: 1 }),
        ),
        () => client.toolCall({ name: 'search' }, () => 1),
      );
      return active;
    });
    const [tool, turn] = await sdk.sent();
    expect(seen).toMatchObject({ traceId: turn?.trace_id, spanId: turn?.span_id });
    expect(tool).toMatchObject({ trace_id: turn?.trace_id, parent_span_id: '2'.repeat(16) });
  });

  it('may write to the span that stands for an operation', () => {
    const name = sdk.client.turn({ name: 'chat' }, () => {
      const active = trace.getActiveSpan();
      active?.setAttribute('a', 1).updateName('b').addEvent('c').setStatus({ code: 1 });
      active?.recordException(new Error('x'));
      active?.end();
      return active?.isRecording();
    });
    expect(name).toBe(false);
  });
});
