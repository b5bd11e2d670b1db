import { readPrices, type ServiceDefinition } from '@telltale/platform-nest-runtime';
import { z } from 'zod';
import { createKeyLookup } from './api-keys';
import { InsightsModule } from './insights.module';

/** Answers people: reads, live tail, commands. */
export const insightsService: ServiceDefinition = {
  name: 'insights',
  dependsOn: [],
  config: z.object({}),
  init: ({ config, events, rows, clock, log, metrics, stopping }) => ({
    modules: [
      InsightsModule.register({
        log: events,
        rows,
        clock,
        logger: log,
        metrics,
        auth: createKeyLookup(events, clock),
        stopping,
        priceOverrides: readPrices(config.TELLTALE_SETTINGS),
      }),
    ],
  }),
};
