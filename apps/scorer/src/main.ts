import { runMain } from '@telltale/platform-nest-runtime';
import { scorerService } from './service';

void runMain([scorerService]);
