export { createEnrichStage } from './enrich-stage';
export { benchEnrich, type EnrichFigures } from './enrich.bench';
export { estimateUsage } from './estimate-usage';
export { type EnrichOptions, type OtlpDecoder, type OtlpDecoders } from './options';
export { type EnrichSettings, enrichSettings } from './settings';
