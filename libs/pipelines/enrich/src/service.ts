import { TOPICS } from '@telltale/contracts';
import { createErrorFingerprints } from '@telltale/domain-fingerprint';
import { createPriceBook, withOverrides } from '@telltale/domain-pricing';
import { defineService, pipelineUnder } from '@telltale/streaming';
import { type EnricherConfig, enricherConfig } from './config';
import { type EnrichOptions, type EnrichParts } from './options';
import { createEnrichTask } from './pipeline';
import { type EnrichSettings, enrichSettings } from './settings';

export interface EnricherDeps extends EnrichOptions {
  /** What is set of it elsewhere than in its own variables. */
  readonly settings: Partial<Pick<EnrichSettings, 'retentionDays' | 'tenants' | 'prices'>>;
}

export const enricherService = defineService({
  name: 'enricher',
  about: 'Decrypts, normalizes, redacts, prices and fingerprints events, assembles turns, drops duplicates, aggregates measures.',
  httpPort: 4331,
  inputs: [TOPICS.raw, TOPICS.otlpSpans, TOPICS.otlpLogs],
  outputs: [TOPICS.events, TOPICS.measures],
  tables: ['events', 'log_templates', 'pseudonyms'],
  state: TOPICS.enricherState,
  config: enricherConfig,
  pipeline(config: EnricherConfig, { settings: elsewhere, ...options }: EnricherDeps) {
    const own = enrichSettings.parse({
      defaultTenant: config.ENRICHER_DEFAULT_TENANT,
      privacy: config.ENRICHER_DEFAULT_PRIVACY_MODE,
      ...elsewhere,
    });
    const fingerprints = createErrorFingerprints();
    const partsUnder = (under: EnrichSettings): EnrichParts => ({
      settings: under,
      priceBook: withOverrides(createPriceBook(), under.prices),
      fingerprints,
    });
    const ownParts = partsUnder(own);
    return pipelineUnder(enrichSettings, own, (under, restored) =>
      createEnrichTask(options, under === own ? ownParts : partsUnder(under), restored),
    );
  },
});
