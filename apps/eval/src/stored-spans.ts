import { decodeTracesJson } from '@telltale/adapter-otlp';
import { type OtlpAttributes, type OtlpSpan, type OtlpValue } from '@telltale/contracts';
import { groupBy, hashId, isRecord } from '@telltale/kernel';

/** A span as a file keeps it, and what else the file records about it, which our result is compared with. */
export interface StoredSpan {
  readonly span: OtlpSpan;
  readonly scope: string;
  readonly resource: OtlpAttributes;
  readonly reported: { readonly kind?: string; readonly model?: string; readonly input?: number; readonly output?: number };
}
export interface StoredTrace {
  readonly framework: string;
  readonly file: string;
  readonly spans: readonly StoredSpan[];
}

type Fields = Readonly<Record<string, unknown>>;
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const fields = (value: unknown): Fields => {
  if (isRecord(value)) return value;
  if (typeof value !== 'string' || !value.startsWith('{')) return {};
  try {
    const parsed = JSON.parse(value) as unknown;
    return isRecord(parsed) ? parsed : {};
  } catch {
    return {};
  }
};
const hex = (id: string, digits: number): string => (/^[0-9a-f]+$/.test(id) && id.length === digits ? id : hashId(digits, id));

const STORED_KINDS: Readonly<Record<string, string>> = {
  GENERATION: 'llm', EMBEDDING: 'embedding', TOOL: 'tool', AGENT: 'agent', RETRIEVER: 'retrieval', EVALUATOR: 'evaluator', GUARDRAIL: 'guardrail',
}; // prettier-ignore

/** Attributes that the store takes out of a span, by the names under which its own SDK sends them. */
function movedOut(observation: Fields, isOwn: boolean): OtlpAttributes {
  const moved: OtlpAttributes = {};
  const put = (name: string, value: unknown): void => {
    if (value === null || value === undefined || value === '') return;
    moved[`langfuse.observation.${name}`] = typeof value === 'string' ? value : JSON.stringify(value);
  };
  put('input', observation['input']);
  put('output', observation['output']);
  if (!isOwn) return moved;
  put('type', text(observation['type']).toLowerCase());
  put('model.name', observation['model']);
  put('model.parameters', observation['modelParameters']);
  put('usage_details', observation['usageDetails']);
  return moved;
}

/** One observation of a Langfuse trace, as the span it was made from. */
function observedSpan(observation: Fields): StoredSpan {
  const metadata = fields(observation['metadata']);
  const scope = text(fields(metadata['scope'])['name']);
  const own = fields(metadata['attributes']);
  const isOwn = scope.startsWith('langfuse') || Object.keys(own).length === 0;
  const usage = fields(observation['usageDetails']);
  const kind = STORED_KINDS[text(observation['type'])];
  // Where the producer reported no tokens, the store has counted them itself.
  const hasUsage = isOwn || Object.keys(own).some((key) => /usage|token/i.test(key));
  const count = (name: string): object => (hasUsage && typeof usage[name] === 'number' ? { [name]: usage[name] } : {});
  const rest = isOwn ? Object.fromEntries(Object.entries(metadata).filter(([key]) => key !== 'scope' && key !== 'resourceAttributes' && key !== 'attributes')) : {}; // prettier-ignore
  return {
    scope,
    resource: fields(metadata['resourceAttributes']) as OtlpAttributes,
    reported: {
      ...(kind ? { kind } : {}),
      ...(observation['model'] ? { model: text(observation['model']) } : {}),
      ...count('input'),
      ...count('output'),
    },
    span: {
      traceId: hex(text(observation['traceId']), 32),
      spanId: hex(text(observation['id']), 16),
      parentSpanId: observation['parentObservationId'] ? hex(text(observation['parentObservationId']), 16) : '',
      traceState: '',
      name: text(observation['name']),
      kind: 1,
      startMs: Date.parse(text(observation['startTime'])) || 0,
      endMs: Date.parse(text(observation['endTime'])) || 0,
      attributes: { ...(rest as OtlpAttributes), ...(own as OtlpAttributes), ...movedOut(observation, isOwn) },
      events: [],
      links: [],
      status: { code: observation['level'] === 'ERROR' ? 2 : 0, message: text(observation['statusMessage']) },
    },
  };
}

