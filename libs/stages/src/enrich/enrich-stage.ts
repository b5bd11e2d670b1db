import { TOPICS } from '@telltale/contracts';
import { createErrorFingerprints } from '@telltale/domain-fingerprint';
import { createPriceBook, withOverrides } from '@telltale/domain-pricing';
import { type Stage } from '@telltale/engine';
import { createEnrichLane } from './enrich-lane';
import { type EnrichOptions, type EnrichParts } from './options';

/** Raw bodies in, whole events and their measures out. */
export function createEnrichStage(options: EnrichOptions): Stage {
  const parts: EnrichParts = {
    priceBook: withOverrides(createPriceBook(), options.priceOverrides ?? []),
    fingerprints: createErrorFingerprints(),
  };
  return {
    name: 'enricher',
    groupId: 'telltale.enricher',
    inputs: [TOPICS.raw.name, TOPICS.otlpSpans.name, TOPICS.otlpLogs.name],
    stateTopic: TOPICS.enricherState.name,
    openLane: (_lane, restored) => createEnrichLane(options, parts, restored),
  };
}
