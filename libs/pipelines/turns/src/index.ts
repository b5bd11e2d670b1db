export { sessionsConfig, turnsConfig } from './config';
export { sessionsService, turnsService } from './service';
