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
    reads: [TOPICS.settings.name, TOPICS.events.name, TOPICS.dlq.name, TOPICS.commands.name, TOPICS.tuning.name],
    writes: [TOPICS.commands.name, TOPICS.tuning.name, TOPICS.corrections.name],
    givesBack: REPLAYABLE_TOPICS,
  },
  init: async ({ config, events, rows, clock, log, metrics, stopping }) => {
    const keys = createKeyStore();
    await followKeys(keys, { log: events, signal: stopping, clock, logger: log });
    return {
      modules: [
        InsightsModule.register({
          log: events,
          rows,
          clock,
          logger: log,
          metrics,
          keys,
          stopping,
          priceOverrides: readPrices(config.TELLTALE_SETTINGS),
        }),
      ],
    };
  },
};
