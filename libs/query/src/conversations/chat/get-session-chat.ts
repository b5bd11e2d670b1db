import { type TurnRecord, turnRow } from '@telltale/contracts';
import { simhash } from '@telltale/domain-conversation-analytics';
import { journeyStepOf, signsOfEach } from '@telltale/domain-journey';
import { z } from 'zod';
import { ApiError } from '../../define/api-error';
import { named, type RowsOf } from '../../define/definition';
import { defineQuery } from '../../define/define-query';
import { withIsoTimes } from '../../define/iso-times';
import { text, wholeNumberIn } from '../../define/params';
import { count, integer, isoTime } from '../../define/row-fields';
import { type Row, textOf } from '../../define/row-values';
import { columnsOf } from '../../define/where';
import { JOURNEY_COLUMNS, journeyFields, journeyOfRow } from '../../journeys/journey-row';
import { TURNS_OF_SESSION } from '../session';
import { SAID_COLUMNS, saidIn } from './said';

/** Turns of a session that are looked at, and of an answer. */
const MAX_TURNS = 1_000;
const MAX_SHOWN = 100;
const MAX_JUDGEMENTS = 200;

const said = z.object({ text: z.string(), is_shortened: z.boolean().describe('There is more of it: read_field has all') });
const counts = z.record(z.string(), count);
const turn = named(
  'TurnOfChat',
  z.object({
    turn_id: z.string(),
    event_id: z.string().describe('Of the event of the turn itself; empty where there is none'),
    ts: isoTime.describe('When it started'),
    duration_ms: z.number(),
    status: z.string(),
    error_type: z.string(),
    outcome: z.string(),
    outcome_reason: z.string(),
    intent: z.string(),
    language: z.string(),
    cues: z.array(z.string()).describe('What its words show'),
    asked: said,
    answered: said,
    signs: z.array(z.string()).describe('Signs of friction that this turn shows'),
    friction: z.number().nullable().describe('Of the session after it, 0 to 1; null beyond its first 100 turns'),
    calls: counts.describe('Operations by kind'),
    errors: counts.describe('Failed operations by kind'),
    tools: z.array(z.string()),
    retries: count,
    cost_nano_usd: integer.nullable(),
    unpriced_calls: count,
  }),
);
const judgement = named(
  'Judgement',
  z.object({
    id: z.string(),
    kind: z.string(),
    name: z.string(),
    ts: isoTime,
    turn_id: z.string().describe('Empty where it is of the session as a whole'),
    score_name: z.string(),
    score_value: z.number().nullable(),
    score_label: z.string(),
    comment: z.string().describe('First 200 characters'),
  }),
);

async function sessionOf(id: string, rowsOf: RowsOf): Promise<Row | null> {
  const [row] = await rowsOf({
    sql: `SELECT ${JOURNEY_COLUMNS}, derived, failed_turns, errors, last_outcome, cost_nano_usd AS total_cost_nano_usd, unpriced_calls, languages, models, versions
      FROM telltale.sessions FINAL WHERE tenant = {tenant:String} AND session_id = {id:String} AND turns > 0 ORDER BY revision DESC LIMIT 1`,
    params: { id },
  });
  return row ? withIsoTimes(journeyOfRow(row)) : null;
}

/** What was said in these turns, by trace: from the events of the turns themselves. */
async function eventsOf(turns: readonly TurnRecord[], rowsOf: RowsOf): Promise<ReadonlyMap<string, Row>> {
  if (turns.length === 0) return new Map();
  const starts = turns.map(({ ts }) => Date.parse(ts));
  const rows = await rowsOf({
    sql: `SELECT trace_id, id, ${SAID_COLUMNS} FROM telltale.events WHERE tenant = {tenant:String} AND kind = 'turn' AND trace_id IN {traces:Array(String)}
      AND ts >= fromUnixTimestamp64Milli({since:Int64}, 'UTC') AND ts <= fromUnixTimestamp64Milli({until:Int64}, 'UTC') ORDER BY ts, id LIMIT 1 BY trace_id`,
    params: {
      traces: turns.map(({ trace_id: trace }) => trace),
      since: Math.min(...starts),
      until: Math.max(...turns.map(({ duration_ms: ms }, i) => (starts[i] ?? 0) + ms)),
    },
  });
  return new Map(rows.map((row) => [textOf(row, 'trace_id'), row]));
}

