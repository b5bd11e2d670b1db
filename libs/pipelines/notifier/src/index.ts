export { notifierConfig } from './config';
export { notifierService } from './service';
