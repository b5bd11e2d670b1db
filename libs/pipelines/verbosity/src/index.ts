export { verbosityConfig, type VerbosityConfig } from './config';
export { type VerbosityDeps, verbosityService } from './service';
