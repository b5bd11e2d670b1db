import { TOPICS } from '@telltale/contracts';
import { type Stage } from '@telltale/engine';
import { type ScorerConfig, scorerConfig } from './config';
import { openScoreLane } from './score-lane';

export { scorerConfig, type ScorerConfig };

/** measures → windows → baselines → anomalies. */
export function createScoreStage(config: ScorerConfig = scorerConfig.parse({})): Stage {
  return {
    name: 'scorer',
    groupId: 'telltale.scorer',
    inputs: [TOPICS.measures.name],
    stateTopic: TOPICS.scorerState.name,
    openLane: (_lane, restored) => openScoreLane(config, restored),
  };
}
