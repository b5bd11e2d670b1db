import { type Trace } from '@telltale/streaming';

export const FROM = 1_764_000_000_123;
export const newTestTrace = (over: Partial<Trace> = {}): Trace => ({
  service: 'enricher',
  kind: 'consumer',
  name: 'batch',
  from: FROM,
  to: FROM + 250.5,
  attributes: { 'messaging.batch.message_count': 3, 'telltale.batch.offsets': ['a=0-3', 'b=1-2'], 'telltale.batch.outcome': 'committed' },
  parts: [
    { name: 'fetch', from: FROM, to: FROM + 50 },
    { name: 'insert', from: FROM + 50, to: FROM + 200, parts: [{ name: 'insert events', from: FROM + 60, to: FROM + 190 }] },
  ],
  servesOthersThan: () => true,
  ...over,
}); // prettier-ignore
