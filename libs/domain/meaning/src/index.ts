export { promptHash, toolCallHash } from './call-hash';
export { createIntents, type Intent, type Intents } from './intent';
export { languageOf } from './language';
export { hammingDistance, nearHash } from './near-hash';
export { turnOutcome, type TurnEvent, type TurnOutcome } from './turn-outcome';
