export { type Call, type Turn } from './call';
export { WASTE_FIXES } from './fixes';
export {
  addStats,
  type Alternative,
  cheaperAlternative,
  isAsGood,
  moreAnswered,
  NO_STATS,
  type OutcomeStats,
} from './outcome-stats';
export { PROMPT_CHANGES, type PromptChange, promptChange } from './prompt-change';
export { firstBlockOf } from './prompt-prefix';
export { wasteOfTurn } from './turn-waste';
export { type SeenTurn, type Surroundings, wasteAcrossTurns } from './waste-across-turns';
