import { TOPICS } from '@telltale/contracts';
import { defineService, pipelineUnder } from '@telltale/streaming';
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
  inputs: [TOPICS.detectorSettings, TOPICS.wideAnomalies, TOPICS.measures],
  outputs: [TOPICS.anomalies, TOPICS.wideAnomalies],
  tables: ['series_windows', 'anomalies', 'detector_overrides'],
  state: TOPICS.scorerState,
  config: scorerConfig,
  pipeline: (config: ScorerConfig, { partitions }: ScorerDeps) =>
    pipelineUnder(scorerConfig, config, (settings, restored, partition) =>
      createScoreTask(settings, { partition, partitions }, restored),
    ),
});
