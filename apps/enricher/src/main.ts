import { runMain } from '@telltale/platform-nest-runtime';
import { enricherService } from './service';

void runMain([enricherService]);