const millis = (time: unknown): number =>
  Array.isArray(time) ? Number(time[0]) * 1_000 + Number(time[1]) / 1e6 : Date.parse(text(time)) || 0;

/** A finished span as OpenTelemetry's JavaScript SDK shows it. */
function shownSpan(shown: Fields): StoredSpan {
  const context = fields(shown['spanContext']);
  const events = Array.isArray(shown['events']) ? (shown['events'] as unknown[]).filter(isRecord) : [];
  return {
    scope: text(fields(shown['instrumentationScope'])['name']),
    resource: {},
    reported: {},
    span: {
      traceId: hex(text(context['traceId']), 32),
      spanId: hex(text(context['spanId']), 16),
      parentSpanId: text(shown['parentSpanId']),
      traceState: '',
      name: text(shown['name']),
      kind: 1,
      startMs: millis(shown['startTime']),
      endMs: millis(shown['endTime']),
      attributes: fields(shown['attributes']) as OtlpAttributes,
      events: events.map((event) => ({
        name: text(event['name']),
        timeMs: millis(event['time']),
        attributes: fields(event['attributes']) as OtlpAttributes,
      })),
      links: [],
      status: { code: Number(fields(shown['status'])['code'] ?? 0), message: text(fields(shown['status'])['message']) },
    },
  };
}

const isShown = (value: unknown): value is Fields => isRecord(value) && isRecord(value['spanContext']);
const isAttributes = (value: Fields): boolean =>
  Object.keys(value).some((key) => /^(gen_ai|openinference|llm|ai|traceloop|langfuse|langsmith|mcp)\./.test(key));

const traceIdOf = ({ span }: StoredSpan): string => span.traceId;

/** A body of OTLP/JSON: what a file exporter writes. */
function otlpTraces(value: Fields): Map<string, StoredSpan[]> {
  const spans = decodeTracesJson(JSON.stringify(value)).groups.flatMap(({ resource, scope, items }) =>
    items.map(({ item: span }): StoredSpan => ({ span, scope: scope.name, resource, reported: {} })),
  );
  return groupBy(spans, traceIdOf);
}

/** `crewai-2025-07-11.trace.json` is of crewai; a file of fixtures is of its folder. */
function frameworkOf(file: string, folder: string): string {
  const dated = /^(.+?)-\d{4}-\d\d-\d\d\.trace\.json$/.exec(file);
  return dated?.[1] ?? `${folder}: ${file.replace(/\.json$/, '')}`;
}

/** The traces in the value of one file, whatever kind of file it is; none when it holds no spans. */
export function tracesIn(value: unknown, file: string, folder: string): StoredTrace[] {
  const framework = frameworkOf(file, folder);
  const trace = (spans: readonly StoredSpan[]): StoredTrace => ({ framework, file, spans });
  if (isRecord(value) && (Array.isArray(value['observations']) || isRecord(value['trace']))) {
    const listed = value['observations'] ?? fields(value['trace'])['observations'];
    return [trace((Array.isArray(listed) ? (listed as unknown[]) : []).filter(isRecord).map(observedSpan))];
  }
  if (isRecord(value) && Array.isArray(value['resourceSpans'])) return [...otlpTraces(value).values()].map(trace);
  const shown = Array.isArray(value) ? (value as unknown[]) : isRecord(value) ? Object.values(value).flat() : [];
  if (shown.length > 0 && shown.every(isShown)) {
    return [...groupBy(shown.map(shownSpan), traceIdOf).values()].map(trace);
  }
  if (!isRecord(value) || !isAttributes(value)) return [];
  const bare = {
    name: file,
    spanContext: { traceId: file, spanId: file },
    attributes: value as OtlpValue,
    startTime: [1, 0],
    endTime: [1, 0],
  };
  return [trace([shownSpan(bare)])]; // prettier-ignore
}
