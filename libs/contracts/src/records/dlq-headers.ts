import { z } from 'zod';
import { text } from './fields';

/** Headers of `telltale.dlq.v1`; the value is the input's bytes, encrypted. */
export const dlqHeaders = z.object({
  'x-dlq-reason': text,
  'x-dlq-service': text,
  'x-dlq-step': text,
  'x-dlq-topic': text,
  'x-dlq-partition': text,
  'x-dlq-offset': text,
  'x-dlq-timestamp': text,
  'x-dlq-error': text.describe('Never holds content'),
});
export type DlqHeaders = z.infer<typeof dlqHeaders>;
