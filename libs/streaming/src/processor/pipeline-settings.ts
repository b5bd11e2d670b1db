import { type z } from 'zod';
import { type ServicePipeline } from '../service/define-service';
import { type TaskProcessor } from './task-processor';

/**
 * A pipeline whose tasks run under settings, which intents carry as text. `schema` reads texts of other versions too, so every new setting
 * needs a default.
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
