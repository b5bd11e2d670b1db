import { type LogRecord } from '../ports/broker';
import { type BatchContext, type TaskProcessor } from '../processor/task-processor';
import { type ServicePipeline } from '../service/define-service';
import { packValues } from './packed-values';
import { packRecords, type TaskAnswer, type TaskName, type TaskPort, type TaskRequest, unpackEffects } from './task-messages';

/** Tasks that another thread holds (`serveTasks`). Reading, inserting and committing stay in this one. */
export interface RemoteTasks {
  /** As that of the service's pipeline; what goes wrong there, the first batch tells. */
  createTask(service: string, ...given: Parameters<ServicePipeline['createTask']>): TaskProcessor;
  /** The other thread is gone: rejects what waits for it, and everything from now on. */
  lost(error: Error): void;
}

type Distributed<T> = T extends unknown ? Omit<T, 'call'> : never;
interface Waiting {
  resolve(answer: TaskAnswer): void;
  reject(error: Error): void;
}

export function createRemoteTasks(port: TaskPort): RemoteTasks {
  const waiting = new Map<number, Waiting>();
  let calls = 0;
  let gone: Error | null = null;

  port.receive((message) => {
    const answer = message as TaskAnswer;
    const { resolve, reject } = waiting.get(answer.call) ?? {};
    waiting.delete(answer.call);
    if (answer.kind === 'failed') reject?.(new Error(`in the thread of tasks: ${answer.error}`));
    else resolve?.(answer);
  });

  function ask(request: Distributed<TaskRequest>, transfer: readonly ArrayBuffer[]): Promise<TaskAnswer> {
    if (gone) return Promise.reject(gone);
    const call = ++calls;
    return new Promise((resolve, reject) => {
      waiting.set(call, { resolve, reject });
      port.send({ ...request, call }, transfer);
    });
  }
  async function process(task: TaskName, records: readonly LogRecord[], { timer, ...batch }: BatchContext) {
    const packed = packRecords(records);
    const timed = timer !== undefined;
    const answer = await ask({ kind: 'process', task, records: packed, batch, timed }, [packed.values.bytes]);
    if (answer.kind !== 'effects') throw new TypeError(`a batch was answered with ${answer.kind}`);
    for (const [step, ms] of answer.steps) timer?.add(step, ms);
    return unpackEffects(answer.effects, records);
  }
  async function due(task: TaskName, now: number): Promise<boolean> {
    const answer = await ask({ kind: 'due', task, now }, []);
    return answer.kind === 'due' && answer.due;
  }

  return {
    createTask(service, partition, restored, settings) {
      const task = { service, partition };
      const packed = packValues([...restored.values()]);
      const created = ask({ kind: 'create', task, keys: [...restored.keys()], restored: packed, settings }, [packed.bytes]);
      created.catch(() => undefined);
      return {
        process: (records, batch) => created.then(() => process(task, records, batch)),
        due: (now) => created.then(() => due(task, now)),
      };
    },
    lost(error) {
      gone = error;
      for (const { reject } of waiting.values()) reject(error);
      waiting.clear();
    },
  };
}
