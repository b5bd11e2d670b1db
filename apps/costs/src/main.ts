import { runMain } from '@telltale/platform-nest-runtime';
import { costsService } from './service';

void runMain([costsService]);
