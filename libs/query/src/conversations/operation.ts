import { eventRecord } from '@telltale/contracts';
import { z } from 'zod';
import { named } from '../define/definition';

export const event = named('Event', eventRecord);

/** An event with what it called. */
export const operation = named(
  'Operation',
  z.object({
    ...eventRecord.shape,
    get operations(): z.ZodArray<z.ZodObject> {
      return z.array(operation).describe('What it called');
    },
  }),
);
