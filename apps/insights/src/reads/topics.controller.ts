import { Controller, Get, Inject, Query as QueryParams, Req, UseFilters, UseGuards } from '@nestjs/common';
import { ALL_TOPICS } from '@telltale/contracts';
import { consumersOf, lagOfGroups, producersOf } from '@telltale/services';
import { ApiErrorFilter } from '../api-error';
import { ApiKeyGuard, NeedsScope, type TenantRequest } from '../api-key.guard';
import { INSIGHTS, type InsightsDeps } from '../deps';
import { rejectUnknownParams, type Query } from '../parameters';

@Controller('api')
@UseGuards(ApiKeyGuard)
@NeedsScope('admin')
@UseFilters(ApiErrorFilter)
export class TopicsController {
  constructor(@Inject(INSIGHTS) private readonly deps: InsightsDeps) {}

  /** Every topic: what it is for, how much is in it, who lags. */
  @Get('topics')
  async topics(@Req() { tenant }: TenantRequest, @QueryParams() query: Query): Promise<{ topics: unknown[] }> {
    rejectUnknownParams(query, [], tenant);
    const { broker } = this.deps;
    const [infos, lags] = await Promise.all([broker.describe(ALL_TOPICS.map((topic) => topic.name)), lagOfGroups(broker)]);
    const byName = new Map(infos.map((info) => [info.name, info]));
    return {
      topics: ALL_TOPICS.map((topic) => {
        const { name, about, format, cleanupPolicy } = topic;
        const partitions = byName.get(name)?.partitions ?? [];
        return {
          name,
          about,
          format,
          cleanupPolicy,
          producers: producersOf(topic),
          consumers: consumersOf(topic),
          partitions: partitions.length,
          records: partitions.reduce((sum, { start, end }) => sum + (end - start), 0),
          end_offsets: partitions.map(({ end }) => end),
          lag: Object.fromEntries([...lags].flatMap(([service, lag]) => (lag.has(name) ? [[service, lag.get(name)]] : []))),
        };
      }),
    };
  }
}
