import { z } from 'zod';
import { named } from '../define/definition';
import { defineQuery } from '../define/define-query';
import { DIMENSIONS } from './dimensions';
import { LEFT_OUT } from './left-out';
import { AGGREGATIONS, MEASURES, UNITS } from './measures';
import { FIELD_TABLES } from './tables';

const tables = z.array(z.enum(FIELD_TABLES)).describe('Tables that have it; events_core is faster to read than events');
const dimension = named(
  'Dimension',
  z.object({
    name: z.string(),
    about: z.string(),
    type: z.enum(['text', 'boolean', 'time', 'number']),
    values: z.array(z.string()).optional().describe('All values there are; absent where they are free'),
    cardinality: z.enum(['few', 'many']).describe('many: to filter by, or to group by with a limit'),
    tables,
  }),
);
const measure = named(
  'Measure',
  z.object({
    name: z.string(),
    about: z.string(),
    unit: z.enum(UNITS),
    aggregations: z.array(z.enum(AGGREGATIONS)).describe('Those that mean something'),
    kinds: z.array(z.string()).optional().describe('Kinds of events that have it; absent: every kind'),
    tables,
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
