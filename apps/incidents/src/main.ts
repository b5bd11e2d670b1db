import { runMain } from '@telltale/platform-nest-runtime';
import { incidentsService } from './service';

void runMain([incidentsService]);
