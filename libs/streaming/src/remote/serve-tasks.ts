import { type Clock } from '@telltale/kernel';
import { createStepTimer } from '../pipeline/step-timer';
import { type TaskProcessor } from '../processor/task-processor';
import { type ServicePipeline } from '../service/define-service';
import { unpackValues } from './packed-values';
import { memoryOf, packEffects, type TaskAnswer, type TaskName, type TaskPort, type TaskRequest, unpackRecords } from './task-messages'; // prettier-ignore

const keyOf = ({ service, partition }: TaskName): string => `${service}/${partition}`;

/** Holds tasks for another thread, and answers each request by one message. `pipelineOf` throws for a service that is not here. */
export function serveTasks(
  port: TaskPort,
  pipelineOf: (service: string) => ServicePipeline,
  clock: Pick<Clock, 'monotonic'>,
): void {
  const tasks = new Map<string, TaskProcessor>();

  function create(request: Extract<TaskRequest, { kind: 'create' }>): void {
    const { task, keys, settings } = request;
    const values = unpackValues(request.restored) as Buffer[];
    const restored = new Map(keys.map((key, i) => [key, values[i] as Buffer]));
    // The one before it of this name is over.
    tasks.delete(keyOf(task));
    tasks.set(keyOf(task), pipelineOf(task.service).createTask(task.partition, restored, settings));
  }
  function taskOf(name: TaskName): TaskProcessor {
    const task = tasks.get(keyOf(name));
    if (!task) throw new Error(`there is no task ${keyOf(name)}`);
    return task;
  }

  async function answer(request: TaskRequest): Promise<TaskAnswer> {
    const { call } = request;
    if (request.kind === 'create') {
      create(request);
      return { call, kind: 'done' };
    }
    const task = taskOf(request.task);
    if (request.kind === 'due') return { call, kind: 'due', due: await task.due(request.now) };
    const records = unpackRecords(request.records);
    const timer = request.timed ? createStepTimer(clock) : null;
    const effects = await task.process(records, timer ? { ...request.batch, timer } : request.batch);
    return { call, kind: 'effects', effects: packEffects(effects, records), steps: timer?.take() ?? [] };
  }

  port.receive((message) => {
    const request = message as TaskRequest;
    answer(request).then(
      (done) => port.send(done, done.kind === 'effects' ? memoryOf(done.effects) : []),
      (error: unknown) => {
        const failed: TaskAnswer = {
          call: request.call,
          kind: 'failed',
          error: error instanceof Error ? (error.stack ?? error.message) : String(error),
        };
        port.send(failed, []);
      },
    );
  });
}
