import { createPriceBook } from '@telltale/domain-pricing';
import { createPseudonyms } from '@telltale/domain-privacy';
import { createBatchPipeline, type Failure } from '@telltale/streaming';
import { createPriceStep } from './steps/price.step';
import { createRedactStep } from './steps/redact.step';
import { createSerializeStep } from './steps/serialize.step';
import { type EnrichContext, type Normalized, type SubjectsKnown, type UnitsKnown, type UsageKnown } from './types';

// The compiler is the test: tsc fails where an order compiles that must not.
describe('the order of steps', () => {
  const keyOf = (): Uint8Array => Buffer.alloc(32);
  const redact = createRedactStep(createPseudonyms(keyOf), { pseudonymKeyOf: keyOf });
  const table = createPriceBook();
  const price = createPriceStep({ priceBookOf: () => table, toolPricesOf: () => new Map() });
  const normalized = () =>
    createBatchPipeline<Normalized & UsageKnown & SubjectsKnown & UnitsKnown, EnrichContext, Failure, object>(
      (_, failure) => failure,
    );

  it('has redaction before a price', () => {
    expect(normalized().pipe(redact).pipe(price).stepNames).toEqual(['redact', 'price']);
  });
  it('does not compile with a price before redaction', () => {
    // @ts-expect-error price needs the redacted event
    expect(normalized().pipe(price).stepNames).toEqual(['price']);
  });
  it('does not compile with serialization before redaction', () => {
    // @ts-expect-error serialize needs the redacted event
    expect(normalized().pipe(createSerializeStep()).stepNames).toEqual(['serialize']);
  });
  it('does not compile with serialization before what the row holds is there', () => {
    // @ts-expect-error serialize needs price, fingerprint and annotations
    expect(normalized().pipe(redact).pipe(createSerializeStep()).stepNames).toEqual(['redact', 'serialize']);
  });
});
