import { encodeTraces } from '@telltale/adapter-otlp';
import { type OtlpAttributes, type OtlpSpan } from '@telltale/contracts';
import { type HttpResponse, createReceivers, type Receivers } from './responses';
import { KEY, newTestGateway } from './gateway.fixture';
import { type Incoming } from './ingest';

export type Receiver = 'events' | 'conversations' | 'traces' | 'logs' | 'acks';
export const ALL_RECEIVERS: readonly Receiver[] = ['events', 'conversations', 'traces', 'logs', 'acks'];

export const span = (over: Partial<OtlpSpan> = {}): OtlpSpan => ({
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: 'b7ad6b7169203331',
  parentSpanId: '',
  traceState: '',
  name: 'chat',
  kind: 3,
  startMs: 1_764_000_000_000,
  endMs: 1_764_000_000_100,
  attributes: {},
  events: [],
  links: [],
  status: { code: 0, message: '' },
  ...over,
});
export const groups = <Item>(...items: Item[]) => ({
  groups: [
    {
      resource: { 'service.name': 'bot' } as OtlpAttributes,
      scope: { name: 's', version: '', attributes: {} },
      items: items.map((item, index) => ({ index, item })),
    },
  ],
});
export const spans = (...items: OtlpSpan[]): Buffer => encodeTraces(groups(...items));
export const event = (over: object = {}) => ({ kind: 'llm', ts: '2026-11-23T03:00:00Z', service_name: 'bot', ...over });

export function newTestReceivers(over: Parameters<typeof newTestGateway>[0] = {}) {
  const gateway = newTestGateway(over);
  const receivers: Receivers = createReceivers(gateway.deps);
  const post = (receiver: Receiver, body: Buffer | string | object, request: Partial<Incoming> = {}): Promise<HttpResponse> =>
    receivers[receiver]({
      receiver,
      key: KEY,
      contentType: 'application/json',
      contentEncoding: '',
      body: Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
      ...request,
    });
  const protobuf = (receiver: 'traces' | 'logs', body: Buffer, request: Partial<Incoming> = {}) =>
    post(receiver, body, { contentType: 'application/x-protobuf', ...request });
  return { ...gateway, post, protobuf };
}
export const json = ({ body }: HttpResponse): Record<string, unknown> => JSON.parse(body.toString()) as Record<string, unknown>;
export const message = (answer: HttpResponse): string =>
  String(json(answer)['message'] ?? (json(answer)['error'] as { message: string }).message);
