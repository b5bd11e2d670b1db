import { runMain } from '@telltale/platform-nest-runtime';
import { insightsService } from './service';

void runMain([insightsService]);
