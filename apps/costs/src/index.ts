export { costsService } from './service';
