export { createEnrichStage } from './enrich-stage';
export { estimateUsage } from './estimate-usage';
export { type EnrichOptions, type OtlpDecoder, type OtlpDecoders } from './options';
export { type EnrichSettings, enrichSettings } from './settings';
