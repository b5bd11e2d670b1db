import { turnsService } from '@telltale/pipeline-turns';
import { runMain } from '@telltale/platform-nest-runtime';
import { sessionsApp, turnsApp } from './app';

// A process of several services has no port of its own by default; this one has that of turns.
process.env['HTTP_PORT'] ??= String(turnsService.httpPort);
void runMain([turnsApp, sessionsApp]);
