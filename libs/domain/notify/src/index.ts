export { type RetryRules } from './backoff';
export {
  holdReminder,
  onAcknowledged,
  onAlert,
  onLostRequest,
  onResult,
  onTest,
  remind,
  nextAt,
  type ResultStep,
} from './lifecycle';
export { type Notification } from './notification';
export { mailFor } from './render/email';
export { type RequestParts } from './render/message';
export { messageFor } from './render/render';
export { dedupeKeyOf, isFor } from './routing';
