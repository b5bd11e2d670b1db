export { errorFingerprint, type Fault } from './error-fingerprint';
export { logTemplate } from './log-template';
