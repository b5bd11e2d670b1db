import { runMain } from '@telltale/platform-nest-runtime';
import { verbosityApp } from './app';

void runMain([verbosityApp]);
