import { TOPICS } from '@telltale/contracts';
import { readPrices, type ServiceDefinition } from '@telltale/platform-nest-runtime';
import { createKeyStore, followKeys } from '@telltale/auth';
import { z } from 'zod';
import { REPLAYABLE_TOPICS } from './control/dead-letters';
import { InsightsModule } from './insights.module';

/** Answers people: reads, live tail, commands. */
export const insightsService: ServiceDefinition = {
  name: 'insights',
  dependsOn: [],
  config: z.object({}),
  topics: {
    reads: [TOPICS.settings.name, TOPICS.events.name, TOPICS.dlq.name, TOPICS.commands.name, TOPICS.detectorSettings.name],
    writes: [TOPICS.commands.name, TOPICS.detectorSettings.name, TOPICS.corrections.name],
    givesBack: REPLAYABLE_TOPICS,
  },
  init: async ({ config, broker, rows, clock, logger, metrics, stopping }) => {
    const keys = createKeyStore();
    await followKeys(keys, { broker, signal: stopping, clock, logger });
    return {
      modules: [
        InsightsModule.register({
          broker,
          rows,
          clock,
          logger,
          metrics,
          keys,
          stopping,
          priceOverrides: readPrices(config.TELLTALE_SETTINGS_FILE),
        }),
      ],
    };
  },
};
