import { runMain } from '@telltale/platform-nest-runtime';
import { incidentsApp } from './app';

void runMain([incidentsApp]);
