import { type OtlpBody, type OtlpLogRecord, type OtlpLogs, type OtlpSpan, type OtlpTraces } from '@telltale/contracts';
import { PermanentError } from '@telltale/kernel';
import fc from 'fast-check';

export const T0 = 1_764_000_000_123.5;

export const span = (over: Partial<OtlpSpan> = {}): OtlpSpan => ({
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: 'b7ad6b7169203331',
  parentSpanId: '',
  traceState: '',
  name: 'chat gpt-4o',
  kind: 3,
  startMs: T0,
  endMs: T0 + 250.25,
  attributes: { 'gen_ai.operation.name': 'chat' },
  events: [],
  links: [],
  status: { code: 0, message: '' },
  ...over,
});
export const logRecord = (over: Partial<OtlpLogRecord> = {}): OtlpLogRecord => ({
  timeMs: T0,
  observedMs: T0 + 1,
  severityNumber: 9,
  severityText: 'INFO',
  body: 'tool answered',
  attributes: {},
  traceId: '',
  spanId: '',
  eventName: '',
  ...over,
});
const body = <Item>(items: readonly Item[]) => ({
  groups: [
    {
      resource: { 'service.name': 'support-bot' },
      scope: { name: 'tests', version: '1', attributes: {} },
      items: items.map((item, index) => ({ index, item })),
    },
  ],
  problems: [],
});
export const traces = (...spans: OtlpSpan[]): OtlpTraces => body(spans);
export const logs = (...records: OtlpLogRecord[]): OtlpLogs => body(records);

const anyId = (bytes: number) =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((b) => Buffer.from(b.fill(1, 0, 1)).toString('hex'));
const anyMs = fc.integer({ min: 1, max: 4_000_000_000_000_000 }).map((quarters) => quarters / 1024);
export const anyAttributes = fc.dictionary(
  fc.string({ maxLength: 8 }),
  fc.letrec<{ value: OtlpSpan['attributes'][string] }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4, depthSize: 'small' },
      fc.string({ maxLength: 12 }),
      fc.boolean(),
      fc.maxSafeInteger(),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => (Number.isSafeInteger(n) ? n + 0 : n)),
      fc.constant(null),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.string({ maxLength: 6 }), tie('value'), { maxKeys: 3 }),
    ),
  })).value,
  { maxKeys: 5 },
);
export const anySpan: fc.Arbitrary<OtlpSpan> = fc.record({
  traceId: anyId(16),
  spanId: anyId(8),
  parentSpanId: fc.oneof(fc.constant(''), anyId(8)),
  traceState: fc.string({ maxLength: 4 }),
  name: fc.string({ maxLength: 10 }),
  kind: fc.nat(5),
  startMs: anyMs,
  endMs: anyMs,
  attributes: anyAttributes,
  events: fc.array(fc.record({ name: fc.string(), timeMs: anyMs, attributes: anyAttributes }), { maxLength: 2 }),
  links: fc.array(fc.record({ traceId: anyId(16), spanId: anyId(8), attributes: anyAttributes }), { maxLength: 2 }),
  status: fc.record({ code: fc.nat(2), message: fc.string({ maxLength: 5 }) }),
});
export const anyLogRecord: fc.Arbitrary<OtlpLogRecord> = fc.record({
  timeMs: anyMs,
  observedMs: anyMs,
  severityNumber: fc.nat(24),
  severityText: fc.string({ maxLength: 5 }),
  body: anyAttributes,
  attributes: anyAttributes,
  traceId: fc.oneof(fc.constant(''), anyId(16)),
  spanId: fc.oneof(fc.constant(''), anyId(8)),
  eventName: fc.string({ maxLength: 5 }),
});

export const itemsOf = <Item>({ groups }: OtlpBody<Item>): Item[] => groups.flatMap(({ items }) => items.map(({ item }) => item));
/** The refusal of an input, or null; any other error is a fault and goes on. */
export const refusalOf = (work: () => unknown): PermanentError | null => {
  try {
    work();
    return null;
  } catch (error) {
    if (error instanceof PermanentError) return error;
    throw error;
  }
};
export const thrownBy = (work: () => unknown): PermanentError => {
  const refusal = refusalOf(work);
  if (!refusal) throw new Error('nothing was thrown');
  return refusal;
};
