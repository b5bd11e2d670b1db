import { TOPICS } from '@telltale/contracts';
import { createErrorFingerprints } from '@telltale/domain-fingerprint';
import { createPriceBook, withOverrides } from '@telltale/domain-pricing';
import { type Stage } from '@telltale/streaming';
import { createSettings } from '@telltale/streaming';
import { createEnrichTask } from './enrich-task';
import { type EnrichOptions, type EnrichParts } from './options';
import { type EnrichSettings, enrichSettings } from './settings';

/** Raw bodies in, whole events and their measures out. */
export function createEnrichStage(options: EnrichOptions, own: EnrichSettings = enrichSettings.parse({})): Stage {
  const fingerprints = createErrorFingerprints();
  const settings = createSettings(enrichSettings, own);
  const partsUnder = (under: EnrichSettings): EnrichParts => ({
    settings: under,
    priceBook: withOverrides(createPriceBook(), under.prices),
    fingerprints,
  });
  const ownParts = partsUnder(own);
  return {
    name: 'enricher',
    groupId: 'telltale.enricher',
    inputs: [TOPICS.raw.name, TOPICS.otlpSpans.name, TOPICS.otlpLogs.name],
    stateTopic: TOPICS.enricherState.name,
    outputs: [TOPICS.events.name, TOPICS.measures.name],
    settings: settings.text,
    createTask(_partition, restored, intentSettings) {
      const under = settings.under(intentSettings);
      return createEnrichTask(options, under === own ? ownParts : partsUnder(under), restored);
    },
  };
}
