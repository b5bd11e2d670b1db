import { runMain } from '@telltale/platform-nest-runtime';
import { scorerApp } from './app';

void runMain([scorerApp]);
