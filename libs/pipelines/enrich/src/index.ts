export { createEnrichStage } from './enrich-stage';
export { estimateUsage } from './estimate-usage';
export { type EnrichOptions, type OtlpDecoder, type OtlpDecoders } from './options';
export { type StoredEvents, type StoredQuestion } from './stored-events';
export { type EnrichSettings, enrichSettings } from './settings';
