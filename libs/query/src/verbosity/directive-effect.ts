import { HOUR_MS, isoTime as isoTimeOf } from '@telltale/kernel';
import { z } from 'zod';
import { ApiError } from '../define/api-error';
import { named, type RowsOf } from '../define/definition';
import { defineQuery } from '../define/define-query';
import { withIsoTimes } from '../define/iso-times';
import { text, type Period } from '../define/params';
import { count, isoTime } from '../define/row-fields';
import { filterBy, within } from '../define/where';
import { scopeOfTarget, targetIn } from './scope';

const MAX_INSTANCES = 200;
const MAX_FOUND = 50;
/** What an SDK holds back is older than the boost that flushes it; what it sends last comes after its end. */
const AFTER_MS = 60_000;
/** A longer one is compared over its first hour, for what was sent in full is read. */
const LONGEST_MS = HOUR_MS;

const captured = z.object({
  events: count.describe('Stored events'),
  turns: count.describe('Turns that they belong to'),
  logs: count.describe('Log lines'),
  detailed_logs: count.describe('Log lines of severity debug and trace'),
  with_content: count.describe('Operations with an input, output, arguments or result'),
  failed: count,
});
type Captured = z.infer<typeof captured>;

const answer = named(
  'DirectiveEffectAnswer',
  z.object({
    id: z.string(),
    since: isoTime.describe('When it was issued'),
    until: isoTime.describe('When it ended, or now'),
    is_over: z.boolean(),
    because: captured
      .extend({
        from_ring: count.describe('Held back by an SDK, and sent after all'),
        raised: count.describe('Stored in more detail than usual: verbosity_level debug or full'),
        by_kind: z.record(z.string(), count),
      })
      .describe('What names the directive: it changed whether or how these were sent'),
    scope: z
      .object({
        before: captured.describe('In as long a time before'),
        during: captured,
        seconds: z.number().describe('How long each of the two is: as long as it held, an hour at most'),
        wider_than_target: z
          .array(z.string())
          .describe('Fields of the target that stored events do not have: more is counted than it applies to'),
      })
      .nullable()
      .describe('What was stored of its target; null where the target cannot be read'),
    instances: z
      .array(
        z.object({
          instance: z.string(),
          sdk: z.string(),
          service_name: z.string(),
          applied_after_ms: z.number().nullable().describe('From its issue; null: the instance has not applied it'),
          last_at: isoTime.describe('When it was last heard of this directive'),
          hits: count.describe('Records that the directive changed'),
          drops: count.describe('Records that its limits dropped'),
          bytes: count.describe('Bytes sent because of it'),
        }),
      )
      .describe(`Of SDKs, those that reported most first; ${MAX_INSTANCES} at most`),
    evidence: z
      .array(
        z.object({
          id: z.string(),
          kind: z.enum(['anomaly', 'incident']),
          title: z.string(),
          state: z.string(),
          at: isoTime,
          use: z.enum(['rests_on', 'served']).describe('rests_on: it was raised for it; served: open about its target while detail came'),
        }),
      )
      .describe('Anomalies and incidents; those that it served are known once it is over'),
  }),
); // prettier-ignore

const COUNTS = `count() AS events, uniqIf(trace_id, trace_id != '') AS turns, countIf(kind = 'log') AS logs, countIf(kind = 'log' AND severity IN ('debug', 'trace')) AS detailed_logs,
  countIf(kind != 'log' AND (input != '' OR output != '' OR tool_arguments != '' OR tool_result != '')) AS with_content, countIf(status = 'error') AS failed`;

const numbers = <T extends string>(row: Readonly<Record<string, unknown>> | undefined, names: readonly T[]) =>
  Object.fromEntries(names.map((name) => [name, Number(row?.[name] ?? 0)])) as Record<T, number>;
const NAMES = Object.keys(captured.shape) as (keyof Captured)[];

async function because(rowsOf: RowsOf, id: string, period: Period) {
  const { where, params } = within(filterBy({}), 'ts', period);
  const [row] = await rowsOf({
    sql: `SELECT ${COUNTS}, countIf(from_ring) AS from_ring, countIf(verbosity_level IN ('debug', 'full')) AS raised, sumMap(map(toString(kind), toUInt64(1))) AS by_kind
      FROM telltale.events WHERE ${where} AND has(directive_ids, {id:String})`,
    params: { ...params, id },
  });
  const byKind = Object.entries((row?.['by_kind'] ?? {}) as Record<string, unknown>);
  return {
    ...numbers(row, [...NAMES, 'from_ring', 'raised']),
    by_kind: Object.fromEntries(byKind.map(([kind, events]) => [kind, Number(events)])),
  };
}

/** What was stored of the target while it held, and in as long a time before. */
async function scopeCounts(rowsOf: RowsOf, target: unknown, { since, until }: Period) {
  const parsed = targetIn(target);
  if (!parsed) return null;
  const { condition, params, wider } = scopeOfTarget(parsed);
  const long = Math.min(LONGEST_MS, until - since);
  const count = async (period: Period): Promise<Captured> => {
    const range = within(filterBy({}), 'ts', period);
    const sql = `SELECT ${COUNTS} FROM telltale.events WHERE ${range.where}${condition}`;
    const [row] = await rowsOf({ sql, params: { ...range.params, ...params } });
    return numbers(row, NAMES);
  };
  return {
    before: await count({ since: since - long, until: since }),
    during: await count({ since, until: since + long }),
    seconds: Math.round(long / 1_000),
    wider_than_target: [...wider],
  };
}

