export { scorerService } from './service';
