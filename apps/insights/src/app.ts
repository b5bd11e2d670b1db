import { createKeyRates, createKeyStore } from '@telltale/auth';
import { messageOf } from '@telltale/kernel';
import { settingsService } from '@telltale/pipeline-settings';
import { pipelineApp, type ServiceApp } from '@telltale/platform-nest-runtime';
import { insightsConfig, insightsService, REPLAYABLE_TOPICS } from '@telltale/services';
import { createSettings, followSettings, spreadSettings } from '@telltale/settings';
import { retryTransient } from '@telltale/streaming';
import { InsightsModule } from './insights.module';

export const insightsApp: ServiceApp = {
  service: insightsService,
  replays: REPLAYABLE_TOPICS,
  init: async ({ config, broker, rows, clock, logger, metrics, tracer, stopping, secrets }) => {
    const store = await followSettings({ broker, signal: stopping, clock, logger });
    const keys = createKeyStore(store);
    const settings = createSettings(store, broker, clock, secrets);
    const own = insightsConfig.parse(config);
    const rates = createKeyRates({
      service: 'insights',
      limits: { requestsPerSecond: own.INSIGHTS_KEY_REQUESTS_PER_SECOND, bytesPerSecond: own.INSIGHTS_KEY_BYTES_PER_SECOND },
      variables: { requests: 'INSIGHTS_KEY_REQUESTS_PER_SECOND', bytes: 'INSIGHTS_KEY_BYTES_PER_SECOND' },
      clock,
      metrics,
      logger,
    });
    const onRetry = (error: string) =>
      logger.warn('settings_not_spread', { error, runbook: 'docs/runbooks/backend-unreachable.md' });
    const spread = async (): Promise<void> => {
      const written = await retryTransient(() => spreadSettings(broker), {
        clock,
        caller: 'insights/settings',
        signal: stopping,
        onRetry,
      });
      if (written) logger.info('settings_spread', { records: written });
    };
    return {
      modules: [
        InsightsModule.register({
          broker,
          rows,
          clock,
          logger,
          metrics,
          tracer,
          keys,
          rates,
          settings,
          stopping,
          falsePositivesPerDay: own.DETECTOR_FALSE_POSITIVES_PER_DAY,
          mcpOrigins: own.INSIGHTS_MCP_ORIGINS.split(',')
            .map((origin) => origin.trim())
            .filter((origin) => origin !== ''),
        }),
      ],
      // A change that was cut off is in the first partition and may be missing in others.
      start: () => {
        spread().catch((error: unknown) => logger.error('settings_not_spread', { error: messageOf(error) }));
        return Promise.resolve(undefined);
      },
    };
  },
};

export const settingsApp = pipelineApp(settingsService, () => undefined);
