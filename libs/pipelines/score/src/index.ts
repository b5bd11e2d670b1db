export { scorerConfig, type ScorerConfig } from './config';
export { type ScorerDeps, scorerService } from './service';
