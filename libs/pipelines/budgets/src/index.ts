export { budgetsConfig } from './config';
export { budgetsService } from './service';
