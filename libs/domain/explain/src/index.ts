export { callsIn, type Conversation, type Ending, type Step, type ToolCall } from './conversation';
export { explainConversation, type Explanation } from './explain';
export { CAUSES, type Cause, type Finding, type Similar } from './finding';
export { mineFacts } from './mine-facts';
export { conversationOfEvents, endingOf, lastText, type StoredEvent } from './from-events';
export { conversationOf } from './read-messages';
export { type Outline, outlineOf, similarTo } from './similar';
export { type Facts, joinFacts, type ToolFacts } from './tool-facts';
export { isHandOver, isWrite } from './tool-kind';
