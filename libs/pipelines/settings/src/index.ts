export { settingsService } from './service';
