export { createErrorFingerprints, type ErrorFingerprints, type Fault } from './error-fingerprint';
export { logTemplate } from './log-template';
