export { verbosityService } from './service';
