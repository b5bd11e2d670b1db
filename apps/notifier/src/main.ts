import { runMain } from '@telltale/platform-nest-runtime';
import { notifierApp, senderApp } from './app';

void runMain([notifierApp, senderApp]);
