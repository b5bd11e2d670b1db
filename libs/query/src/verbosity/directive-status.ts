import { DAY_MS } from '@telltale/kernel';
import { z } from 'zod';
import { named } from '../define/definition';
import { defineQuery } from '../define/define-query';
import { count, isoTime } from '../define/row-fields';
import { filterBy, within } from '../define/where';

/** An instance acknowledges every 10 s; one that was not heard for so long is not there. */
const HEARD_WITHIN_S = 60;
const NOW = `fromUnixTimestamp64Milli({now:Int64}, 'UTC')`;

const status = named(
  'DirectiveStatus',
  z.object({
    directive_id: z.string(),
    class: z.string(),
    target: z.string().describe('JSON'),
    set: z.string().describe('JSON'),
    expires_at: isoTime,
    instances: count.describe('SDK instances of the target’s service that acknowledged anything in the last minute'),
    applied: count.describe('Of these, those that apply it'),
    pending: count.describe('Of these, those that have said nothing of it'),
    failed: count.describe('Of these, those that could not apply the set that they got last'),
    p50_ms: z.number().nullable().describe('From its issue to the acknowledgement of an instance: median'),
    p99_ms: z.number().nullable().describe('Likewise, 99th percentile'),
    hits: count.describe('Records that it changed'),
    drops: count.describe('Records that its limits dropped'),
    bytes: count.describe('Bytes sent because of it'),
  }),
);

export const listDirectiveStatus = defineQuery({
  name: 'listDirectiveStatus',
  about: 'Directives in force, and which instances of SDKs have applied them, how fast, and with what effect.',
  tag: 'verbosity',
  scope: 'read',
  path: '/api/directives/status',
  params: {},
  example: { since: '24h' },
  list: 'directives',
  row: status,
  limits: { rows: { fallback: 100, max: 1_000 }, range: { defaultMs: DAY_MS, maxMs: 31 * DAY_MS } },
  order: () => [{ column: 'directive_id', type: 'text' }],
  sql: (_, period, now) => {
    const { where: issued, params } = within(filterBy({}), 'issued_at', period);
    const { where: received } = within(filterBy({}), 'received_at', period);
    return {
      sql: `WITH l.here AND d.service IN ('', l.service) AS is_of_target
        SELECT d.id AS directive_id, any(d.class) AS class, any(d.target) AS target, any(d.set) AS set, any(d.expires_at) AS expires_at,
          countIf(is_of_target) AS instances,
          countIf(is_of_target AND a.here) AS applied,
          countIf(is_of_target AND NOT a.here AND l.last_status = 'failed') AS failed,
          toUInt64(instances - applied - failed) AS pending,
          if(countIf(a.here) = 0, NULL, quantileExactIf(0.5)(dateDiff('millisecond', d.issued_at, a.first_at), a.here)) AS p50_ms,
          if(countIf(a.here) = 0, NULL, quantileExactIf(0.99)(dateDiff('millisecond', d.issued_at, a.first_at), a.here)) AS p99_ms,
          sum(a.hits) AS hits, sum(a.drops) AS drops, sum(a.bytes) AS bytes
        FROM (SELECT id, class, target, set, issued_at, expires_at, JSONExtractString(target, 'service_name') AS service, 1 AS one
          FROM (SELECT id, class, target, set, issued_at, expires_at, state FROM telltale.directives WHERE ${issued}
            ORDER BY changed_at DESC, state = 'raised' LIMIT 1 BY id)
          WHERE state IN ('raised', 'extended') AND expires_at > ${NOW}) AS d
        LEFT JOIN (SELECT instance, any(service_name) AS service, argMax(status, received_at) AS last_status, true AS here, 1 AS one
          FROM telltale.directive_acks WHERE ${received} AND directive_id = '' AND received_at >= ${NOW} - toIntervalSecond(${HEARD_WITHIN_S})
          GROUP BY instance) AS l ON d.one = l.one
        LEFT JOIN (SELECT directive_id, instance, minIf(received_at, is_first) AS first_at, sum(hits) AS hits, sum(drops) AS drops, sum(bytes) AS bytes, true AS here
          FROM telltale.directive_acks WHERE ${received} AND directive_id != '' GROUP BY directive_id, instance) AS a ON d.id = a.directive_id AND l.instance = a.instance
        GROUP BY d.id`,
      params: { ...params, now },
    };
  },
});
