import { type z } from 'zod';
import { type ServicePipeline } from '../service/define-service';
import { type TaskProcessor } from './task-processor';

/**
 * A pipeline whose tasks run under settings, which the intents of its batches carry as text. `schema` reads what a process of another
 * version wrote: it must have defaults for what is new.
 */
export function pipelineUnder<T>(
  schema: z.ZodType<T>,
  own: T,
  createTask: (settings: T, restored: ReadonlyMap<string, Buffer>, partition: number) => TaskProcessor,
): ServicePipeline {
  const text = JSON.stringify(own);
  return {
    settings: text,
    createTask: (partition, restored, intentSettings = text) =>
      createTask(intentSettings === text ? own : schema.parse(JSON.parse(intentSettings)), restored, partition),
  };
}
