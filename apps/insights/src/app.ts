import { readPrices, type ServiceApp } from '@telltale/platform-nest-runtime';
import { createKeyStore, followKeys } from '@telltale/auth';
import { insightsService, REPLAYABLE_TOPICS } from '@telltale/services';
import { InsightsModule } from './insights.module';

export const insightsApp: ServiceApp = {
  service: insightsService,
  replays: REPLAYABLE_TOPICS,
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
