export { isFailed, isOfTurn, isPaid, type Operation, turnIdOf } from './operation';
export { repeatedCalls } from './work-in-turn';
export { type CallInTurn, callsOfTurn, type OperationInTurn } from './calls-of-turn';
export { type AboutTurn, finishOf, startOf, turnOf } from './turn-of';
export { type TurnEvent, turnEvent } from './turn-event';
export { addEvent, addOperation, type Claim, eventsIn, makesTurn, newTurn, type TurnState } from './turn-state';
export {
  joinSessionParts,
  mergedSession,
  NO_JOURNEY,
  NO_SETTING,
  type SessionJourney,
  type SessionPart,
  sessionOf,
  sessionPartOf,
} from './session';
export {
  type Continuing,
  beginnersAfter,
  continuedConversations,
  conversationsOf,
  derivedSessionId,
  SESSION_GAP_MS,
} from './conversations';
