export { type EnricherConfig, enricherConfig } from './config';
export { estimateUsage } from './estimate-usage';
export { type EnrichOptions, type OtlpDecoder, type OtlpDecoders } from './options';
export { type EnricherDeps, enricherService } from './service';
export { MAX_QUESTION_ITEMS, type StoredEvents, type StoredQuestion } from './stored-events';
