import { TOPICS } from '@telltale/contracts';
import { type Stage } from '@telltale/engine';
import { createSettings } from '../stream/settings';
import { type ScorerConfig, scorerConfig } from './config';
import { openScoreLane } from './score-lane';

export { scorerConfig, type ScorerConfig };

/** measures, tuning → windows → baselines → anomalies. `lanes`: how many there are in all. */
export function createScoreStage(config: ScorerConfig = scorerConfig.parse({}), lanes = 1): Stage {
  const settings = createSettings(scorerConfig, config);
  return {
    name: 'scorer',
    groupId: 'telltale.scorer',
    inputs: [TOPICS.tuning.name, TOPICS.measures.name],
    stateTopic: TOPICS.scorerState.name,
    outputs: [TOPICS.anomalies.name],
    settings: settings.text,
    openLane: (lane, restored, told) => openScoreLane(settings.under(told), { lane, lanes }, restored),
  };
}
