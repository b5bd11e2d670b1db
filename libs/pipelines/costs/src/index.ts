export { costsService } from './service';
export { wasteConfig } from './waste/config';
export { wasteService } from './waste/service';
