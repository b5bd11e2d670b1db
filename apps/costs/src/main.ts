import { runMain } from '@telltale/platform-nest-runtime';
import { costsApp } from './app';

void runMain([costsApp]);
