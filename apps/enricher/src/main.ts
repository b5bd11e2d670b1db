import { runMain } from '@telltale/platform-nest-runtime';
import { enricherApp } from './app';

void runMain([enricherApp]);
