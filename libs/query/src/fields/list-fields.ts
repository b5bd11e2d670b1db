import { z } from 'zod';
import { named } from '../define/definition';
import { defineQuery } from '../define/define-query';
import { DIMENSIONS } from './dimensions';
import { LEFT_OUT } from './left-out';
import { AGGREGATIONS, MEASURES } from './measures';

const core = z.boolean().describe('It is in events_core, too, which is faster to read');
const dimension = named(
  'Dimension',
  z.object({
    name: z.string(),
    about: z.string(),
    type: z.enum(['text', 'boolean', 'time']),
    values: z.array(z.string()).optional().describe('All values there are; absent where they are free'),
    cardinality: z.enum(['few', 'many']).describe('many: to filter by, or to group by with a limit'),
    in_core: core,
  }),
);
const measure = named(
  'Measure',
  z.object({
    name: z.string(),
    about: z.string(),
    unit: z.enum(['events', 'ms', 'tokens', 'nano_usd', 'score', 'values']),
    aggregations: z.array(z.enum(AGGREGATIONS)).describe('Those that mean something'),
    kinds: z.array(z.string()).optional().describe('Kinds of events that have it; absent: every kind'),
    in_core: core,
  }),
);

export const listFields = defineQuery({
  name: 'listFields',
  about: 'The fields of events and turns: dimensions to filter and group by, measures with unit and aggregations.',
  tag: 'sql',
  scope: 'read',
  path: '/api/fields',
  params: {},
  example: {},
  answer: named(
    'ListFieldsAnswer',
    z.object({
      dimensions: z.array(dimension),
      measures: z.array(measure),
      left_out: z.record(z.string(), z.string()).describe('Columns that are neither, and why'),
    }),
  ),
  limits: { maxRows: DIMENSIONS.length + MEASURES.length },
  run: () => Promise.resolve({ dimensions: DIMENSIONS, measures: MEASURES, left_out: LEFT_OUT }),
});
