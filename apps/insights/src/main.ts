import { runMain } from '@telltale/platform-nest-runtime';
import { insightsApp } from './app';

void runMain([insightsApp]);
