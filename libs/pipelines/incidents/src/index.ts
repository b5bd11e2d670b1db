export { incidentsConfig, type IncidentsConfig } from './config';
export { incidentsService } from './service';
