import { DAY_MS } from '@telltale/kernel';
import { z } from 'zod';
import { named } from '../define/definition';
import { defineQuery } from '../define/define-query';
import { choice, periodOf, rangeParams } from '../define/params';
import { count } from '../define/row-fields';
import { filterBy, within } from '../define/where';

const RANGE = { defaultMs: 7 * DAY_MS, maxMs: 400 * DAY_MS };
const FORMATS = ['native', 'openai-chat', 'otlp'] as const;
/** Of each format the condition, and what is one for one with what a producer sent. */
const OF_FORMAT = {
  native: { where: "ingest_format = 'native'", items: 'uniqExact(id)' },
  'openai-chat': { where: "ingest_format = 'openai-chat'", items: 'uniqExact(session_id)' },
  otlp: {
    where: "ingest_format IN ('otlp-traces', 'otlp-logs')",
    items: "uniqExactIf((trace_id, span_id), ingest_format = 'otlp-traces') + countIf(ingest_format = 'otlp-logs')",
  },
} as const;
const OF_ALL = { where: '1', items: 'uniqExact(id)' };

export const countEvents = defineQuery({
  name: 'countEvents',
  about: 'How many events arrived in a range of time, by kind.',
  tag: 'conversations',
  scope: 'read',
  path: '/api/events/count',
  params: { format: choice(FORMATS, 'Only what was sent in this format').optional(), ...rangeParams(RANGE) },
  example: { format: 'native', since: '1h' },
  answer: named(
    'CountEventsAnswer',
    z.object({
      events: count,
      items: count.describe('What producers sent, without what was made of it; ids where no format is given'),
      sessions: count,
      turns: count,
      llm: count,
      tool: count,
      tool_errors: count,
      failed_scores: count.describe('Events with score_label fail'),
    }),
  ),
  limits: { maxRangeMs: RANGE.maxMs },
  run: async ({ format, ...times }, { clock, rowsOf }) => {
    const { where, params } = within(filterBy({}), 'received_at', periodOf(times, clock.now(), RANGE));
    const chosen = format === undefined ? OF_ALL : OF_FORMAT[format];
    const sql = `SELECT count() AS events, ${chosen.items} AS items, uniqExactIf(session_id, session_id != '') AS sessions,
       countIf(kind = 'turn') AS turns, countIf(kind = 'llm') AS llm, countIf(kind = 'tool') AS tool, countIf(kind = 'tool' AND status = 'error') AS tool_errors,
       countIf(score_label = 'fail') AS failed_scores
     FROM telltale.events WHERE ${where} AND ${chosen.where}`;
    const [row = {}] = await rowsOf({ sql, params });
    return row;
  },
});
