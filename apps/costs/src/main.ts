import { runMain } from '@telltale/platform-nest-runtime';
import { costsApp, wasteApp } from './app';

void runMain([costsApp, wasteApp]);
