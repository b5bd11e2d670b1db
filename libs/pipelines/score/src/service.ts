import { TOPICS } from '@telltale/contracts';
import { createSettings, defineService } from '@telltale/streaming';
import { type ScorerConfig, scorerConfig } from './config';
import { createScoreTask } from './pipeline';

export interface ScorerDeps {
  /** Tasks of the service in all: each has its share of a tenant's budget of false alarms. */
  readonly partitions: number;
}

export const scorerService = defineService({
  name: 'scorer',
  about: 'Learns a baseline for every series, and reports anomalies within a budget of false alarms.',
  httpPort: 4332,
  inputs: [TOPICS.detectorSettings, TOPICS.measures],
  outputs: [TOPICS.anomalies],
  tables: ['series_windows', 'anomalies', 'detector_overrides'],
  state: TOPICS.scorerState,
  config: scorerConfig,
  pipeline(config: ScorerConfig, { partitions }: ScorerDeps) {
    const settings = createSettings(scorerConfig, config);
    return {
      settings: settings.text,
      createTask: (partition, restored, intentSettings) =>
        createScoreTask(settings.under(intentSettings), { partition, partitions }, restored),
    };
  },
});