async function instancesOf(rowsOf: RowsOf, id: string, issued: number) {
  const { where, params } = filterBy({ directive_id: id });
  const found = await rowsOf({
    sql: `SELECT instance, any(sdk) AS sdk, any(service_name) AS service_name, countIf(is_first) > 0 AS has_applied,
        dateDiff('millisecond', fromUnixTimestamp64Milli({issued:Int64}, 'UTC'), minIf(received_at, is_first)) AS after_ms, max(received_at) AS last_at, sum(hits) AS hits, sum(drops) AS drops, sum(bytes) AS bytes
      FROM telltale.directive_acks WHERE ${where} GROUP BY instance ORDER BY hits DESC, instance LIMIT ${MAX_INSTANCES}`,
    params: { ...params, issued },
  });
  return found.map(withIsoTimes).map((row) => ({
    instance: String(row['instance']),
    sdk: String(row['sdk']),
    service_name: String(row['service_name']),
    applied_after_ms: row['has_applied'] ? Number(row['after_ms']) : null,
    last_at: String(row['last_at']),
    ...numbers(row, ['hits', 'drops', 'bytes']),
  }));
}

function restsOn(evidence: unknown): string[] {
  try {
    const { anomaly_id: anomaly, incident_id: incident } = JSON.parse(String(evidence)) as Record<string, unknown>;
    return [anomaly, incident].filter((id): id is string => typeof id === 'string' && id !== '');
  } catch {
    return [];
  }
}

async function evidenceOf(rowsOf: RowsOf, rests: readonly string[], served: readonly string[]) {
  const ids = [...new Set([...rests, ...served])].slice(0, 2 * MAX_FOUND);
  if (ids.length === 0) return [];
  const found = await rowsOf({
    sql: `SELECT id, 'anomaly' AS kind, summary AS title, state, started_at AS at FROM (SELECT * FROM telltale.anomalies WHERE tenant = {tenant:String} AND id IN {ids:Array(String)} ORDER BY state = 'closed' DESC, windows DESC LIMIT 1 BY id)
      UNION ALL SELECT id, 'incident' AS kind, title, state, opened_at AS at FROM (SELECT * FROM telltale.incidents WHERE tenant = {tenant:String} AND id IN {ids:Array(String)} ORDER BY updated_at DESC, state = 'closed' DESC LIMIT 1 BY id)`,
    params: { ids },
  });
  return found.map(withIsoTimes).map((row) => ({
    id: String(row['id']),
    kind: row['kind'] === 'incident' ? ('incident' as const) : ('anomaly' as const),
    title: String(row['title']),
    state: String(row['state']),
    at: String(row['at']),
    use: rests.includes(String(row['id'])) ? ('rests_on' as const) : ('served' as const),
  }));
}

export const getDirectiveEffect = defineQuery({
  name: 'getDirectiveEffect',
  about:
    'What a directive brought: events that were stored because of it, what was stored of its target in the time before beside it, which instances of SDKs applied it and how soon, and the anomalies and incidents that had its detail.',
  tag: 'verbosity',
  scope: 'read',
  path: '/api/directives/{id}/effect',
  params: { id: text('Id of the directive') },
  example: { id: 'd1' },
  missing: 'there is no directive of this id',
  answer,
  run: async ({ id }, { rowsOf, clock }) => {
    const { where, params } = filterBy({ id });
    const [stored] = await rowsOf({
      sql: `SELECT target, evidence, issued_at, expires_at, state, changed_at, evidence_for FROM telltale.directives WHERE ${where} ORDER BY changed_at DESC, state = 'raised' LIMIT 1`,
      params,
    });
    if (!stored)
      throw new ApiError('not_found', `there is no directive ${id.slice(0, 80)}`, { parameter: 'id', fix: 'GET /api/directives lists them' }); // prettier-ignore
    const row = withIsoTimes(stored);
    const [issued, expires, changed] = ['issued_at', 'expires_at', 'changed_at'].map((name) => Date.parse(String(row[name]))) as [number, number, number]; // prettier-ignore
    const isEnded = row['state'] === 'expired' || row['state'] === 'revoked';
    const now = clock.now();
    const ends = isEnded ? Math.min(changed, expires) : Math.min(expires, now);
    const period = { since: issued, until: Math.max(ends, issued + 1) };
    const found = await because(rowsOf, id, { since: issued - HOUR_MS, until: period.until + AFTER_MS });
    return {
      id,
      since: isoTimeOf(period.since),
      until: isoTimeOf(period.until),
      is_over: isEnded || expires <= now,
      because: found,
      scope: await scopeCounts(rowsOf, row['target'], period),
      instances: await instancesOf(rowsOf, id, issued),
      evidence: await evidenceOf(
        rowsOf,
        restsOn(row['evidence']),
        (row['evidence_for'] as readonly string[]).slice(0, MAX_FOUND),
      ),
    } satisfies z.infer<typeof answer>;
  },
});