function shown(row: TurnRecord, event: Row | undefined, signs: readonly string[], friction: number | null): Row {
  const { turn_id, ts, duration_ms, status, error_type, outcome, outcome_reason, intent, language, cues, calls, errors, tools, retries, cost_nano_usd, unpriced_calls } = row;
  return {
    turn_id, event_id: textOf(event ?? {}, 'id'), ts, duration_ms, status, error_type, outcome, outcome_reason, intent, language, cues,
    asked: saidIn(event, 'input', row.input_preview), answered: saidIn(event, 'output', row.output_preview), signs, friction, calls, errors, tools, retries, cost_nano_usd, unpriced_calls,
  };
} // prettier-ignore

export const getSessionChat = defineQuery({
  name: 'getSessionChat',
  about: 'One session as its user saw it: what was asked and answered in each turn, with the signs of friction, and how people and evaluators judged it.',
  tag: 'conversations',
  scope: 'read',
  path: '/api/sessions/{id}/chat',
  params: {
    id: text('session_id of the session'),
    offset: wholeNumberIn(0, MAX_TURNS, 'Turns before those that are shown, in order of time').default(0),
  },
  example: { id: 'ses-1' },
  missing: 'there is no session of this id',
  answer: named(
    'GetSessionChatAnswer',
    z.object({
      session_id: z.string(),
      session: named(
        'SessionOfChat',
        z.object({
          ...journeyFields,
          friction: z.number().nullable().describe('0: it went smoothly, 1: everything went wrong; null for a session that an earlier release began'),
          derived: z.boolean().describe('No producer named it'),
          failed_turns: count,
          errors: count.describe('Failed operations'),
          last_outcome: z.string(),
          total_cost_nano_usd: integer.nullable(),
          unpriced_calls: count,
          languages: z.array(z.string()),
          models: z.array(z.string()),
          versions: z.array(z.string()),
        }),
      ).nullable().describe('As last written; null until its first turn was quiet for a minute'),
      total: count.describe(`Turns of the session, at most ${MAX_TURNS}`),
      offset: count,
      turns: z.array(turn).describe(`In order of time, at most ${MAX_SHOWN}`),
      judgements: z.array(judgement).describe(`Feedback of people and scores of evaluators, at most ${MAX_JUDGEMENTS}`),
    }),
  ),
  limits: { maxRows: MAX_TURNS },
  run: async ({ id, offset }, { rowsOf }) => {
    const session = await sessionOf(id, rowsOf);
    const rows = await rowsOf({
      sql: `SELECT ${columnsOf(turnRow)} FROM telltale.turns FINAL WHERE tenant = {tenant:String} AND trace_id IN (${TURNS_OF_SESSION}) ORDER BY ts, turn_id LIMIT ${MAX_TURNS}`,
      params: { id },
    });
    if (!session && rows.length === 0) throw new ApiError('not_found', 'there is no session of this id', { fix: 'GET /api/sessions lists them' });
    const all = rows.map((row) => withIsoTimes(row) as unknown as TurnRecord);
    const signs = signsOfEach(all.map((one) => journeyStepOf(one, simhash(one.output_preview))));
    const steps = (session?.['steps'] ?? []) as readonly { readonly friction: number }[];
    const page = all.slice(offset, offset + MAX_SHOWN);
    const events = await eventsOf(page, rowsOf);
    const judgements = await rowsOf({
      sql: `SELECT id, kind, name, ts, trace_id AS turn_id, score_name, score_value, score_label, if(input_preview != '', input_preview, output_preview) AS comment FROM telltale.events_core
        WHERE tenant = {tenant:String} AND session_id = {id:String} AND kind IN ('feedback', 'evaluator') ORDER BY ts, id LIMIT ${MAX_JUDGEMENTS}`,
      params: { id },
    });
    return {
      session_id: id,
      session,
      total: all.length,
      offset,
      turns: page.map((one, i) => shown(one, events.get(one.trace_id), signs[offset + i] ?? [], steps[offset + i]?.friction ?? null)),
      judgements: judgements.map(withIsoTimes),
    };
  },
}); // prettier-ignore
