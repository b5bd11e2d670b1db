import { TOPICS } from '@telltale/contracts';
import { type Stage } from '@telltale/streaming';
import { createSettings } from '@telltale/streaming';
import { type ScorerConfig, scorerConfig } from './config';
import { createScoreTask } from './score-task';

export { scorerConfig, type ScorerConfig };

/** measures, detector settings → windows → baselines → anomalies. `partitions`: how many there are in all. */
export function createScoreStage(config: ScorerConfig = scorerConfig.parse({}), partitions = 1): Stage {
  const settings = createSettings(scorerConfig, config);
  return {
    name: 'scorer',
    groupId: 'telltale.scorer',
    inputs: [TOPICS.detectorSettings.name, TOPICS.measures.name],
    stateTopic: TOPICS.scorerState.name,
    outputs: [TOPICS.anomalies.name],
    settings: settings.text,
    createTask: (partition, restored, intentSettings) =>
      createScoreTask(settings.under(intentSettings), { partition, partitions }, restored),
  };
}
