import { runMain } from '@telltale/platform-nest-runtime';
import { gatewayApp } from './app';

void runMain([gatewayApp]);
