export { incidentsService } from './service';
