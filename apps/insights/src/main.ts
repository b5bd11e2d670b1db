import { runMain } from '@telltale/platform-nest-runtime';
import { insightsApp, settingsApp } from './app';

void runMain([insightsApp, settingsApp]);
