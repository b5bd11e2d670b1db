import { EVENT_KINDS } from '@telltale/contracts';
import { HOUR_MS } from '@telltale/kernel';
import { z } from 'zod';
import { named } from '../define/definition';
import { defineQuery } from '../define/define-query';
import { choice, text, type Period } from '../define/params';
import { count } from '../define/row-fields';
import { filterBy, within } from '../define/where';
import { scopeOfTarget } from './scope';

/** An instance acknowledges every 10 s; one that was not heard for so long is not there. */
const HEARD_WITHIN_MS = 60_000;

const answer = named(
  'DirectivePreviewAnswer',
  z.object({
    events: count.describe('Events of the last hour that the target is about'),
    turns: count.describe('Turns that they belong to'),
    logs: count.describe('Log lines among them'),
    services: z.array(z.string()).describe('Services that they come from, ten at most'),
    instances: count.describe('Instances of SDKs, of the service that is named or all, that were heard in the last minute'),
    without_sdk: z.boolean().describe('Whether there are events and no instance: nobody would apply it'),
    held_back: count.describe('Records that these instances did not send in the last minute'),
  }),
);

export const previewDirective = defineQuery({
  name: 'previewDirective',
  about:
    'What a directive with this target would be about: stored events of the last hour, and the instances of SDKs that are there to apply it.',
  tag: 'verbosity',
  scope: 'read',
  path: '/api/directives/preview',
  params: {
    service_name: text('Only this service').optional(),
    deployment_environment: text('Only this environment').optional(),
    service_version: text('Only this version').optional(),
    kind: choice(EVENT_KINDS, 'Only events of this kind').optional(),
    name: text('Only operations of this name').optional(),
    tool_name: text('Only this tool').optional(),
    model: text('Only calls of this model').optional(),
    session_id: text('Only this session').optional(),
  },
  example: { service_name: 'shop', tool_name: 'search' },
  answer,
  run: async (target, { rowsOf, clock }) => {
    const now = clock.now();
    const { condition, params } = scopeOfTarget(target);
    const over = (column: string, period: Period) => within(filterBy({}), column, period);
    const stored = over('ts', { since: now - HOUR_MS, until: now + HOUR_MS });
    const [found] = await rowsOf({
      sql: `SELECT count() AS events, uniqIf(trace_id, trace_id != '') AS turns, countIf(kind = 'log') AS logs, arraySort(groupUniqArray(10)(service_name)) AS services
        FROM telltale.events_core WHERE ${stored.where}${condition}`,
      params: { ...stored.params, ...params },
    });
    const heard = within(filterBy({ directive_id: '', service_name: target.service_name }), 'received_at', {
      since: now - HEARD_WITHIN_MS,
      until: now + HOUR_MS,
    });
    const [acks] = await rowsOf({
      sql: `SELECT uniqExact(instance) AS instances, sum(hits) AS held_back FROM telltale.directive_acks WHERE ${heard.where}`,
      params: heard.params,
    });
    const [events, instances] = [Number(found?.['events'] ?? 0), Number(acks?.['instances'] ?? 0)];
    return {
      events,
      turns: Number(found?.['turns'] ?? 0),
      logs: Number(found?.['logs'] ?? 0),
      services: (found?.['services'] ?? []) as string[],
      instances,
      without_sdk: events > 0 && instances === 0,
      held_back: Number(acks?.['held_back'] ?? 0),
    } satisfies z.infer<typeof answer>;
  },
});
