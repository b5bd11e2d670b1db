export { promptHash, toolCallHash } from './call-hash';
export { conversationHashes } from './conversation-hashes';
export { cuesOf } from './cues';
export { createIntents, type Intent, type Intents, type StoredIntent } from './intent';
export { languageOf } from './language';
export { promptBlockHashes } from './prompt-blocks';
export { simhash } from './simhash';
export {
  joinOutcomeFacts,
  NO_OUTCOME,
  type OutcomeFacts,
  outcomeFactsOf,
  outcomeOf,
  type TurnEvent,
  type TurnOutcome,
} from './turn-outcome';
