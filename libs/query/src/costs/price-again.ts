import { type CorrectionRecord } from '@telltale/contracts';
import { correctionOf } from '@telltale/domain-cost';
import { BILLED_VERSION, type PriceBook } from '@telltale/domain-pricing';
import { type RowStore } from '@telltale/streaming';
import { type Clock } from '@telltale/kernel';
import { type RepriceAnswer, type RepriceRange } from './reprice';
import { type CorrectionBroker, createCorrectionSender } from './send-corrections';
import { type CallRange, storedCalls } from './stored-calls';

export interface PriceAgainDeps {
  readonly rows: Pick<RowStore, 'query'>;
  readonly broker: CorrectionBroker;
  readonly clock: Clock;
  readonly book: PriceBook;
  readonly stopping: AbortSignal;
}

/** Models listed by name; the rest are counted together. */
const MAX_LISTED = 100;

function counter() {
  const counts: Record<string, number> = {};
  return {
    counts,
    add(name: string): void {
      const known = name in counts || Object.keys(counts).length < MAX_LISTED ? name : '__overflow__';
      counts[known] = (counts[known] ?? 0) + 1;
    },
  };
}

/**
 * Prices stored calls again and sends what differs to the costs service as corrections; events and spend are never edited.
 * Done twice it changes nothing: a call whose price is already right, with its corrections, needs none, and costs drops what
 * it has just been applied. In memory is a page of calls at a time. TransientError when costs takes no corrections.
 */
export async function priceAgain(deps: PriceAgainDeps, range: CallRange & RepriceRange): Promise<RepriceAnswer> {
  const { rows, book, clock } = deps;
  const sender = createCorrectionSender(deps, range.tenant);
  const now = clock.now();
  const [unpriced, versions] = [counter(), counter()];
  let [calls, corrections, delta] = [0, 0, 0];
  for await (const page of storedCalls(rows, range, range.dryRun ? () => Promise.resolve() : sender.room)) {
    const made: CorrectionRecord[] = [];
    for (const { stored, priced } of page) {
      calls++;
      if (stored.price_version === BILLED_VERSION) {
        versions.add(BILLED_VERSION);
        continue;
      }
      const price = book.priceOf(priced);
      if (price) versions.add(price.version);
      else unpriced.add(`${stored.provider}/${stored.model}`);
      const correction = correctionOf(stored, price, now);
      if (!correction) continue;
      delta += correction.delta_nano_usd - correction.previous_cost_nano_usd;
      made.push(correction);
    }
    corrections += made.length;
    if (!range.dryRun) await sender.send(made);
  }
  const pending = await sender.settled();
  return { calls, corrections, delta_nano_usd: delta, unpriced: unpriced.counts, price_versions: versions.counts, pending };
}
