import { runMain } from '@telltale/platform-nest-runtime';
import { budgetsApp, costsApp, wasteApp } from './app';

void runMain([costsApp, wasteApp, budgetsApp]);
