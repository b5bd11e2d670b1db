export { createErrorFingerprints, type ErrorFingerprints, type Fault } from './error-fingerprint';
export { logTemplate } from './log-template';
export {
  createTemplateMiner,
  type LogTemplate,
  type MinerOptions,
  type StoredTemplate,
  type TemplateChange,
  type TemplateMiner,
} from './template-miner';
