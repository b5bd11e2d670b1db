import { type EventRecord, type OtlpAttributes, type OtlpSpan, type OtlpSpanEvent } from '@telltale/contracts';
import { type EventDraft } from './draft';
import { normalizeSpan } from './otlp-span';

export const head = { resource: { 'service.name': 'bot' }, scope: { name: '', version: '', attributes: {} } };
export const arrival = { tenant: 'acme', receivedAt: 5_000 };

export const newSpan = (of: Partial<OtlpSpan> = {}): OtlpSpan => ({
  traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), parentSpanId: 'c'.repeat(16), traceState: '', name: 'n', kind: 1, startMs: 1_000, endMs: 1_250,
  attributes: {}, events: [], links: [], status: { code: 0, message: '' }, ...of,
}); // prettier-ignore

export const spanEvent = (name: string, attributes: OtlpAttributes = {}): OtlpSpanEvent => ({ name, timeMs: 1_100, attributes });

/** The drafts of one span. */
export function draftsOf(of: Partial<OtlpSpan>): EventDraft[] {
  const result = normalizeSpan(newSpan(of), head, arrival);
  if (!result.ok) throw new Error(result.error.error);
  return result.value;
}
export function draftOf(attributes: OtlpAttributes, events: OtlpSpanEvent[] = []): EventDraft {
  const [draft] = draftsOf({ attributes, events });
  if (!draft) throw new Error('a span without an event');
  return draft;
}

/** Attributes that make a span an llm operation in each vocabulary. */
export const LLM = {
  otel: { 'gen_ai.operation.name': 'chat' },
  openInference: { 'openinference.span.kind': 'LLM' },
  openLlmetry: { 'llm.request.type': 'chat' },
  vercel: { 'ai.operationId': 'ai.generateText.doGenerate' },
} as const;

export const eventOf = (attributes: OtlpAttributes, events: OtlpSpanEvent[] = []): EventRecord =>
  draftOf(attributes, events).event;
