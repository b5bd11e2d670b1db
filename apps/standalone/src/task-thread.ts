import { type ProcessConfig, type TaskThread } from '@telltale/platform-nest-runtime';
import { createRemoteTasks } from '@telltale/streaming';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import { taskPortOf } from './task-port';
import { THREADED, type ThreadData } from './threaded-services';

/** Beside every program of `dist/apps`. */
const BUNDLE = join(__dirname, '..', 'standalone', 'tasks.cjs');

/** Of what its tasks allocate nearly nothing outlives a batch: a quarter of what the program has is as fast, and 100 MB less. */
const SEMI_SPACE_MB = 16;
/** As `bin/telltale.cjs` starts the program. */
const PROGRAM_SEMI_SPACE_MB = 64;

/** The flag of the process holds over limits of a thread, and a thread reads it as it begins. */
function withSemiSpace(mb: number, start: () => Worker): Worker {
  setFlagsFromString(`--max-semi-space-size=${mb}`);
  const worker = start();
  worker.once('online', () => setFlagsFromString(`--max-semi-space-size=${PROGRAM_SEMI_SPACE_MB}`));
  return worker;
}

/** Starts a thread that holds the tasks of `THREADED`; null where these run from sources, of which there is no bundle. */
export function startTaskThread(config: ProcessConfig, measurePartitions: number, bundle = BUNDLE): TaskThread | null {
  if (!existsSync(bundle)) return null;
  const workerData: ThreadData = { config, measurePartitions };
  const worker = withSemiSpace(SEMI_SPACE_MB, () => new Worker(bundle, { workerData }));
  const tasks = createRemoteTasks(taskPortOf(worker));
  worker.on('error', (error) => tasks.lost(error));
  worker.on('exit', (code) => tasks.lost(new Error(`the thread of tasks ended with ${code}`)));
  return {
    ...tasks,
    services: Object.keys(THREADED),
    async close() {
      await worker.terminate();
    },
  };
}
