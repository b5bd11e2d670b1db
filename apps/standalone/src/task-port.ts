import { type TaskPort } from '@telltale/streaming';
import { type MessagePort, type Worker } from 'node:worker_threads';

export const taskPortOf = (end: Pick<Worker | MessagePort, 'postMessage' | 'on'>): TaskPort => ({
  send: (message, transfer) => end.postMessage(message, transfer),
  receive: (listener) => void end.on('message', listener),
});
