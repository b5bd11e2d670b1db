import { runMain } from '@telltale/platform-nest-runtime';
import { verbosityService } from './service';

void runMain([verbosityService]);
