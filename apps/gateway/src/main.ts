import { runMain } from '@telltale/platform-nest-runtime';
import { gatewayService } from './service';

void runMain([gatewayService]);
