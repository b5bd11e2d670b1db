import { serveTasks } from '@telltale/streaming';
import { parentPort, workerData } from 'node:worker_threads';
import { taskPortOf } from './task-port';
import { THREADED, type ThreadData } from './threaded-services';

// The whole of the thread that `startTaskThread` starts.
const clock = { monotonic: () => performance.now() };
if (!parentPort) throw new Error('this runs as a thread of standalone');
const data = workerData as ThreadData;
serveTasks(
  taskPortOf(parentPort),
  (name) => {
    const open = THREADED[name];
    if (!open) throw new Error(`no service ${name} runs in this thread`);
    return open(data);
  },
  clock,
);
