import { runMain } from '@telltale/platform-nest-runtime';
import { sessionsApp, turnsApp } from './app';

void runMain([turnsApp, sessionsApp]);
