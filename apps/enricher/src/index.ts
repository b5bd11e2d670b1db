export { enricherService } from './service';
