import { TOPICS } from '@telltale/contracts';
import { createErrorFingerprints } from '@telltale/domain-fingerprint';
import { defineService, pipelineUnder } from '@telltale/streaming';
import { type EnricherConfig, enricherConfig } from './config';
import { type EnrichOptions } from './options';
import { createEnrichTask } from './pipeline';
import { enrichDefaults } from './settings';

export interface EnricherDeps extends EnrichOptions {
  /** Days that events are kept of tenants that do not say. */
  readonly retentionDays: number;
}

export const enricherService = defineService({
  name: 'enricher',
  about: 'Decrypts, normalizes, redacts, prices and fingerprints events, drops duplicates, aggregates measures.',
  httpPort: 4331,
  inputs: [TOPICS.settings, TOPICS.raw, TOPICS.otlpSpans, TOPICS.otlpLogs],
  outputs: [TOPICS.events, TOPICS.measures, TOPICS.volume],
  tables: ['events', 'log_templates', 'pseudonyms'],
  state: TOPICS.enricherState,
  config: enricherConfig,
  pipeline(config: EnricherConfig, { retentionDays, ...options }: EnricherDeps) {
    const own = enrichDefaults.parse({
      defaultTenant: config.ENRICHER_DEFAULT_TENANT,
      privacy: config.ENRICHER_DEFAULT_PRIVACY_MODE,
      retentionDays,
    });
    const fingerprints = createErrorFingerprints();
    return pipelineUnder(enrichDefaults, own, (defaults, restored) =>
      createEnrichTask(options, { defaults, fingerprints }, restored),
    );
  },
});
