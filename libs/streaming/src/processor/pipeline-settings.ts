import { type z } from 'zod';

/** Settings of a pipeline, which the intents of its batches carry as text. */
export interface Settings<T> {
  /** The same for the same settings. */
  readonly text: string;
  /** Those that `text` says; the pipeline's own where it is left out. */
  under(text?: string): T;
}

/** `schema` reads what a process of another version wrote: it must have defaults for what is new. */
export function createSettings<T>(schema: z.ZodType<T>, own: T): Settings<T> {
  const text = JSON.stringify(own);
  return { text, under: (intentSettings = text) => (intentSettings === text ? own : schema.parse(JSON.parse(intentSettings))) };
}
