import { Controller, Get, Inject, Query as QueryParams, Req, UseFilters, UseGuards } from '@nestjs/common';
import { ALL_TOPICS } from '@telltale/contracts';
import { type Broker } from '@telltale/streaming';
import { ApiErrorFilter } from '../api-error';
import { ApiKeyGuard, NeedsScope, type TenantRequest } from '../api-key.guard';
import { INSIGHTS, type InsightsDeps } from '../deps';
import { rejectUnknownParams, type Query } from '../parameters';
import { STAGES } from '../stage-names';

/** Records a group has not taken in yet, per topic it reads. */
async function lagOf(broker: Broker, service: string): Promise<Map<string, number>> {
  const topics = ALL_TOPICS.filter((topic) => topic.consumers.includes(service)).map((topic) => topic.name);
  const inputs = topics.filter((topic) => !topic.endsWith('.state.v1') && !topic.startsWith('telltale.settings.'));
  const [offsets, infos] = await Promise.all([broker.groupOffsets(`telltale.${service}`, inputs), broker.describe(inputs)]);
  return new Map(
    infos.map(({ name, partitions }) => {
      const committed = new Map((offsets.get(name) ?? []).map(({ partition, offset }) => [partition, offset]));
      return [
        name,
        partitions.reduce(
          (lag, { partition, start, end }) => lag + Math.max(0, end - Math.max(start, committed.get(partition) ?? start)),
          0,
        ),
      ];
    }),
  );
}

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
    const [infos, lags] = await Promise.all([
      broker.describe(ALL_TOPICS.map((topic) => topic.name)),
      Promise.all(STAGES.map(async (service) => [service, await lagOf(broker, service)] as const)),
    ]);
    const byName = new Map(infos.map((info) => [info.name, info]));
    return {
      topics: ALL_TOPICS.map(({ name, about, format, cleanupPolicy, producers, consumers }) => {
        const partitions = byName.get(name)?.partitions ?? [];
        return {
          name,
          about,
          format,
          cleanupPolicy,
          producers,
          consumers,
          partitions: partitions.length,
          records: partitions.reduce((sum, { start, end }) => sum + (end - start), 0),
          end_offsets: partitions.map(({ end }) => end),
          lag: Object.fromEntries(lags.flatMap(([service, lag]) => (lag.has(name) ? [[service, lag.get(name)]] : []))),
        };
      }),
    };
  }
}
